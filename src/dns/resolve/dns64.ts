/** DNS64: IPv6 addresses made of IPv4 addresses, for clients behind a translator (RFC 6147). */
import type { Address, Cidr } from '../../base/address.ts';
import { addressBytes, addressFromBytes, cidrBase, contains, parseAddress } from '../../base/address.ts';
import type { Question } from '../message.ts';
import type { Name } from '../name.ts';
import { isSubdomain, key, labels, name } from '../name.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf, record } from '../record.ts';
import type { Shown } from './compose.ts';
import type { Dns64Policy } from './settings.ts';

/** The address in a /96 whose last 32 bits are an IPv4 address (RFC 6052 §2.2). */
export function embedded(prefix: Cidr, address: Address): Address {
  const bytes = new Uint8Array(addressBytes(cidrBase(prefix)));
  bytes.set(addressBytes(address), 12);
  return addressFromBytes(bytes);
}

/**
 * AAAA records made of sets of A records; other sets (aliases) stay as they are. They live no longer than the A records, nor than
 * the no to the question for AAAA records, whose SOA record says how long: 600 s where it has none (RFC 6147 §5.1.7).
 *
 * @param no the authority section of that no; undefined where nobody asked for AAAA records
 */
export function synthesise(sets: readonly Shown[], no: readonly Shown[] | undefined, policy: Dns64Policy): Shown[] {
  const longest = no === undefined ? Number.POSITIVE_INFINITY : (no.find(({ type }) => type === 'SOA')?.ttl ?? WITHOUT_SOA);
  return sets.map((set) => {
    if (set.type !== 'A') return set;
    const ttl = Math.min(set.ttl, longest);
    const records = set.records.flatMap((r): ResourceRecord[] => {
      const found = dataOf(r, 'A')?.address;
      return found === undefined ? [] : [record(r.name, 'AAAA', ttl, { address: embedded(policy.prefix, found) })];
    });
    return { ...set, type: 'AAAA' as const, ttl, records, signatures: [] };
  });
}

const WITHOUT_SOA = 600;

/** Whether AAAA records of a name are passed over as if there were none. */
export const isIgnored = (owner: Name, policy: Dns64Policy): boolean =>
  policy.ignoreAaaa.some((domain) => isSubdomain(owner, domain));

const IP6_ARPA = name('ip6.arpa.');

/**
 * For the reverse name of an address in the prefix: the reverse name of the IPv4 address in it (RFC 6147 §5.3.1). Undefined for
 * all other questions.
 */
export function mappedReverse(question: Question, policy: Dns64Policy): Question | undefined {
  if (question.type !== 'PTR' || !isSubdomain(question.name, IP6_ARPA)) return undefined;
  const nibbles = labels(key(question.name) as string as Name).slice(0, -2);
  if (nibbles.length !== 32 || nibbles.some((nibble) => !/^[0-9a-f]$/.test(nibble))) return undefined;
  const hex = nibbles.reverse().join('');
  const address = parseAddress((hex.match(/.{4}/g) as string[]).join(':'));
  if (address === undefined || !contains(policy.prefix, address)) return undefined;
  const last = [...addressBytes(address).slice(12)].reverse().join('.');
  return { ...question, name: name(`${last}.in-addr.arpa.`) };
}
