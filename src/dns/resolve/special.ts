/**
 * Names that a recursive resolver answers by itself, so that no question about them reaches the root: the special-use domain
 * names that its users' programs may have asked for by mistake (RFC 6761 §6).
 */
import { type Address, isIPv6 } from '../../base/address.ts';
import type { Question, Rcode } from '../message.ts';
import { isSubdomain, type Name, name, sameName } from '../name.ts';
import { type ResourceRecord, record } from '../record.ts';

/** What the resolver says of a name of its own, with authority. */
export interface SpecialAnswer {
  readonly rcode: Rcode;
  readonly answer: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  /** In a few words, and where that is written. */
  readonly rule: string;
  readonly source: string;
}

const LOCALHOST = name('localhost.');
/** The computer itself, in both families (RFC 6761 §6.3). */
export const LOOPBACK = ['127.0.0.1', '::1'] as Address[];
/** Three hours, as Unbound's built-in local zones have it: no document names a time. */
const TTL = 10_800;

/** "test." is not among them: here is where things are tested, and zones of one's own may well be called so (RFC 6761 §6.2). */
const NEVER: readonly { readonly domain: Name; readonly rule: string; readonly source: string }[] = [
  { domain: name('invalid.'), rule: 'names under .invalid never exist', source: 'RFC 6761 §6.4' },
  { domain: name('onion.'), rule: 'names under .onion are Tor’s, and not in DNS', source: 'RFC 7686 §2' },
];

/** The answer to a question about a special-use name; undefined for every other. */
export function specialAnswer(question: Question): SpecialAnswer | undefined {
  if (question.class !== 'IN') return undefined;
  if (isSubdomain(question.name, LOCALHOST)) return loopback(question);
  const never = NEVER.find(({ domain }) => isSubdomain(question.name, domain));
  return (
    never && {
      rcode: sameName(question.name, never.domain) ? 'NOERROR' : 'NXDOMAIN',
      answer: [],
      authority: [startOf(never.domain)],
      rule: never.rule,
      source: never.source,
    }
  );
}

/** Everything named localhost is the computer itself, in both families (RFC 6761 §6.3). */
function loopback({ name: wanted, type }: Question): SpecialAnswer {
  const answer = LOOPBACK.filter((address) => type === 'ANY' || type === (isIPv6(address) ? 'AAAA' : 'A')).map((address) =>
    record(wanted, isIPv6(address) ? 'AAAA' : 'A', TTL, { address }),
  );
  return {
    rcode: 'NOERROR',
    answer,
    authority: answer.length > 0 ? [] : [startOf(LOCALHOST)],
    rule: 'localhost is the computer itself',
    source: 'RFC 6761 §6.3',
  };
}

/** With it a no may be kept, as long as any other (RFC 2308 §3). */
const startOf = (zone: Name): ResourceRecord =>
  record(zone, 'SOA', TTL, {
    primary: LOCALHOST,
    mailbox: name('nobody.invalid.'),
    serial: 1,
    refresh: 3_600,
    retry: 1_200,
    expire: 604_800,
    minimum: TTL,
  });
