/** The error texts and quotas of the service, word by word and number by number (fact sheet, sections 3.5 and 3.7). */
import { describe, expect, test } from 'vitest';
import { changeRecords, deleteHostedZone, EMPTY_ACCOUNT } from '../../src/route53/account.ts';
import { refusalText } from '../../src/route53/faults.ts';
import type { JsonObject } from '../../src/route53/formats/json.ts';
import { LIMITS } from '../../src/route53/limits.ts';
import { alias, batch, emptyZone, faultsOf, plain, weighted, ZONE_ID, zoneOf } from './sample.ts';

/** What a client gets for creating a record in a zone that holds others. */
const refusal = (set: JsonObject, ...present: readonly JsonObject[]): string =>
  refusalText(faultsOf(zoneOf(...present), ['CREATE', set]));
const www = plain('www', 'A', ['192.0.2.44']);
const cname = plain('c', 'CNAME', ['www.example.com']);

describe('the texts of refusals', () => {
  test.each([
    [
      'a name of another zone',
      refusal(plain('', 'A', ['192.0.2.1'], { Name: 'www.example.org' })),
      '[RRSet with DNS name www.example.org. is not permitted in zone example.com.]',
    ],
    [
      'a CNAME at the apex',
      refusal(plain('', 'CNAME', ['x.example.net'])),
      '[RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]',
    ],
    [
      'a CNAME beside others',
      refusal(plain('www', 'CNAME', ['x.example.net']), www),
      '[RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.]',
    ],
    [
      'others beside a CNAME',
      refusal(plain('c', 'A', ['192.0.2.1']), cname),
      '[RRSet of type A with DNS name c.example.com. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.]',
    ],
    [
      'a record that exists',
      refusal(www, www),
      "[Tried to create resource record set [name='www.example.com.', type='A'] but it already exists]",
    ],
    [
      'an alias without target',
      refusal(alias('a', 'A', 'nowhere.example.com')),
      `[Tried to create an alias that targets nowhere.example.com., type A in zone ${ZONE_ID}, but that target was not found]`,
    ],
    [
      'weights with different TTLs',
      refusal(plain('w', 'A', ['192.0.2.1'], { ...weighted('b', 1), TTL: 5 }), plain('w', 'A', ['192.0.2.1'], weighted('a', 1))),
      '[RRSet with DNS name w.example.com., type A, SetIdentifier b cannot be created as weighted sets must contain the same TTL.]',
    ],
    [
      'a string that is too long',
      refusal(plain('t', 'TXT', [`"${'x'.repeat(256)}"`])),
      `[Invalid Resource Record: 'FATAL problem: CharacterStringTooLong (Value is too long) encountered with '"${'x'.repeat(256)}"'']`,
    ],
    [
      'blanks in an address',
      refusal(plain('a', 'A', ['192.0.2.1 192.0.2.2'])),
      "[Invalid Resource Record: 'FATAL problem: ARRDATANotSingleField (Value contains spaces) encountered with '192.0.2.1 192.0.2.2'']",
    ],
    [
      'no address',
      refusal(plain('a', 'A', ['192.0.2.300'])),
      "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2.300'']",
    ],
    [
      'text without quotation marks',
      refusal(plain('t', 'TXT', ['v=spf1 -all'])),
      "[Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with 'v=spf1 -all'']",
    ],
  ])('%s', (_what, text, expected) => {
    expect(text).toBe(expected);
  });

  test('DELETE of what is not there, and of what is otherwise', () => {
    const deleting = (set: JsonObject) => refusalText(faultsOf(zoneOf(www), ['DELETE', set]));
    expect(deleting(plain('x', 'A', ['192.0.2.1']))).toBe(
      "[Tried to delete resource record set [name='x.example.com.', type='A'] but it was not found]",
    );
    expect(deleting(plain('www', 'A', ['192.0.2.45']))).toBe(
      "[Tried to delete resource record set [name='www.example.com.', type='A'] but the values provided do not match the current values]",
    );
    const { TTL: _ttl, ResourceRecords: _records, ...bare } = www;
    expect(deleting(bare)).toBe(
      'Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=DELETE, Name=www.example.com., Type=A, SetIdentifier=null]',
    );
  });

  test('a request that is too large', () => {
    const many = Array.from({ length: 3 }, (_, i) =>
      plain(
        `m${i}`,
        'A',
        Array.from({ length: 400 }, (_v, j) => `192.0.${j >> 8}.${j & 255}`),
      ),
    );
    expect(refusalText(faultsOf(emptyZone(), ...many.map((set) => ['CREATE', set] as const)))).toBe(
      '[Number of records limit of 1000 exceeded.]',
    );
  });

  test('a zone that is not there, and one that is not empty', () => {
    const missing = changeRecords(EMPTY_ACCOUNT, 'Z0NONE', batch(['CREATE', www]));
    expect(missing.ok ? [] : missing.faults).toMatchObject([
      { code: 'NoSuchHostedZone', text: 'No hosted zone found with ID: Z0NONE' },
    ]);
    const full = deleteHostedZone({ ...EMPTY_ACCOUNT, zones: new Map([[ZONE_ID, zoneOf(www)]]) }, ZONE_ID);
    expect(full.ok ? [] : full.faults).toMatchObject([{ code: 'HostedZoneNotEmpty' }]);
  });
});

test('the quotas are those of the service', () => {
  const most = Object.fromEntries(Object.entries(LIMITS).map(([key, limit]) => [key, limit.most]));
  expect(most).toEqual({
    hostedZones: 500,
    keySigningKeys: 2,
    recordSets: 10_000,
    valuesPerSet: 400,
    setsPerGroup: 100,
    geoproximitySetsPerGroup: 30,
    cidrCollections: 5,
    cidrBlocks: 1_000,
    vpcsPerZone: 300,
    healthChecks: 200,
    childHealthChecks: 255,
    trafficPolicies: 50,
    trafficPolicyVersions: 1_000,
    policyRecords: 5,
    delegationSets: 100,
    zonesPerDelegationSet: 100,
    changeElements: 1_000,
    changeCharacters: 32_000,
    valueCharacters: 4_000,
    characterString: 255,
    setIdentifier: 128,
    weight: 255,
    ttl: 2_147_483_647,
    comment: 256,
    callerReference: 128,
    resourceId: 32,
    healthCheckId: 64,
    trafficPolicyDocument: 102_400,
    multivalueAnswers: 8,
    importedRecords: 1_000,
    endpointAddresses: 6,
    lightsailZones: 6,
  });
});
