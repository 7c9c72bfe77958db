/** Signing a zone: its keys, the chain of names that proves what is not there, and a signature over every set (RFC 4035 §2). */

import { parseBase32 } from '../../base/octets.ts';
import type { Name } from '../name.ts';
import { canonicalKey, isBelow, join, key, parent, sameName } from '../name.ts';
import type { RecordType, ResourceRecord, RRset } from '../record.ts';
import { dataOf, record, rrsets, typeCode } from '../record.ts';
import type { Zone, ZoneNode } from '../zone/zone.ts';
import { makeZone, soaOf, zoneRecords } from '../zone/zone.ts';
import { delegationSigner } from './keys.ts';
import type { HashParameters } from './nsec3.ts';
import { hashOf } from './nsec3.ts';
import type { SignatureWindow, SigningKey, SigningMemo } from './signing.ts';
import { signingKey, signSet } from './signing.ts';

/** How the zone proves what is not there. */
export type DenialPolicy =
  | { readonly kind: 'nsec' }
  /** `optOut`: unsigned delegations are left out (RFC 5155 §6). RFC 9276 §3.1 wants no iterations and no salt. */
  | ({ readonly kind: 'nsec3'; readonly optOut: boolean } & HashParameters);

export interface SigningPolicy {
  /** Chooses the keys. */
  readonly seed: string;
  readonly window: SignatureWindow;
  readonly denial: DenialPolicy;
  /** Seconds; those of the SOA record unless told. */
  readonly keyTtl?: number;
  readonly memo?: SigningMemo | undefined;
}

export interface SignedZone {
  readonly zone: Zone;
  /** The DS record that belongs into the parent zone, with the TTL of the zone's keys. */
  readonly signer: ResourceRecord;
  readonly ksk: SigningKey;
  readonly zsk: SigningKey;
}

/** Types that signing makes; a zone that is signed anew loses its old ones. */
const MADE: ReadonlySet<RecordType> = new Set<RecordType>(['RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY']);

/** Signs `zone`. The same zone and policy always give the same records. A zone without SOA record cannot be signed: throws. */
export function signZone(zone: Zone, policy: SigningPolicy): SignedZone {
  const soa = soaOf(zone);
  const minimum = soa && dataOf(soa.records[0] as ResourceRecord, 'SOA')?.minimum;
  if (!soa || minimum === undefined) throw new Error(`${zone.origin} has no SOA record and cannot be signed`);
  const ksk = signingKey(policy.seed, zone.origin, 'ksk');
  const zsk = signingKey(policy.seed, zone.origin, 'zsk');
  // A "no" may be kept for as long as the SOA's two values both allow, proofs included (RFC 9077 §3).
  const ttl = Math.min(soa.ttl, minimum);
  const keys = [ksk, zsk].map((one) => record(zone.origin, 'DNSKEY', policy.keyTtl ?? soa.ttl, one.data));
  const plain = makeZone(zone.origin, [...zoneRecords(zone).filter((r) => !MADE.has(r.type)), ...keys]);
  const proofs = policy.denial.kind === 'nsec' ? nsecRecords(plain, ttl) : nsec3Records(plain, ttl, policy.denial);
  const sets = [...authoritativeNodes(plain).flatMap(signedSets), ...rrsets(proofs)];
  const signatures = sets.map((set) => signSet(set, set.type === 'DNSKEY' ? ksk : zsk, policy.window, policy.memo));
  const signer = record(
    zone.origin,
    'DS',
    soa.ttl,
    delegationSigner(zone.origin, ksk.data) as NonNullable<ReturnType<typeof delegationSigner>>,
  );
  return { zone: makeZone(zone.origin, [...zoneRecords(plain), ...proofs, ...signatures]), signer, ksk, zsk };
}

interface Authoritative {
  readonly node: ZoneNode;
  /** The zone ends here: of its sets only DS is this zone's own (RFC 4035 §2.2). */
  readonly cut: boolean;
}

/** The nodes that the zone speaks for: not those below its cuts (glue), nor below a DNAME. */
function authoritativeNodes(zone: Zone): Authoritative[] {
  const found: Authoritative[] = [];
  for (const node of zone.nodes.values()) {
    if (isHidden(zone, node.name)) continue;
    found.push({ node, cut: node.sets.has('NS') && !sameName(node.name, zone.origin) });
  }
  return found;
}

function isHidden(zone: Zone, name: Name): boolean {
  for (let at = name; isBelow(at, zone.origin); ) {
    at = parent(at);
    const above = zone.nodes.get(key(at));
    if (above?.sets.has('DNAME') || (above?.sets.has('NS') && isBelow(at, zone.origin))) return true;
  }
  return false;
}

const signedSets = ({ node, cut }: Authoritative): RRset[] => [...node.sets.values()].filter((set) => !cut || set.type === 'DS');

const typesOf = ({ node, cut }: Authoritative, own: readonly RecordType[]): RecordType[] => {
  const there = [...node.sets.keys()].filter((type) => !cut || type === 'NS' || type === 'DS');
  return [...there, ...own].sort((a, b) => typeCode(a) - typeCode(b));
};

/** One NSEC record at every name that holds something, each naming the next in canonical order (RFC 4035 §2.3). */
function nsecRecords(zone: Zone, ttl: number): ResourceRecord[] {
  const nodes = authoritativeNodes(zone)
    .filter(({ node }) => node.sets.size > 0)
    .map((one) => ({ one, order: canonicalKey(one.node.name) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  return nodes.map(({ one }, i) => {
    const next = nodes[(i + 1) % nodes.length]?.one.node.name as Name;
    return record(one.node.name, 'NSEC', ttl, { next, types: typesOf(one, ['RRSIG', 'NSEC']) });
  });
}

/** One NSEC3 record for the hash of every name, empty ones included, and the parameters at the apex (RFC 5155 §7.1). */
function nsec3Records(zone: Zone, ttl: number, policy: DenialPolicy & { kind: 'nsec3' }): ResourceRecord[] {
  const { iterations, salt, optOut } = policy;
  const parameters = record(zone.origin, 'NSEC3PARAM', ttl, { algorithm: 1, flags: 0, iterations, salt });
  const withParameters = makeZone(zone.origin, [...zoneRecords(zone), parameters]);
  const hashed = authoritativeNodes(withParameters)
    .filter((one) => !optOut || !isLeftOut(withParameters, one))
    .map((one) => ({ one, hash: hashOf(one.node.name, policy) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const proofs = hashed.map(({ one, hash }, i) => {
    const next = hashed[(i + 1) % hashed.length]?.hash as string;
    const data = {
      algorithm: 1,
      flags: optOut ? 1 : 0,
      iterations,
      salt,
      nextHash: parseBase32(next) as Uint8Array,
      // A name that holds nothing signed has no signature either (RFC 5155 §7.1).
      types: typesOf(one, signedSets(one).length > 0 ? ['RRSIG'] : []),
    };
    return record(join(hash.toLowerCase(), zone.origin), 'NSEC3', ttl, data);
  });
  return [parameters, ...proofs];
}

/** With opt-out: an unsigned delegation, or an empty name that is there for such ones only. */
function isLeftOut(zone: Zone, { node, cut }: Authoritative): boolean {
  if (cut) return !node.sets.has('DS');
  if (node.sets.size > 0) return false;
  const below: ZoneNode[] = [...zone.nodes.values()].filter((other) => isBelow(other.name, node.name) && other.sets.size > 0);
  return below.every((other) => isHidden(zone, other.name) || (other.sets.has('NS') && !other.sets.has('DS')));
}
