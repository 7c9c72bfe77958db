/**
 * Canonical form and order (RFC 4034 §6): what is signed and hashed must be the same octets for whoever signs and for
 * whoever checks, however the records were written or sent.
 */
import type { Name } from '../name.ts';
import { ancestor, join, key, labelCount } from '../name.ts';
import type { DataByType, KnownType, RecordType } from '../record.ts';
import { classCode, isOpaque, typeCode } from '../record.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import type { Field } from '../wire/fields.ts';
import { FIELDS } from '../wire/fields.ts';
import { encodeData, nameToWire } from '../wire/nameOctets.ts';
import type { Data } from '../wire/rdata.ts';

export type Signature = DataByType['RRSIG'];

/** The RDATA of a record in canonical form: names not compressed and, in the older types, in lower case (RFC 4034 §6.2). */
export function canonicalData(type: RecordType, data: Data): Uint8Array {
  const fields = isOpaque(data) ? undefined : LOWERED.get(type);
  if (!fields) return encodeData(type, data);
  const lowered: Record<string, unknown> = { ...data };
  for (const field of fields) lowered[field] = key(lowered[field] as Name);
  return encodeData(type, lowered as unknown as Data);
}

/** The types whose names are compared in lower case: RFC 4034 §6.2 without NSEC (RFC 6840 §5.1). No later type is. */
const LOWERED: ReadonlyMap<string, readonly string[]> = new Map(
  (['NS', 'CNAME', 'SOA', 'PTR', 'MX', 'NAPTR', 'SRV', 'DNAME', 'RRSIG'] as const satisfies readonly KnownType[]).map((type) => [
    type,
    (FIELDS[type].fields as readonly Field[])
      .filter((f) => f.kind === 'name' || f.kind === 'compressible-name')
      .map((f) => f.name),
  ]),
);

/** The octets of a name in canonical form. */
export const canonicalName = (name: Name): Uint8Array => nameToWire(key(name) as string as Name);

/** How many labels of an owner name a signature counts: neither the root nor a wildcard's star (RFC 4034 §3.1.3). */
export const signedLabels = (name: Name): number => labelCount(name) - (name.startsWith('*.') ? 1 : 0);

/** The wildcard that a set with this signature was made from; undefined when it stands under its own name. */
export function wildcardOf(name: Name, signature: Signature): Name | undefined {
  if (signature.labels >= signedLabels(name)) return undefined;
  return join('*', ancestor(name, signature.labels));
}

/**
 * The octets that a signature is made over (RFC 4034 §3.1.8.1): its own RDATA without the signature, then every record once,
 * in canonical order, with the TTL that was signed, under the wildcard's name if there is one.
 */
export function signedData(set: Pick<SignedRRset, 'name' | 'class' | 'type' | 'records'>, signature: Signature): Uint8Array {
  const head = canonicalData('RRSIG', { ...signature, signature: NOTHING });
  const owner = canonicalName(wildcardOf(set.name, signature) ?? set.name);
  const bodies = inOrder(set.records.map((r) => canonicalData(r.type, r.data)));
  const size = bodies.reduce((sum, body) => sum + owner.length + 10 + body.length, head.length);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  out.set(head);
  let at = head.length;
  for (const body of bodies) {
    out.set(owner, at);
    at += owner.length;
    view.setUint16(at, typeCode(set.type));
    view.setUint16(at + 2, classCode(set.class));
    view.setUint32(at + 4, signature.originalTtl);
    view.setUint16(at + 8, body.length);
    out.set(body, at + 10);
    at += 10 + body.length;
  }
  return out;
}

const NOTHING = new Uint8Array(0);

/** RDATA in canonical order, each once (RFC 4034 §6.3). */
function inOrder(bodies: Uint8Array[]): Uint8Array[] {
  if (bodies.length < 2) return bodies;
  const sorted = bodies.sort(compareOctets);
  return sorted.filter((body, i) => i === 0 || compareOctets(body, sorted[i - 1] as Uint8Array) !== 0);
}

/** Octets compared from the left; the shorter comes first when one begins with the other. */
export function compareOctets(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return a.length - b.length;
}
