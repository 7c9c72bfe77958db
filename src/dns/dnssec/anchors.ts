/** Trust anchors: the keys that a resolver was given and believes without proof (RFC 4035 §4.4), and where it is told not to check. */
import type { Mistake } from '../../base/mistake.ts';
import type { Name, NameKey } from '../name.ts';
import { key, parent } from '../name.ts';
import { parseRecord } from '../presentation/parse.ts';
import type { DelegationSigner, PublicKey } from '../record.ts';
import { dataOf } from '../record.ts';

/** What is believed about one zone. */
export interface TrustAnchor {
  readonly zone: Name;
  readonly signers: readonly DelegationSigner[];
  readonly keys: readonly PublicKey[];
  /** A negative trust anchor (RFC 7646): from here on nothing is checked. It has neither signers nor keys. */
  readonly negative: boolean;
}

export type TrustAnchors = ReadonlyMap<NameKey, TrustAnchor>;

export interface ReadAnchors {
  readonly anchors: TrustAnchors;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads trust anchors: DS or DNSKEY records in presentation form, class and TTL optional, several of one zone together. Names
 * in `insecure` become negative trust anchors and take the place of what was given for the same name.
 */
export function readTrustAnchors(texts: readonly string[], insecure: readonly Name[] = []): ReadAnchors {
  const anchors = new Map<NameKey, TrustAnchor>();
  const mistakes: Mistake[] = [];
  for (const [i, text] of texts.entries()) {
    const parsed = parseRecord(text, { file: 'trust anchor', line: i + 1 });
    const signer = parsed.ok ? dataOf(parsed.value, 'DS') : undefined;
    const publicKey = parsed.ok ? dataOf(parsed.value, 'DNSKEY') : undefined;
    if (!parsed.ok) mistakes.push(parsed.mistake);
    else if (!signer && !publicKey)
      mistakes.push({
        file: 'trust anchor',
        line: i + 1,
        column: 1,
        found: parsed.value.type,
        expected: 'a DS or DNSKEY record',
      });
    else {
      const zone = parsed.value.name;
      const known = anchors.get(key(zone)) ?? { zone, signers: [], keys: [], negative: false };
      anchors.set(key(zone), {
        ...known,
        signers: signer ? [...known.signers, signer] : known.signers,
        keys: publicKey ? [...known.keys, publicKey] : known.keys,
      });
    }
  }
  for (const zone of insecure) anchors.set(key(zone), { zone, signers: [], keys: [], negative: true });
  return { anchors, mistakes };
}

/** The anchor at `name` or closest above it; it decides, whether positive or negative. Undefined when there is none. */
export function closestAnchor(anchors: TrustAnchors, name: Name): TrustAnchor | undefined {
  if (anchors.size === 0) return undefined;
  for (let id = key(name); ; id = parent(id)) {
    const found = anchors.get(id);
    if (found || id === '.') return found;
  }
}
