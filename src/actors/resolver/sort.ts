/** What has arrived at a resolver: a question from a client, the reply to a query of its own, or something else. */
import type { Endpoint } from '../../base/address.ts';
import { contains, endpointText } from '../../base/address.ts';
import type { Message, Question, Rcode } from '../../dns/message.ts';
import { sameName } from '../../dns/name.ts';
import { canBeAsked } from '../../dns/record.ts';
import type { ExtendedError } from '../../dns/resolve/cache.ts';
import type { AskedQuestion } from '../../dns/resolve/classify.ts';
import type { Refusing } from '../../dns/resolve/compose.ts';
import type { Access, ResolverSettings } from '../../dns/resolve/settings.ts';
import { type SpecialAnswer, specialAnswer } from '../../dns/resolve/special.ts';
import type { FormError } from '../../dns/wire/decode.ts';
import { decode } from '../../dns/wire/decode.ts';
import { hasSecondOpt } from '../../dns/zone/refusal.ts';
import type { InstancePath } from '../../trace/trace.ts';
import type { Arrival } from '../effects.ts';
import type { Pending } from './job.ts';
import type { Desk } from './state.ts';

export type Sorted = { readonly arrival: Arrival } & (
  | {
      readonly kind: 'reply';
      readonly to: InstancePath;
      readonly query: Pending;
      readonly reply?: Message;
      readonly error?: FormError;
      /** It repeats the question, but not in the letters that were sent. */
      readonly misspelt?: boolean;
    }
  | { readonly kind: 'stray'; readonly asked: readonly AskedQuestion[]; readonly rule: string; readonly why: string }
  | { readonly kind: 'refuse'; readonly query: Message; readonly rcode: Rcode; readonly how: Refusing }
  | { readonly kind: 'special'; readonly query: Message; readonly special: SpecialAnswer }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'question' | 'snoop'; readonly query: Message; readonly question: Question }
);

/** Sorts what has arrived. A function of its arguments; since several guards ask in a row, the last result is kept. */
export function sort(desk: Desk, arrival: Arrival): Sorted {
  if (last.arrival !== arrival || last.desk !== desk) last = { desk, arrival, sorted: sortAnew(desk, arrival) };
  return last.sorted as Sorted;
}

let last: { readonly desk?: Desk; readonly arrival?: Arrival; readonly sorted?: Sorted } = {};

function sortAnew(desk: Desk, arrival: Arrival): Sorted {
  const decoded = decode(arrival.bytes);
  const message = decoded.ok ? decoded.message : decoded.error.partial;
  if (arrival.type === 'datagram' && arrival.to.port !== DNS_PORT)
    return sortReply(desk, arrival, message, decoded.ok ? undefined : decoded.error);
  if (!message || message.flags.qr) return { kind: 'ignore', arrival };
  return sortQuestion(desk.settings, arrival, message, decoded.ok);
}

const DNS_PORT = 53;

/**
 * A reply belongs to a query when it comes from the address and port that was asked, to the port that asked, with the ID and
 * the question (RFC 5452 §9.1). All else is thrown away, with the first thing that did not fit.
 */
