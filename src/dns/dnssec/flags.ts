/** The two header bits of DNSSEC, as a resolver sets and obeys them (RFC 4035 §3.2, RFC 6840 §5.7 to §5.9). */
import type { Message } from '../message.ts';
import type { Status } from './verdict.ts';

/** Whether the response to `query` says that its data are authentic (AD): they are, and the client has shown that it knows the bit. */
export const isAuthentic = (status: Status, query: Message): boolean =>
  status === 'secure' && (query.flags.ad || query.edns?.do === true);

/** Whether data must be kept back, SERVFAIL in their place: they are bogus, and the client does not want to check by itself (CD). */
export const isWithheld = (status: Status, query: Message): boolean => status === 'bogus' && !query.flags.cd;
