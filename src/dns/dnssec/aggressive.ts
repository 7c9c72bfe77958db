/**
 * Answers made from proofs that are there already (RFC 8198): a validated NSEC record says of every name in its gap that it does
 * not exist, so the next question about one of them need not be asked.
 */
import type { Explained, Reason } from '../../base/reason.ts';
import { explained, reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import type { Question, Rcode } from '../message.ts';
import type { Name } from '../name.ts';
import { join, key, parent, sameName } from '../name.ts';
import type { RecordType, ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import { secondsLeft } from '../resolve/cache.ts';
import type { SignedRRset } from '../resolve/sets.ts';
import type { Proofs } from './denial.ts';
import { proveNoCloser, proveNoName, proveNoType } from './denial.ts';
import type { DenialView, Kept, KeptZone } from './denialStore.ts';
import { nsec3Near, nsecNear } from './denialStore.ts';
import { findNsec } from './nsec.ts';
import { findNsec3 } from './nsec3.ts';

/** A response made up from what is known. TTLs are what is left of those it was made from. */
export interface Synthesised {
  readonly zone: Name;
  readonly rcode: Rcode;
  readonly answer: readonly SignedRRset[];
  readonly authority: readonly SignedRRset[];
}

/** The response to `question` as the kept proofs imply it; undefined when they do not. */
export function synthesise({ name, type }: Question, view: DenialView, at: Instant): Explained<Synthesised> | undefined {
  if (type === 'ANY' || type === 'RRSIG' || type === 'NSEC' || type === 'NSEC3') return undefined;
  // The DS set of a name belongs to the zone above (RFC 4035 §3.1.4.1).
  for (let zone = type === 'DS' ? parent(name) : name; ; zone = parent(zone)) {
    const kept = view.zone(key(zone));
    const found = kept && fromZone(kept, zone, name, type, at);
    if (found || zone === '.') return found;
  }
}

function fromZone(kept: KeptZone, zone: Name, name: Name, type: RecordType, at: Instant): Explained<Synthesised> | undefined {
  const known = gather(kept, zone, name, at);
  if (!known) return undefined;
  const soa = kept.soa && at < kept.soa.expiresAt ? kept.soa : undefined;
  const noName = proveNoName(known.proofs, name);
  if (noName.holds === 'secure' && soa) return negative(zone, 'NXDOMAIN', soa, known, noName.used, at);
  const noType = proveNoType(known.proofs, name, type);
  if (noType.holds === 'secure' && soa) return negative(zone, 'NOERROR', soa, known, noType.used, at);
  return known.wildcard && fromWildcard(kept, zone, name, type, { ...known, wildcard: known.wildcard }, at);
}

interface Gathered {
  readonly proofs: Proofs;
  readonly kept: readonly Kept[];
  /** The wildcard that would stand for the name, which does not exist itself. */
  readonly wildcard: Name | undefined;
}

/** The few proofs of a zone that bear on a name and on the wildcard that might stand for it. */
function gather(kept: KeptZone, zone: Name, name: Name, at: Instant): Gathered | undefined {
  const own = nsecNear(kept, name, at);
  const proofs = (nsec: Proofs['nsec'], nsec3: Proofs['nsec3']): Proofs => ({ zone, nsec, nsec3, excessive: false });
  if (own) {
    const found = findNsec([own.proof], name);
    const wildcard = found?.kind === 'missing' ? join('*', found.encloser) : undefined;
    const star = wildcard && nsecNear(kept, wildcard, at);
    const all = star && star !== own ? [own, star] : [own];
    return {
      proofs: proofs(
        all.map((one) => one.proof),
        [],
      ),
      kept: all,
      wildcard,
    };
  }
  const hashed = nsec3Near(kept, zone, name, at);
  const found = findNsec3(
    hashed.map((one) => one.proof),
    zone,
    name,
  );
  if (!found) return undefined;
  const wildcard = found.kind === 'missing' ? join('*', found.encloser) : undefined;
  const all = wildcard ? [...hashed, ...nsec3Near(kept, zone, wildcard, at)] : hashed;
  return {
    proofs: proofs(
      [],
      all.map((one) => one.proof),
    ),
    kept: all,
    wildcard,
  };
}

const BY_PROOF: Reason = reason(
  'synthesised',
  'A proof that came with an earlier reply covers this name too, so nobody is asked.',
  'RFC 8198 §5',
);

function negative(
  zone: Name,
  rcode: Rcode,
  soa: Kept,
  known: Gathered,
  used: readonly SignedRRset[],
  at: Instant,
): Explained<Synthesised> {
  const minimum = dataOf(soa.set.records[0] as ResourceRecord, 'SOA')?.minimum ?? 0;
  const limit = Math.min(minimum, secondsLeft(soa, at));
  const authority = [withTtl(soa.set, limit), ...used.map((set) => leftOf(set, known.kept, at))];
  return explained({ zone, rcode, answer: [], authority }, BY_PROOF);
}

/** A wildcard's records under the name, when it is proven that nothing stands nearer (RFC 8198 §5.3). */
function fromWildcard(
  kept: KeptZone,
  zone: Name,
  name: Name,
  type: RecordType,
  known: Gathered & { readonly wildcard: Name },
  at: Instant,
): Explained<Synthesised> | undefined {
  const data = [type, 'CNAME']
    .map((t) => kept.wildcards.get(`${key(known.wildcard)} ${t}`))
    .find((one) => one && at < one.expiresAt);
  const proof = data && proveNoCloser(known.proofs, name, known.wildcard);
  if (!data || proof?.holds !== 'secure') return undefined;
  const answer = withTtl(renamed(data.set, name), secondsLeft(data, at));
  const authority = proof.used.map((set) => leftOf(set, known.kept, at));
  return explained({ zone, rcode: 'NOERROR', answer: [answer], authority }, BY_PROOF);
}

function leftOf(set: SignedRRset, kept: readonly Kept[], at: Instant): SignedRRset {
  const found = kept.find((one) => sameName(one.set.name, set.name));
  return found ? withTtl(set, secondsLeft({ expiresAt: found.goodUntil }, at)) : set;
}

const withTtl = (set: SignedRRset, ttl: number): SignedRRset => ({
  ...set,
  ttl,
  records: set.records.map((r) => ({ ...r, ttl })),
  signatures: set.signatures.map((r) => ({ ...r, ttl })),
});

const renamed = (set: SignedRRset, name: Name): SignedRRset => ({
  ...set,
  name,
  records: set.records.map((r) => ({ ...r, name })),
  signatures: set.signatures.map((r) => ({ ...r, name })),
});