function sortReply(desk: Desk, arrival: Arrival, message: Message | undefined, error: FormError | undefined): Sorted {
  const asked: AskedQuestion[] = [];
  const stray = (rule: string, why: string): Sorted => ({ kind: 'stray', arrival, asked, rule, why });
  for (const [to, { query }] of desk.open) {
    if (!query || query.port !== arrival.to.port || query.transport !== 'udp') continue;
    const fromServer = arrival.from.address === query.target.address && arrival.from.port === DNS_PORT;
    asked.push({ question: 'From the server that was asked?', found: endpointText(arrival.from), yes: fromServer });
    if (!fromServer) return stray('other-server', 'It does not come from the server that was asked.');
    if (!message) return stray('unreadable', 'It cannot be read.');
    const sameId = message.id === query.id;
    asked.push({ question: 'With the ID of the query?', found: hex(message.id), yes: sameId });
    if (!sameId) return stray('other-id', 'Its ID is not that of the query.');
    const fits =
      message.question.length === 0 || message.question.some((question) => same(question, query.question, desk.settings));
    const [first] = message.question;
    asked.push({ question: 'With the question of the query?', found: first ? `${first.name} ${first.type}` : 'none', yes: fits });
    // Some servers know small letters only, and a forger knows no others: a connection will tell (draft-vixie-dnsext-dns0x20).
    const misspelt = !fits && message.question.some((question) => isSpeltElse(question, query.question));
    if (misspelt) return { kind: 'reply', arrival, to, query, reply: message, misspelt };
    if (!fits) return stray('other-question', 'It answers another question.');
    return { kind: 'reply', arrival, to, query, ...(error ? { error } : { reply: message }) };
  }
  asked.push({ question: `Does a query wait on port ${arrival.to.port}?`, found: 'no', yes: false });
  return stray('no-query', 'No open query has left from this port.');
}

const same = (a: Question, b: Question, settings: ResolverSettings): boolean =>
  a.type === b.type && a.class === b.class && (settings.randomCase ? a.name === b.name : sameName(a.name, b.name));

const isSpeltElse = (a: Question, b: Question): boolean =>
  a.type === b.type && a.class === b.class && a.name !== b.name && sameName(a.name, b.name);

/** RFC 8914 §4.19, §4.21 and §4.22; RFC 9824 §3.5. */
const PROHIBITED: ExtendedError = { code: 18, text: 'this client may not ask' };
const NOT_AUTHORITATIVE: ExtendedError = { code: 20, text: 'this resolver has no zones of its own to answer from' };
const OTHER_CLASS: ExtendedError = { code: 21, text: 'only names of the Internet’s class (IN) are resolved here' };
const INVALID_TYPE: ExtendedError = { code: 30, text: 'no zone holds records of this type' };

function sortQuestion(settings: ResolverSettings, arrival: Arrival, query: Message, whole: boolean): Sorted {
  const access = accessOf(settings, arrival.from);
  if (access === 'deny') return { kind: 'ignore', arrival };
  const refuse = (rcode: Rcode, how: Refusing = {}): Sorted => ({ kind: 'refuse', arrival, query, rcode, how });
  if (access === 'refuse') return refuse('REFUSED', { error: PROHIBITED });
  if (!whole) return refuse('FORMERR');
  if (query.opcode !== 'QUERY') return refuse('NOTIMP');
  const [question, second] = query.question;
  if (!question || second || query.answer.length > 0 || query.authority.length > 0) return refuse('FORMERR');
  if (query.edns && query.edns.version > 0) return refuse('BADVERS', { echo: true });
  if (hasSecondOpt(query)) return refuse('FORMERR');
  if (question.type === 'AXFR' || question.type === 'IXFR') return refuse('REFUSED', { echo: true });
  if (!canBeAsked(question.type)) return refuse('FORMERR', { echo: true, error: INVALID_TYPE });
  // The root servers that are built in are those of one class (RFC 9609 §2).
  if (question.class !== 'IN' && question.class !== 'ANY') return refuse('REFUSED', { echo: true, ra: true, error: OTHER_CLASS });
  const special = specialAnswer(question);
  if (special) return { kind: 'special', arrival, query, special };
  if (!query.flags.rd && access !== 'snoop') return refuse('REFUSED', { echo: true, ra: true, error: NOT_AUTHORITATIVE });
  return { kind: query.flags.rd ? 'question' : 'snoop', arrival, query, question };
}

function accessOf(settings: ResolverSettings, from: Endpoint): Access {
  let best = settings.accessOtherwise;
  let bits = -1;
  for (const { block, access } of settings.accessControl) {
    const prefix = Number(block.slice(block.lastIndexOf('/') + 1));
    if (prefix >= bits && contains(block, from.address)) {
      best = access;
      bits = prefix;
    }
  }
  return best;
}

const hex = (id: number): string => id.toString(16).padStart(4, '0');
