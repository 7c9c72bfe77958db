/** Lines about DNSSEC signing of a hosted zone: on, off, and the key-signing keys that it has. */
import { isBelow, type Name, sameName } from '../../dns/name.ts';
import type { DelegationSigner } from '../../dns/record.ts';
import { dataOf } from '../../dns/record.ts';
import { isPrivate } from '../../route53/hostedZone.ts';
import { activateKey, createKey, deactivateKey, deleteKey } from '../../route53/keySigningKeys.ts';
import { newest } from '../../route53/publication.ts';
import { disableSigning, enableSigning } from '../../route53/signing.ts';
import { allSets } from '../../route53/table.ts';
import type { LineOf } from '../schema.ts';
import { seedOf } from '../signing.ts';
import type { Living } from './living.ts';
import { type PlainZones, registryOf } from './registry.ts';
import { ofZone, type Request } from './requests.ts';

export const signing = ({ sign, keys }: LineOf<'sign'>, living: Living): Request =>
  ofZone(living, sign, { stimulus: `switch on DNSSEC signing of ${sign}`, action: 'route53:EnableHostedZoneDNSSEC' }, (zone) =>
    enableSigning(zone, seedOf(keys)),
  );

export const unsigning = ({ unsign }: LineOf<'unsign'>, living: Living, plain: PlainZones): Request =>
  ofZone(
    living,
    unsign,
    { stimulus: `switch off DNSSEC signing of ${unsign}`, action: 'route53:DisableHostedZoneDNSSEC' },
    (zone) => disableSigning(zone, listedAbove(zone.name, living, plain)),
  );

/** What is done to one key: which of the four, `check.ts` has seen to. */
export function keying(line: LineOf<'signingKey'>, living: Living, plain: PlainZones): Request {
  const { signingKey: word, create, activate, deactivate, delete: gone = '' } = line;
  if (create !== undefined)
    return ofZone(
      living,
      word,
      { stimulus: `create the key-signing key ${create} for ${word}`, action: 'route53:CreateKeySigningKey' },
      (zone) => createKey(zone, { name: create, seed: seedOf(line.keys ?? create), status: line.status ?? 'ACTIVE' }),
    );
  if (activate !== undefined)
    return ofZone(
      living,
      word,
      { stimulus: `activate the key-signing key ${activate} of ${word}`, action: 'route53:ActivateKeySigningKey' },
      (zone) => activateKey(zone, activate),
    );
  if (deactivate !== undefined)
    return ofZone(
      living,
      word,
      { stimulus: `deactivate the key-signing key ${deactivate} of ${word}`, action: 'route53:DeactivateKeySigningKey' },
      (zone) => deactivateKey(zone, deactivate, listedAbove(zone.name, living, plain)),
    );
  return ofZone(
    living,
    word,
    { stimulus: `delete the key-signing key ${gone} of ${word}`, action: 'route53:DeleteKeySigningKey' },
    (zone) => deleteKey(zone, gone),
  );
}

/** The DS records that zones above have for a name: a registry's, and those of hosted zones. */
function listedAbove(name: Name, living: Living, plain: PlainZones): DelegationSigner[] {
  const listed = plain.setAt(registryOf(name), name, 'DS')?.records ?? [];
  return [...listed.flatMap((one) => dataOf(one, 'DS') ?? []), ...signersIn(living, name)];
}

/** What hosted zones above a name say of its keys. */
const signersIn = (living: Living, name: Name): DelegationSigner[] =>
  [...living.zones.values()].flatMap(({ publication }) => {
    const zone = newest(publication);
    const sets = zone && !isPrivate(zone) && isBelow(name, zone.name) ? [...allSets(zone.records)] : [];
    return sets
      .filter((set) => set.type === 'DS' && sameName(set.name, name))
      .flatMap(({ content }) => (content.kind === 'values' ? content.values.map(({ data }) => data as DelegationSigner) : []));
  });
