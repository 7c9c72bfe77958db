/**
 * DNSSEC signing of a public hosted zone: one active key-signing key, which signs the keys; a zone-signing key of the
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
import type { HostedZone, ZoneSigning } from './hostedZone.ts';
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
  return { ok: true, zone: { ...zone, signing: { seed } } };
}

/**
 * Switches signing off, unless the zone above still vouches for the key: `listed` are its DS records. Whoever has kept one of
 * those may believe nothing that is not signed (API Reference, DisableHostedZoneDNSSEC).
 */
export function disableSigning(zone: HostedZone, listed: readonly DelegationSigner[]): Signing {
  const source = 'API Reference, DisableHostedZoneDNSSEC';
  if (!zone.signing)
    return refused('DNSSECNotFound', `The hosted zone ${zone.id} does not have any DNSSEC resources`, 'a signed zone', source);
  const { keyTag } = zoneKeys(zone.name, zone.signing).ksk;
  if (listed.some((signer) => signer.keyTag === keyTag))
    return refused(
      'KeySigningKeyInParentDSRecord',
      `The key-signing key ${keyTag} is specified in a DS record of the parent zone`,
      'the DS record to be gone from the parent zone',
      source,
    );
  const { signing: _off, ...plain } = zone;
  return { ok: true, zone: plain };
}

/** The DS record that belongs into the zone above (RFC 4034 §5). */
export const signerFor = (origin: Name, signing: ZoneSigning): DelegationSigner =>
  delegationSigner(origin, zoneKeys(origin, signing).ksk.data) as DelegationSigner;

/** The keys of a zone; made once for each time that signing is switched on. */
function zoneKeys(origin: Name, signing: ZoneSigning): { readonly ksk: SigningKey; readonly zsk: SigningKey } {
  const known = made.get(signing) ?? {
    ksk: signingKey(signing.seed, origin, 'ksk'),
    zsk: signingKey(signing.seed, origin, 'zsk'),
  };
  made.set(signing, known);
  return known;
}
const made = new WeakMap<ZoneSigning, ReturnType<typeof zoneKeys>>();

/** What the signer of a zone's answers needs. Throws for a zone that is not signed. */
export function onlineZone(zone: HostedZone, window: (at: Instant) => SignatureWindow, memo?: SigningMemo): OnlineZone {
  if (!zone.signing) throw new Error(`${zone.name} is not signed`);
  const { records, name } = zone;
  const typesAt = (at: Name) => {
    const types = typesThere(records, name, at);
    return types && sameName(at, name) ? [...types, 'DNSKEY' as const] : types;
  };
  return { origin: name, ...zoneKeys(name, zone.signing), window, typesAt, memo };
}

/** What GetDNSSEC says of a zone (API Reference, GetDNSSEC, KeySigningKey), without its dates. */
export function dnssecDocument({ name, signing }: HostedZone) {
  if (!signing) return { Status: { ServeSignature: 'NOT_SIGNING' }, KeySigningKeys: [] };
  const { data, keyTag } = zoneKeys(name, signing).ksk;
  const { digest } = signerFor(name, signing);
  const publicKey = base64Text(data.publicKey);
  const digestValue = hexText(digest).toUpperCase();
  const key = {
    Name: `${serviceName(name)
      .replace(/\.$/, '')
      .replaceAll(/[^A-Za-z0-9_]/g, '_')}_ksk`,
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
    Status: 'ACTIVE',
  };
  return { Status: { ServeSignature: 'SIGNING' }, KeySigningKeys: [key] };
}
