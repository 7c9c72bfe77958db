/** Random trees of zones, signed and not, for properties of validation. */
import fc from 'fast-check';
import { hexText } from '../../../src/base/octets.ts';
import { START_DATE } from '../../../src/base/time.ts';
import { memo } from '../../../src/dns/dnssec/memo.ts';
import { type DenialPolicy, type SignedZone, signZone } from '../../../src/dns/dnssec/sign.ts';
import { name } from '../../../src/dns/name.ts';
import { dataOf } from '../../../src/dns/record.ts';
import type { ValidationSettings } from '../../../src/dns/resolve/settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/dns/resolve/settings.ts';
import { makeZone, withRecords } from '../../../src/dns/zone/zone.ts';
import { recordsOf, type ServerSpec } from './world.ts';

/** How a zone of the tree is signed: `orphan` has signatures, but its parent has no DS record. */
export type SignedAs = 'no' | 'nsec' | 'nsec3' | 'opt-out' | 'orphan';

export interface Tree {
  /** The zones below the root, by origin: always t., a.t., b.t. and c.a.t. */
  readonly signed: Readonly<Record<string, SignedAs>>;
  /** What each zone holds beside its SOA and NS records, a line of a master file each. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
}

export const ORIGINS = ['t.', 'a.t.', 'b.t.', 'c.a.t.'];
const PARENT: Readonly<Record<string, string>> = { 't.': '.', 'a.t.': 't.', 'b.t.': 't.', 'c.a.t.': 'a.t.' };
const ADDRESS: Readonly<Record<string, string>> = {
  '.': '198.41.0.4',
  't.': '192.0.2.10',
  'a.t.': '192.0.2.20',
  'b.t.': '192.0.2.30',
  'c.a.t.': '192.0.2.40',
};

/** Names that may be asked for: some are there, some are made, some are not there at all. */
export const asked = fc
  .tuple(fc.constantFrom('h', 'i', 'x.w', 'y.x.w', 'w', 'none', 'k.d', 'l1', 'l2', ''), fc.constantFrom(...ORIGINS))
  .map(([label, origin]) => (label === '' ? origin : `${label}.${origin}`));

/** An alias leads to a later one, to a host or to nowhere, so that none leads in a circle. */
const target = (later: readonly string[]) =>
  fc
    .tuple(fc.constantFrom('h', 'i', 'x.w', 'none', ...later), fc.constantFrom('a.t.', 'b.t.', 'c.a.t.'))
    .map((pair) => pair.join('.'));

const contents = fc
  .record({
    h: fc.boolean(),
    i: fc.boolean(),
    wild: fc.constantFrom('none', 'address', 'alias'),
    under: fc.boolean(),
    l1: fc.option(target(['l2']), { nil: undefined }),
    l2: fc.option(target([]), { nil: undefined }),
    wildTo: target([]),
    d: fc.option(fc.constantFrom('a.t.', 'b.t.', 'c.a.t.'), { nil: undefined }),
  })
  .map(({ h, i, wild, under, l1, l2, wildTo, d }) => [
    ...(h ? ['h 300 A 192.0.2.1', 'h 300 TXT "h"'] : []),
    ...(i ? ['i 300 AAAA 2001:db8::1'] : []),
    ...(wild === 'address' ? ['*.w 300 A 192.0.2.2'] : wild === 'alias' ? [`*.w 300 CNAME ${wildTo}`] : []),
    ...(under ? ['z.y.x.w 300 A 192.0.2.3'] : []),
    ...(l1 ? [`l1 300 CNAME ${l1}`] : []),
    ...(l2 ? [`l2 300 CNAME ${l2}`] : []),
    // Below a DNAME there is nothing: what it leads to has no DNAME in the way, since only b.t. has one.
    ...(d ? [`d 300 DNAME e.${d}`] : []),
  ]);

const signedAs = fc.constantFrom<SignedAs>('nsec', 'nsec3', 'opt-out', 'no', 'orphan', 'nsec', 'nsec3');

export const tree: fc.Arbitrary<Tree> = fc
  .tuple(fc.tuple(signedAs, signedAs, signedAs, signedAs), fc.tuple(contents, contents, contents, contents))
  .map(([signed, lines]) => ({
    signed: Object.fromEntries(ORIGINS.map((origin, i) => [origin, signed[i] as SignedAs])),
    lines: Object.fromEntries(ORIGINS.map((origin, i) => [origin, lines[i] as string[]])),
  }));

const DENIAL: Readonly<Record<SignedAs, DenialPolicy>> = {
  no: { kind: 'nsec' },
  nsec: { kind: 'nsec' },
  orphan: { kind: 'nsec' },
  nsec3: { kind: 'nsec3', optOut: false, iterations: 0, salt: new Uint8Array(0) },
  'opt-out': { kind: 'nsec3', optOut: true, iterations: 1, salt: Uint8Array.of(0xab) },
};

const signatures = memo<Uint8Array>(50_000);

/** The servers of a tree, and the trust anchor of its root; without signatures at all when `bare`. */
export function planted(
  { signed, lines }: Tree,
  bare = false,
): { servers: Record<string, ServerSpec>; validation: ValidationSettings } {
  const signers = new Map<string, string>();
  const servers: Record<string, ServerSpec> = {};
  let anchor = '';
  // From the deepest zone up, since a parent needs the hash of its child's key.
  for (const origin of [...ORIGINS].reverse().concat('.')) {
    const children = Object.keys(PARENT).filter((child) => PARENT[child] === origin);
    const cuts = children.flatMap((child) => [
      `${child} 3600 NS ns.${child}`,
      `ns.${child} 3600 A ${ADDRESS[child]}`,
      ...(signers.has(child) ? [signers.get(child) as string] : []),
    ]);
    const own = `@ 3600 SOA ns h 1 2 3 4 900\n@ 3600 NS ns.${origin === '.' ? '' : origin}\nns.${origin === '.' ? '' : origin} 3600 A ${ADDRESS[origin]}\n`;
    const records = recordsOf([own, ...(lines[origin] ?? []), ...cuts, ''].join('\n').replaceAll('\n\n', '\n'), origin);
    const how = origin === '.' ? 'nsec' : (signed[origin] as SignedAs);
    let zone = withRecords(makeZone(name(origin), []), records);
    if (!bare && how !== 'no') {
      const made: SignedZone = signZone(zone, {
        seed: 'forest',
        window: { inception: START_DATE - 3600, expiration: START_DATE + 10_000_000 },
        denial: DENIAL[how],
        memo: signatures,
      });
      const data = dataOf(made.signer, 'DS');
      const text = data && `${origin} 3600 DS ${data.keyTag} ${data.algorithm} ${data.digestType} ${hexText(data.digest)}`;
      if (text && origin === '.') anchor = text;
      else if (text && how !== 'orphan') signers.set(origin, text);
      zone = made.zone;
    }
    servers[origin === '.' ? 'root' : origin] = { address: ADDRESS[origin] as string, zone };
  }
  return { servers, validation: { ...DEFAULT_SETTINGS.validation, trustAnchors: [anchor] } };
}

/** How far a chain of trust reaches down to a name: `partly` where a zone that opts out lies on the way. */
export function trust({ signed }: Tree, of: string): 'whole' | 'partly' | 'none' {
  let found: 'whole' | 'partly' | 'none' = 'whole';
  for (const origin of ORIGINS) {
    if (of !== origin && !of.endsWith(`.${origin}`)) continue;
    const how = signed[origin] as SignedAs;
    if (how === 'no' || how === 'orphan') return 'none';
    if (how === 'opt-out') found = 'partly';
  }
  return found;
}
