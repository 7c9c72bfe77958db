/** Key-signing keys of a zone, one by one: what the service takes and what it refuses, with the names of its errors. */
import { expect, it } from 'vitest';
import type { Name } from '../../src/dns/name.ts';
import { DOCUMENTATION_SET } from '../../src/route53/delegation.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { newHostedZone } from '../../src/route53/hostedZone.ts';
import { activateKey, createKey, deactivateKey, deleteKey } from '../../src/route53/keySigningKeys.ts';
import { dnssecDocument, enableSigning, signersFor } from '../../src/route53/signing.ts';

const plain = newHostedZone({
  id: 'Z0SIMZONE0EXAMPLE1',
  name: 'example.com.' as Name,
  callerReference: 'test',
  comment: '',
  scope: { kind: 'public', delegationSet: DOCUMENTATION_SET },
});
type Made = ReturnType<typeof enableSigning>;
const must = (made: Made): HostedZone => {
  if (!made.ok) throw new Error(made.faults[0]?.text);
  return made.zone;
};
const refusal = (made: Made) => (made.ok ? undefined : { code: made.faults[0]?.code, text: made.faults[0]?.text });
const statuses = (zone: HostedZone) => dnssecDocument(zone).KeySigningKeys.map(({ Name, Status }) => `${Name} ${Status}`);

const one = must(enableSigning(plain, 'first'));
const two = must(createKey(one, { name: 'second', seed: 'second', status: 'ACTIVE' }));

it('a zone may have two keys, each with a tag and a DS record of its own; the first comes with signing', () => {
  expect(statuses(one)).toEqual(['example_com_ksk ACTIVE']);
  expect(statuses(two)).toEqual(['example_com_ksk ACTIVE', 'second ACTIVE']);
  const tags = dnssecDocument(two).KeySigningKeys.map(({ KeyTag }) => KeyTag);
  expect(new Set(tags).size).toBe(2);
  expect(two.signing && signersFor(two.name, two.signing).map(({ keyTag }) => keyTag)).toEqual(tags);
});

it.each<[string, Made, string, RegExp]>([
  [
    'on a zone that is not signed',
    createKey(plain, { name: 'abc', seed: 'a', status: 'ACTIVE' }),
    'InvalidSigningStatus',
    /status isn't valid/,
  ],
  [
    'with a name of two letters',
    createKey(one, { name: 'ab', seed: 'a', status: 'ACTIVE' }),
    'InvalidKeySigningKeyName',
    /isn't a valid name/,
  ],
  [
    'with a name that has a hyphen',
    createKey(one, { name: 'a-key', seed: 'a', status: 'ACTIVE' }),
    'InvalidKeySigningKeyName',
    /isn't a valid name/,
  ],
  [
    'with a name that is there',
    createKey(two, { name: 'second', seed: 'x', status: 'ACTIVE' }),
    'KeySigningKeyAlreadyExists',
    /already created/,
  ],
  [
    'with the key of another',
    createKey(one, { name: 'other', seed: 'first', status: 'ACTIVE' }),
    'KeySigningKeyAlreadyExists',
    /already created/,
  ],
  ['a third', createKey(two, { name: 'third', seed: 'third', status: 'INACTIVE' }), 'TooManyKeySigningKeys', /reached the limit/],
])('creating one %s is refused', (_what, made, code, text) => {
  expect(refusal(made)).toEqual({ code, text: expect.stringMatching(text) });
});

it('the only active one cannot be deactivated while the zone is signed', () => {
  expect(refusal(deactivateKey(one, 'example_com_ksk', []))).toEqual({
    code: 'KeySigningKeyInUse',
    text: "The key-signing key (KSK) that you specified can't be deactivated because it's the only KSK for a currently-enabled DNSSEC. Disable DNSSEC signing, or add or enable another KSK.",
  });
});

it('one that the zone above vouches for cannot be deactivated, the other one can', () => {
  const listed = one.signing ? signersFor(one.name, one.signing) : [];
  expect(refusal(deactivateKey(two, 'example_com_ksk', listed))?.code).toBe('KeySigningKeyInParentDSRecord');
  const rolled = must(deactivateKey(two, 'second', listed));
  expect(statuses(rolled)).toEqual(['example_com_ksk ACTIVE', 'second INACTIVE']);
  expect(rolled.signing && signersFor(rolled.name, rolled.signing)).toEqual(listed);
  expect(statuses(must(activateKey(rolled, 'second')))).toEqual(statuses(two));
});

it('only an inactive one can be deleted', () => {
  expect(refusal(deleteKey(two, 'second'))).toEqual({
    code: 'InvalidKeySigningKeyStatus',
    text: 'Key Signing Key with name second cannot be deleted because current status is not INACTIVE.',
  });
  expect(statuses(must(deleteKey(must(deactivateKey(two, 'second', [])), 'second')))).toEqual(statuses(one));
});

it.each([activateKey, deleteKey, (zone: HostedZone, name: string) => deactivateKey(zone, name, [])])(
  'one that does not exist is not found',
  (act) => {
    expect(refusal(act(two, 'nobody'))?.code).toBe('NoSuchKeySigningKey');
  },
);
