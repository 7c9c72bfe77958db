/**
 * The key-signing keys of a signed zone: at most two, of which the active ones sign the keys. With a second one, a zone changes
 * its key without ever being unproven (Developer Guide, dns-configuring-dnssec-ksk).
 */
import type { DelegationSigner } from '../dns/record.ts';
import type { ErrorCode, Fault } from './faults.ts';
import type { HostedZone, KeySigningKey, ZoneSigning } from './hostedZone.ts';
import { LIMITS } from './limits.ts';
import { keySigner } from './signing.ts';

export type KeyResult =
  | { readonly ok: true; readonly zone: HostedZone }
  | { readonly ok: false; readonly faults: readonly [Fault, ...Fault[]] };

const refused = (code: ErrorCode, text: string, expected: string, action: string): KeyResult => ({
  ok: false,
  faults: [{ code, text, expected, path: [], source: `API Reference, ${action}` }],
});

/** Adds a key (API Reference, CreateKeySigningKey). Here a zone is signed first, and its first key comes with that. */
export function createKey(zone: HostedZone, key: KeySigningKey): KeyResult {
  const { signing } = zone;
  const no = (code: ErrorCode, text: string, expected: string) => refused(code, text, expected, 'CreateKeySigningKey');
  if (!signing)
    return no(
      'InvalidSigningStatus',
      "Your hosted zone status isn't valid for this operation. In the hosted zone, change the status to enable DNSSEC or disable DNSSEC.",
      'a signed zone',
    );
  if (!/^[A-Za-z0-9_]{3,128}$/.test(key.name))
    return no(
      'InvalidKeySigningKeyName',
      "The key-signing key (KSK) name that you specified isn't a valid name.",
      '3 to 128 letters, digits and underscores',
    );
  if (signing.keys.some(({ name, seed }) => name === key.name || seed === key.seed))
    return no(
      'KeySigningKeyAlreadyExists',
      "You've already created a key-signing key (KSK) with this name or with the same customer managed key ARN.",
      'a name, and a key, that no other has',
    );
  const { most } = LIMITS.keySigningKeys;
  if (signing.keys.length >= most)
    return no(
      'TooManyKeySigningKeys',
      "You've reached the limit for the number of key-signing keys (KSKs). Remove at least one KSK, and then try again.",
      `at most ${most} key-signing keys`,
    );
  return withKeys(zone, signing, [...signing.keys, key]);
}

/** From now on the key signs the keys, too (API Reference, ActivateKeySigningKey). */
export const activateKey = (zone: HostedZone, name: string): KeyResult =>
  ofKey(zone, name, 'ActivateKeySigningKey', (signing, key) => withStatus(zone, signing, key, 'ACTIVE'));

/**
 * The key signs no more (API Reference, DeactivateKeySigningKey), unless it is the last one that does, or the zone above still
 * vouches for it: `listed` are its DS records.
 */
export const deactivateKey = (zone: HostedZone, name: string, listed: readonly DelegationSigner[]): KeyResult =>
  ofKey(zone, name, 'DeactivateKeySigningKey', (signing, key) => {
    if (signing.keys.every((other) => other === key || other.status !== 'ACTIVE'))
      return refused(
        'KeySigningKeyInUse',
        "The key-signing key (KSK) that you specified can't be deactivated because it's the only KSK for a currently-enabled DNSSEC. Disable DNSSEC signing, or add or enable another KSK.",
        'another active key-signing key',
        'DeactivateKeySigningKey',
      );
    const { keyTag } = keySigner(zone.name, key);
    if (listed.some((signer) => signer.keyTag === keyTag))
      return refused(
        'KeySigningKeyInParentDSRecord',
        `The key-signing key ${keyTag} is specified in a DS record of the parent zone`,
        'its DS record to be gone from the parent zone',
        'DeactivateKeySigningKey',
      );
    return withStatus(zone, signing, key, 'INACTIVE');
  });

/** An inactive key goes (API Reference, DeleteKeySigningKey). */
export const deleteKey = (zone: HostedZone, name: string): KeyResult =>
  ofKey(zone, name, 'DeleteKeySigningKey', (signing, key) =>
    key.status === 'INACTIVE'
      ? withKeys(
          zone,
          signing,
          signing.keys.filter((one) => one !== key),
        )
      : refused(
          'InvalidKeySigningKeyStatus',
          `Key Signing Key with name ${name} cannot be deleted because current status is not INACTIVE.`,
          'a key-signing key that was deactivated first',
          'DeleteKeySigningKey',
        ),
  );

function ofKey(
  { signing }: HostedZone,
  name: string,
  action: string,
  act: (signing: ZoneSigning, key: KeySigningKey) => KeyResult,
): KeyResult {
  const key = signing?.keys.find((one) => one.name === name);
  if (signing && key) return act(signing, key);
  const there = signing?.keys.map((one) => one.name) ?? [];
  return { ok: false, faults: [noSuchKey(name, there, `API Reference, ${action}`)] };
}

/** That a zone has no key of a name; `there` are those that it has. */
export const noSuchKey = (name: string, there: readonly string[], source: string): Fault => ({
  code: 'NoSuchKeySigningKey',
  text: `The specified key-signing key (KSK) doesn't exist: ${name}`,
  expected: there.length === 0 ? 'a key-signing key of a signed zone' : there.join(' or '),
  path: [],
  source,
});

const withStatus = (zone: HostedZone, signing: ZoneSigning, key: KeySigningKey, status: KeySigningKey['status']): KeyResult =>
  withKeys(
    zone,
    signing,
    signing.keys.map((one) => (one === key ? { ...key, status } : one)),
  );

const withKeys = (zone: HostedZone, signing: ZoneSigning, keys: readonly KeySigningKey[]): KeyResult => ({
  ok: true,
  zone: { ...zone, signing: { ...signing, keys } },
});
