/** What a server answers without looking into its zones: queries it cannot or will not serve, and its own EDNS. */
import type { Explained, Reason } from '../../base/reason.ts';
import { explained, reason } from '../../base/reason.ts';
import type { Edns, Message, Rcode } from '../message.ts';
import { response } from '../message.ts';
import { canBeAsked } from '../record.ts';

/** The response to a query that cannot be answered whatever the zones hold; undefined for an ordinary one. */
export function refusal(query: Message, udpSize: number): Explained<Message> | undefined {
  const why = unfit(query);
  return why && failure(query, udpSize, ...why);
}

/** An empty response with a response code and the reason for it. */
export const failure = (query: Message, udpSize: number, rcode: Rcode, why: Reason): Explained<Message> =>
  explained(response(query, { rcode, ...ednsFor(query, udpSize) }), why);

/** A response has an OPT record exactly when the query had one; DO is copied (RFC 6891 §6.1.1, RFC 3225 §3). */
export function ednsFor(query: Message, udpSize: number): { edns?: Edns } {
  return query.edns ? { edns: { version: 0, udpSize, do: query.edns.do, options: [] } } : {};
}

function unfit(query: Message): [Rcode, Reason] | undefined {
  const { flags, edns, opcode } = query;
  const question = query.question[0];
  if (flags.qr) return ['FORMERR', reason('not-a-query', 'The message is a response', 'RFC 1035 §4.1.1')];
  if (edns && edns.version > 0)
    return ['BADVERS', reason('edns-version', `EDNS version ${edns.version} is not known`, 'RFC 6891 §6.1.3')];
  if (opcode !== 'QUERY')
    return ['NOTIMP', reason('opcode', `Only ordinary queries are served, not ${opcode}`, 'RFC 1035 §4.1.1')];
  if (!question || query.question.length !== 1)
    return ['FORMERR', reason('one-question', `A query asks one question, not ${query.question.length}`, 'RFC 9619')];
  if (hasSecondOpt(query)) return ['FORMERR', reason('one-opt', 'A message has one OPT record at most', 'RFC 6891 §6.1.1')];
  if (question.type === 'AXFR' || question.type === 'IXFR')
    return ['REFUSED', reason('no-transfer', 'Zone transfers are given to nobody', 'RFC 5936 §5')];
  if (!canBeAsked(question.type))
    return ['FORMERR', reason('no-such-question', `${question.type} cannot be asked for`, 'RFC 6895 §3.1')];
  return undefined;
}

/** Whether a message has more OPT records than the one that may be (RFC 6891 §6.1.1); decoding leaves the others where they stand. */
export const hasSecondOpt = ({ additional }: Message): boolean => additional.some(({ type }) => type === 'OPT');
