/** The response to a client: what was found, in the form that this client asked for. */
import type { Instant } from '../../base/time.ts';
import type { Edns, EdnsOption, Message, Rcode } from '../message.ts';
import { response } from '../message.ts';
import type { Name } from '../name.ts';
import type { RecordType, ResourceRecord } from '../record.ts';
import type { CachedSet, ExtendedError, Security } from './cache.ts';
import { secondsLeft } from './cache.ts';
import type { ResolverSettings } from './settings.ts';
import type { SpecialAnswer } from './special.ts';
import { subnetOption } from './subnet.ts';

/** A set as a response shows it. */
export interface Shown {
  readonly name: Name;
  readonly type: RecordType;
  /** Seconds on the wire. */
  readonly ttl: number;
  readonly records: readonly ResourceRecord[];
  readonly signatures: readonly ResourceRecord[];
}

/** How the work on one question ended. */
export interface Outcome {
  readonly rcode: Rcode;
  readonly answer: readonly Shown[];
  readonly authority: readonly Shown[];
  readonly additional: readonly Shown[];
  readonly security: Security;
  readonly source: 'network' | 'cache' | 'stale';
  readonly errors: readonly ExtendedError[];
  /** How many bits of the client's network it holds for (RFC 7871); absent: it holds for everyone. */
  readonly scope?: number;
}

/** A cached set with the TTL that is left (RFC 1034 §3.6), or with the one that it came with when the settings say so. */
export const shown = (set: CachedSet, at: Instant, settings: ResolverSettings): Shown => ({
  name: set.name,
  type: set.type,
  ttl: settings.serveOriginalTtl ? originalTtl(set) : secondsLeft(set, at),
  records: set.records,
  signatures: set.signatures,
});

/** The TTL of the set as it came. */
export const originalTtl = (set: CachedSet): number => set.records[0]?.ttl ?? set.ttl;

/** Types that only a client which sets DO, or asks for them, gets to see (RFC 4035 §3.2.1). */
const DNSSEC_TYPES: ReadonlySet<RecordType> = new Set<RecordType>(['RRSIG', 'NSEC', 'NSEC3', 'DNSKEY', 'DS']);

/**
 * The response to `query`: QR and RA set, RD and CD as in the query, AA never, AD when the whole answer is validated and the
 * client set AD or DO (RFC 6840 §5.8); OPT exactly if the query had one (RFC 6891 §6.1.1).
 */
export function compose(query: Message, outcome: Outcome, settings: ResolverSettings): Message {
  const wantsDnssec = query.edns?.do === true && !settings.ignoreClientDo;
  const type = query.question[0]?.type;
  const failed = outcome.rcode === 'SERVFAIL';
  const turn = settings.roundRobin ? query.id : 0;
  const section = (sets: readonly Shown[]): ResourceRecord[] => (failed ? [] : recordsOf(sets, wantsDnssec, type, turn));
  // RFC 8482 §4.1: one set is answer enough to a query for all.
  const answer = settings.minimalAny && type === 'ANY' ? outcome.answer.slice(0, 1) : outcome.answer;
  const ad = outcome.security === 'secure' && !failed && (query.flags.ad || wantsDnssec);
  return response(query, {
    rcode: outcome.rcode,
    flags: { ra: true, ad, cd: query.flags.cd },
    answer: section(answer),
    authority: section(outcome.authority),
    additional: section(outcome.additional),
    ...ednsOf(query, outcome, settings),
  });
}

/** How a refusal is worded: with the question, with the word that recursion is to be had (RA), with an extended error. */
export interface Refusing {
  readonly echo?: boolean;
  readonly ra?: boolean;
  readonly error?: ExtendedError;
}

/**
 * A response that says no, with OPT exactly if the query had one (RFC 6891 §6.1.1). To those who may not ask, and to what cannot
 * be read, it has no question (RFC 1035 §4.1.1), unless there is an extended error to tell to a client with EDNS (RFC 8914 §2).
 */
export function refusal(query: Message, rcode: Rcode, { echo, ra, error }: Refusing, settings: ResolverSettings): Message {
  const tells = error !== undefined && query.edns !== undefined && settings.extendedErrors;
  const edns = ednsOf(query, { errors: tells ? [error] : [] }, settings);
  return response(query, {
    rcode,
    flags: { ra: ra === true, cd: query.flags.cd },
    ...(echo || tells ? {} : { question: [] }),
    ...edns,
  });
}

/** The response about a special-use name: nobody has told it to the resolver, so AA is set (RFC 6761 §6). */
export const ownAnswer = (query: Message, { rcode, answer, authority }: SpecialAnswer, settings: ResolverSettings): Message =>
  response(query, {
    rcode,
    flags: { aa: true, ra: true, cd: query.flags.cd },
    answer,
    authority,
    ...ednsOf(query, { errors: [] }, settings),
  });

function recordsOf(sets: readonly Shown[], wantsDnssec: boolean, type: RecordType | undefined, turn: number): ResourceRecord[] {
  const out: ResourceRecord[] = [];
  for (const set of sets) {
    if (!wantsDnssec && set.type !== type && type !== 'ANY' && DNSSEC_TYPES.has(set.type)) continue;
    for (const r of rotated(set.records, turn)) out.push(r.ttl === set.ttl ? r : { ...r, ttl: set.ttl });
    if (wantsDnssec) for (const r of set.signatures) out.push(r.ttl === set.ttl ? r : { ...r, ttl: set.ttl });
  }
  return out;
}

/** RFC 8914 §4.4 and §4.20. */
const STALE_CODES: ReadonlySet<number> = new Set([3, 19]);

/** Addresses in turn, so that the load spreads over them (RFC 1794). */
function rotated(records: readonly ResourceRecord[], turn: number): readonly ResourceRecord[] {
  const by = records.length < 2 ? 0 : turn % records.length;
  return by === 0 ? records : [...records.slice(by), ...records.slice(0, by)];
}

function ednsOf(
  query: Message,
  { errors, scope }: Pick<Outcome, 'errors' | 'scope'>,
  settings: ResolverSettings,
): { edns?: Edns } {
  if (!query.edns) return {};
  const shownErrors = errors.filter(({ code }) =>
    STALE_CODES.has(code) ? settings.extendedErrorWhenStale : settings.extendedErrors,
  );
  const options: EdnsOption[] = shownErrors.map(({ code, text }) => ({ option: 'extended-error', code, text }));
  const subnet = subnetOption(query, scope);
  if (subnet) options.push(subnet);
  return { edns: { version: 0, udpSize: settings.ednsSize, do: query.edns.do && !settings.ignoreClientDo, options } };
}
