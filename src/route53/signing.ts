/**
 * DNSSEC signing of a public hosted zone: key-signing keys, which sign the keys; a zone-signing key of the
 * service's own, which signs every answer as it is given; and compact proofs of what is not there (Developer Guide,
 * dns-configuring-dnssec). Keys are algorithm 13, ECDSA on P-256.
 */
import { base64Text, hexText } from '../base/octets.ts';
import type { Instant } from '../base/time.ts';
import { delegationSigner } from '../dns/dnssec/keys.ts';
import type { OnlineZone } from '../dns/dnssec/online.ts';
import type { SignatureWindow, SigningKey, SigningMemo } from '../dns/dnssec/signing.ts';
import { signingKey } from '../dns/dnssec/signing.ts';
import type { Name } from '../dns/name.ts';
import { sameName } from '../dns/name.ts';
import type { DelegationSigner } from '../dns/record.ts';
import type { Fault } from './faults.ts';
import type { HostedZone, KeySigningKey, ZoneSigning } from './hostedZone.ts';
import { isPrivate } from './hostedZone.ts';
import { typesThere } from './lookup.ts';
import { serviceName } from './names.ts';

type Signing = { readonly ok: true; readonly zone: HostedZone } | { readonly ok: false; readonly faults: readonly Fault[] };

const refused = (code: Fault['code'], text: string, expected: string, source: string): Signing => ({
  ok: false,
  faults: [{ code, text, expected, path: [], source }],
});

/** Switches signing on, with the keys that `seed` chooses (API Reference, EnableHostedZoneDNSSEC). */
export function enableSigning(zone: HostedZone, seed: string): Signing {
  if (isPrivate(zone))
    return refused(
      'InvalidArgument',
      `The hosted zone ${zone.id} is private: DNSSEC signing is for public hosted zones`,
      'a public hosted zone',
      'Developer Guide, dns-configuring-dnssec-enable-signing',
    );
  return { ok: true, zone: { ...zone, signing: newSigning(zone.name, seed) } };
}

/** Signing with one active key-signing key, named after the zone. */
export function newSigning(origin: Name, seed: string): ZoneSigning {
  const plain = serviceName(origin).replace(/\.$/, '');
  const name = `${plain.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 124)}_ksk`;
  return { seed, keys: [{ name, seed, status: 'ACTIVE' }] };
}

/**
 * Switches signing off, unless the zone above still vouches for the key: `listed` are its DS records. Whoever has kept one of
 * those may believe nothing that is not signed (API Reference, DisableHostedZoneDNSSEC).
 */
export function disableSigning(zone: HostedZone, listed: readonly DelegationSigner[]): Signing {
  const source = 'API Reference, DisableHostedZoneDNSSEC';
  if (!zone.signing)
    return refused('DNSSECNotFound', `The hosted zone ${zone.id} does not have any DNSSEC resources`, 'a signed zone', source);
  const own = zone.signing.keys.map((key) => keySigner(zone.name, key).keyTag);
  const found = listed.find((signer) => own.includes(signer.keyTag));
  if (found)
    return refused(
      'KeySigningKeyInParentDSRecord',
      `The key-signing key ${found.keyTag} is specified in a DS record of the parent zone`,
      'the DS record to be gone from the parent zone',
      source,
    );
  const { signing: _off, ...plain } = zone;
  return { ok: true, zone: plain };
}

/** The DS records that belong into the zone above: one for each active key, or for those that `of` names (RFC 4034 §5). */
export const signersFor = (origin: Name, { keys }: ZoneSigning, of?: readonly string[]): DelegationSigner[] =>
  keys.filter(({ name, status }) => of?.includes(name) ?? status === 'ACTIVE').map((key) => keySigner(origin, key));

/** The DS record of one key. */
export const keySigner = (origin: Name, key: KeySigningKey): DelegationSigner =>
  delegationSigner(origin, keyOf(origin, key, 'ksk').data) as DelegationSigner;

/** The key that a seed chooses; made once. */
function keyOf(origin: Name, owner: KeySigningKey | ZoneSigning, role: 'ksk' | 'zsk'): SigningKey {
  const known = made.get(owner) ?? signingKey(owner.seed, origin, role);
  made.set(owner, known);
  return known;
}
const made = new WeakMap<KeySigningKey | ZoneSigning, SigningKey>();

/** What the signer of a zone's answers needs. Throws for a zone that is not signed. */
export function onlineZone(zone: HostedZone, window: (at: Instant) => SignatureWindow, memo?: SigningMemo): OnlineZone {
  const { records, name, signing } = zone;
  if (!signing) throw new Error(`${name} is not signed`);
  const typesAt = (at: Name) => {
    const types = typesThere(records, name, at);
    return types && sameName(at, name) ? [...types, 'DNSKEY' as const] : types;
  };
  const active = signing.keys.filter(({ status }) => status === 'ACTIVE');
  const ksks = active.map((key) => keyOf(name, key, 'ksk'));
  return { origin: name, ksks, zsk: keyOf(name, signing, 'zsk'), window, typesAt, memo };
}

/** What GetDNSSEC says of a zone (API Reference, GetDNSSEC, KeySigningKey), without its dates. */
export function dnssecDocument({ name, signing }: HostedZone) {
  return {
    Status: { ServeSignature: signing ? 'SIGNING' : 'NOT_SIGNING' },
    KeySigningKeys: signing?.keys.map((key) => keyDocument(name, key)) ?? [],
  };
}

function keyDocument(origin: Name, key: KeySigningKey) {
  const { data, keyTag } = keyOf(origin, key, 'ksk');
  const publicKey = base64Text(data.publicKey);
  const digestValue = hexText(keySigner(origin, key).digest).toUpperCase();
  return {
    Name: key.name,
    Flag: data.flags,
    SigningAlgorithmMnemonic: 'ECDSAP256SHA256',
    SigningAlgorithmType: data.algorithm,
    DigestAlgorithmMnemonic: 'SHA-256',
    DigestAlgorithmType: 2,
    KeyTag: keyTag,
    DigestValue: digestValue,
    PublicKey: publicKey,
    DSRecord: `${keyTag} ${data.algorithm} 2 ${digestValue}`,
    DNSKEYRecord: `${data.flags} ${data.protocol} ${data.algorithm} ${publicKey}`,
    Status: key.status,
  };
}
