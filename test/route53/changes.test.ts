import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalText } from '../../src/route53/faults.ts';
import { applyChangeDocument } from '../../src/route53/formats/changeBatch.ts';
import type { JsonObject } from '../../src/route53/formats/json.ts';
import { writeRecordSet } from '../../src/route53/formats/recordSet.ts';
import type { HostedZone } from '../../src/route53/hostedZone.ts';
import { listedSets } from '../../src/route53/table.ts';
import {
  alias,
  batch,
  byCidr,
  CHECK_1,
  COLLECTION,
  emptyZone,
  failover,
  faultsOf,
  geo,
  latency,
  multi,
  near,
  plain,
  privateZone,
  weighted,
  zoneOf,
} from './sample.ts';

const listed = (zone: HostedZone) => listedSets(zone.records).map(writeRecordSet);
const create = (...sets: readonly JsonObject[]) => sets.map((set) => ['CREATE', set] as const);
const texts = (zone: HostedZone, ...sets: readonly JsonObject[]) => faultsOf(zone, ...create(...sets)).map((fault) => fault.text);
const codes = (zone: HostedZone, ...sets: readonly JsonObject[]) => faultsOf(zone, ...create(...sets)).map((fault) => fault.code);
const www = plain('www', 'A', ['192.0.2.44']);

describe('a batch applies whole or not at all', () => {
  test('one bad change changes nothing', () => {
    const zone = zoneOf(www);
    const result = applyChangeDocument(
      zone,
      batch(['CREATE', plain('a', 'A', ['192.0.2.1'])], ['DELETE', plain('b', 'A', ['192.0.2.1'])]),
    );
    expect(result.ok).toBe(false);
    expect(listed(zone)).toEqual(listed(zoneOf(www)));
  });

  test('whatever good changes stand around a bad one, the zone stays as it was', () => {
    const label = fc.stringMatching(/^[a-z]{1,3}$/);
    fc.assert(
      fc.property(fc.uniqueArray(label, { maxLength: 6 }), fc.nat(6), (labels, at) => {
        const good = labels.map((text) => ['UPSERT', plain(text, 'A', ['192.0.2.1'])] as const);
        const zone = zoneOf(www);
        const before = JSON.stringify(listed(zone));
        const changes = [...good.slice(0, at), ['CREATE', plain('bad', 'A', ['300.1.1.1'])] as const, ...good.slice(at)];
        expect(applyChangeDocument(zone, batch(...changes)).ok).toBe(false);
        expect(JSON.stringify(listed(zone))).toBe(before);
      }),
      { numRuns: 50 },
    );
  });

  test('changes are evaluated in order: a CNAME gives way to an alias in one batch', () => {
    const zone = zoneOf(www, plain('shop', 'CNAME', ['www.example.com']));
    const result = applyChangeDocument(
      zone,
      batch(['DELETE', plain('shop', 'CNAME', ['www.example.com'])], ['CREATE', alias('shop', 'A', 'www.example.com')]),
    );
    expect(result.ok).toBe(true);
  });

  test('only the final state counts: the new policy may be named before the old record goes', () => {
    expect(faultsOf(zoneOf(www), ['CREATE', plain('www', 'A', ['192.0.2.45'], weighted('a', 1))], ['DELETE', www])).toEqual([]);
  });
});

describe('CREATE, UPSERT and DELETE', () => {
  test('CREATE fails if the record exists', () => {
    expect(texts(zoneOf(www), www)).toEqual([
      "Tried to create resource record set [name='www.example.com.', type='A'] but it already exists",
    ]);
  });

  test('UPSERT creates what is missing and replaces the whole set otherwise', () => {
    const result = applyChangeDocument(
      zoneOf(plain('www', 'A', ['192.0.2.1', '192.0.2.2'])),
      batch(['UPSERT', plain('www', 'A', ['192.0.2.3'], { TTL: 5 })]),
    );
    expect(result.ok && listed(result.zone)).toContainEqual({
      Name: 'www.example.com.',
      Type: 'A',
      TTL: 5,
      ResourceRecords: [{ Value: '192.0.2.3' }],
    });
  });

  test('UPSERT cannot change the type: another type is another record', () => {
    const result = applyChangeDocument(zoneOf(www), batch(['UPSERT', plain('www', 'AAAA', ['2001:db8::1'])]));
    expect(result.ok && listed(result.zone).filter((set) => set.Name === 'www.example.com.')).toHaveLength(2);
  });

  test('DELETE needs a record that exists', () => {
    expect(faultsOf(zoneOf(www), ['DELETE', plain('w', 'A', ['192.0.2.44'])])[0]?.text).toBe(
      "Tried to delete resource record set [name='w.example.com.', type='A'] but it was not found",
    );
  });

  test.each([
    ['another TTL', plain('www', 'A', ['192.0.2.44'], { TTL: 61 })],
    ['another value', plain('www', 'A', ['192.0.2.45'])],
    ['one value of two', plain('www', 'A', ['192.0.2.44', '192.0.2.45'])],
  ])('DELETE with %s does not match', (_, set) => {
    expect(faultsOf(zoneOf(www), ['DELETE', set])[0]?.text).toContain('but the values provided do not match the current values');
  });

  test('DELETE takes the values in any order', () => {
    const zone = zoneOf(plain('www', 'A', ['192.0.2.1', '192.0.2.2']));
    expect(faultsOf(zone, ['DELETE', plain('www', 'A', ['192.0.2.2', '192.0.2.1'])])).toEqual([]);
  });

  test('deleting the same record twice is refused', () => {
    expect(faultsOf(zoneOf(www), ['DELETE', www], ['DELETE', www])[0]?.text).toContain('invalid set of changes');
  });

  test('an action other than the three is refused with the list', () => {
    expect(faultsOf(zoneOf(www), ['REPLACE', www])[0]).toMatchObject({ code: 'InvalidInput', path: ['Changes', 0, 'Action'] });
    expect(faultsOf(zoneOf(www), ['REPLACE', www])[0]?.text).toContain('[CREATE, DELETE, UPSERT]');
  });

  test('an empty batch is refused', () => {
    expect(faultsOf(emptyZone())[0]?.code).toBe('InvalidInput');
  });

  test('the apex keeps its NS and SOA records', () => {
    const zone = emptyZone();
    const [ns, soa] = listed(zone) as [JsonObject, JsonObject];
    expect(faultsOf(zone, ['DELETE', soa])[0]?.text).toBe('A HostedZone must contain exactly one SOA record.');
    expect(faultsOf(zone, ['DELETE', ns])[0]?.text).toBe('A HostedZone must contain at least one NS record for the zone itself.');
    expect(faultsOf(zone, ['UPSERT', { ...ns, TTL: 60 }])).toEqual([]);
  });

  test('InvalidChangeBatch puts its texts in brackets, other codes do not', () => {
    const faults = faultsOf(emptyZone(), ...create(plain('', 'CNAME', ['a.example.net'])));
    expect(refusalText(faults)).toBe(
      '[RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]',
    );
    expect(refusalText(faultsOf(emptyZone(), ['X', www]))).toMatch(/^Value 'X'/);
  });
});

describe('names', () => {
  test('a name outside the zone is refused', () => {
    expect(texts(emptyZone(), plain('www', 'A', ['192.0.2.1'], { Name: 'www.example.net' }))).toEqual([
      'RRSet with DNS name www.example.net. is not permitted in zone example.com.',
    ]);
  });
  test('with and without the final dot is the same name', () => {
    expect(texts(zoneOf(www), plain('www', 'A', ['192.0.2.1'], { Name: 'WWW.example.com' }))).toHaveLength(1);
  });
  test('a star is a wildcard only as the complete left-most label', () => {
    expect(texts(emptyZone(), plain('*prod', 'A', ['192.0.2.1']))).toHaveLength(1);
    expect(texts(emptyZone(), plain('*', 'A', ['192.0.2.1']), plain('prod.*', 'A', ['192.0.2.1']))).toEqual([]);
  });
  test('wildcards are not for NS records', () => {
    expect(texts(emptyZone(), plain('*', 'NS', ['ns1.example.net']))).toHaveLength(1);
  });
  test.each(['a..b', `${'x'.repeat(64)}`, 'ü', 'a b'])('the name %j is refused', (label) => {
    expect(codes(emptyZone(), plain(label, 'A', ['192.0.2.1']))).toEqual(['InvalidChangeBatch']);
  });
});

describe('CNAME', () => {
  test('is refused at the apex, also as alias', () => {
    expect(texts(emptyZone(), plain('', 'CNAME', ['a.example.net']))).toEqual([
      'RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.',
    ]);
    expect(texts(zoneOf(plain('www', 'CNAME', ['a.example.net'])), alias('', 'CNAME', 'www.example.com'))[0]).toContain(
      'not permitted at apex',
    );
  });
  test('cannot join other records of its name', () => {
    expect(texts(zoneOf(www), plain('www', 'CNAME', ['a.example.net']))).toEqual([
      'RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.',
    ]);
  });
  test.each(['A', 'TXT', 'CAA'])('does not let %s records join it', (type) => {
    const value = { A: '192.0.2.1', TXT: '"x"', CAA: '0 issue ";"' }[type] as string;
    expect(texts(zoneOf(plain('w', 'CNAME', ['a.example.net'])), plain('w', type, [value]))).toEqual([
      `RRSet of type ${type} with DNS name w.example.com. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.`,
    ]);
  });
  test('has exactly one value', () => {
    expect(codes(emptyZone(), plain('w', 'CNAME', ['a.example.net', 'b.example.net']))).toEqual(['InvalidChangeBatch']);
  });
});

describe('values and TTL', () => {
  test('a wrong value bears the words of the service', () => {
    expect(texts(emptyZone(), plain('w', 'A', ['192.0.2.300']))).toEqual([
      "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2.300''",
    ]);
    expect(texts(emptyZone(), plain('w', 'TXT', [`"${'x'.repeat(256)}"`]))[0]).toContain(
      'CharacterStringTooLong (Value is too long)',
    );
  });
  test('a value stands once in a record', () => {
    expect(texts(emptyZone(), plain('w', 'A', ['192.0.2.1', '192.0.2.1']))).toEqual(["Duplicate Resource Record: '192.0.2.1'"]);
  });
  test('400 values are taken, 401 refused', () => {
    const values = (n: number) => Array.from({ length: n }, (_, i) => `192.0.${i >> 8}.${i & 255}`);
    expect(texts(emptyZone(), plain('w', 'A', values(400)))).toEqual([]);
    expect(texts(emptyZone(), plain('w', 'A', values(401)))).toEqual(['Cannot have more than 400 records in a RRSet.']);
  });
  test('TTL is required beside values and forbidden beside an alias', () => {
    const { TTL: _, ...without } = www;
    expect(texts(emptyZone(), without)).toEqual([
      'Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, Name=www.example.com., Type=A, SetIdentifier=null]',
    ]);
    expect(texts(zoneOf(www), alias('w', 'A', 'www.example.com', { TTL: 60 }))[0]).toContain(
      'but found more than one in Change with',
    );
  });
  test.each([-1, 2_147_483_648, 1.5, '60'])('TTL %j is refused', (TTL) => {
    expect(codes(emptyZone(), { ...www, TTL })).toEqual(['InvalidInput']);
  });
  test.each([0, 2_147_483_647])('TTL %j is taken', (TTL) => {
    expect(codes(emptyZone(), { ...www, TTL })).toEqual([]);
  });
});

describe('routing policies', () => {
  test('a simple record has no SetIdentifier, any other needs one', () => {
    expect(texts(emptyZone(), { ...www, SetIdentifier: 'x' })[0]).toContain('but found none in Change with');
    expect(texts(emptyZone(), { ...www, Weight: 1 })[0]).toBe(
      "Invalid request: Missing field 'SetIdentifier' in Change with [Action=CREATE, Name=www.example.com., Type=A, SetIdentifier=null]",
    );
  });
  test.each([0, 129])('a SetIdentifier of %j characters is refused', (length) => {
    expect(codes(emptyZone(), { ...www, ...weighted('x'.repeat(length), 1) })).toEqual(['InvalidInput']);
  });
  test('two policies in one record are refused', () => {
    expect(texts(emptyZone(), { ...www, ...weighted('a', 1), Region: 'eu-west-1' })[0]).toContain('but found more than one');
  });
  test('all sets of one name and type use the same policy', () => {
    expect(texts(zoneOf(www), plain('www', 'A', ['192.0.2.45'], weighted('a', 1)))).toEqual([
      'RRSet with DNS name www.example.com., type A, SetIdentifier a cannot be created as other RRSets exist with the same name and type.',
    ]);
    expect(
      texts(zoneOf(plain('www', 'A', ['192.0.2.1'], weighted('a', 1))), plain('www', 'A', ['192.0.2.45'], latency('eu-west-1'))),
    ).toHaveLength(1);
  });
  test('a SetIdentifier is unique in its group', () => {
    expect(texts(zoneOf({ ...www, ...weighted('a', 1) }), { ...www, ...weighted('a', 2) })[0]).toContain('but it already exists');
  });
  test('all weighted sets of a group have the same TTL', () => {
    expect(texts(zoneOf({ ...www, ...weighted('a', 1) }), { ...www, ...weighted('b', 2), TTL: 61 })).toEqual([
      'RRSet with DNS name www.example.com., type A, SetIdentifier b cannot be created as weighted sets must contain the same TTL.',
    ]);
  });
  test.each([-1, 256, 1.5])('weight %j is refused', (weight) => {
    expect(codes(emptyZone(), { ...www, ...weighted('a', weight) })).toEqual(['InvalidInput']);
  });
  test('a Region stands once in a latency group and must exist', () => {
    expect(
      texts(emptyZone(), { ...www, ...latency('eu-west-1') }, { ...www, ...latency('eu-west-1', { SetIdentifier: 'b' }) }),
    ).toHaveLength(1);
    expect(codes(emptyZone(), { ...www, ...latency('eu-north-9') })).toEqual(['InvalidInput']);
  });
  test('no two geolocation sets have the same location', () => {
    expect(
      texts(emptyZone(), { ...www, ...geo('a', { CountryCode: 'BR' }) }, { ...www, ...geo('b', { CountryCode: 'BR' }) }),
    ).toHaveLength(1);
  });
  test('ContinentCode together with CountryCode is InvalidInput', () => {
    expect(codes(emptyZone(), { ...www, ...geo('a', { ContinentCode: 'EU', CountryCode: 'FR' }) })).toEqual(['InvalidInput']);
  });
  test.each([
    { ContinentCode: 'XX' },
    { CountryCode: 'XX' },
    { CountryCode: 'FR', SubdivisionCode: 'IDF' },
    { CountryCode: 'US', SubdivisionCode: 'ZZ' },
    {},
  ])('location %j does not exist', (location) => {
    expect(codes(emptyZone(), { ...www, ...geo('a', location) })).toEqual(['InvalidInput']);
  });
  test('failover has one primary and one secondary', () => {
    const pair = [
      { ...www, ...failover('PRIMARY') },
      { ...www, ...failover('SECONDARY') },
    ];
    expect(texts(emptyZone(), ...pair)).toEqual([]);
    expect(texts(emptyZone(), ...pair, { ...www, ...failover('SECONDARY', { SetIdentifier: 'c' }) }).length).toBeGreaterThan(0);
  });
  test('geoproximity takes exactly one of Region, Local Zone group and coordinates, and a bias from -99 to 99', () => {
    expect(codes(emptyZone(), { ...www, ...near('a', { AWSRegion: 'eu-west-1', LocalZoneGroup: 'x' }) })).toEqual([
      'InvalidInput',
    ]);
    expect(codes(emptyZone(), { ...www, ...near('a', { Bias: 5 }) })).toEqual(['InvalidInput']);
    expect(codes(emptyZone(), { ...www, ...near('a', { AWSRegion: 'eu-west-1', Bias: 100 }) })).toEqual(['InvalidInput']);
    expect(codes(emptyZone(), { ...www, ...near('a', { Coordinates: { Latitude: '91', Longitude: '0' } }) })).toEqual([
      'InvalidInput',
    ]);
    expect(
      codes(emptyZone(), { ...www, ...near('a', { Coordinates: { Latitude: '-33.92', Longitude: '18.42' }, Bias: -99 }) }),
    ).toEqual([]);
  });
  test('all IP-based sets of a group use the same CIDR collection', () => {
    const other = { CidrRoutingConfig: { CollectionId: 'other', LocationName: 'b' } };
    expect(texts(emptyZone(), { ...www, ...byCidr('a') }, { ...www, ...byCidr('b', other) })[0]).toContain(
      'same CIDR collection',
    );
  });
  test.each(['', 'x'.repeat(17), 'a b'])('CIDR location name %j is refused', (name) => {
    expect(codes(emptyZone(), { ...www, ...byCidr(name, { SetIdentifier: 'x' }) })).toEqual(['InvalidInput']);
  });
  test.each(['NS', 'SOA', 'DS'])('type %s is for simple routing only', (type) => {
    const value = { NS: 'ns.example.net', SOA: 'a. b. 1 2 3 4 5', DS: `1 13 2 ${'ab'.repeat(32)}` }[type] as string;
    expect(
      texts(emptyZone(), plain('sub', type, [value], weighted('a', 1))).some((text) =>
        text.includes('cannot use weighted routing'),
      ),
    ).toBe(true);
  });
  test('multivalue is for values only, and not for CNAME', () => {
    expect(texts(zoneOf(www), alias('m', 'A', 'www.example.com', multi('a')))).toEqual([
      'Multivalue answer records cannot be alias records',
    ]);
    expect(texts(emptyZone(), plain('m', 'CNAME', ['a.example.net'], multi('a')))).toHaveLength(1);
  });
  test('100 weighted sets of a name and type are taken, 101 refused; geoproximity 30', () => {
    const sets = (n: number) => Array.from({ length: n }, (_, i) => ({ ...www, ...weighted(`s${i}`, 1) }));
    expect(texts(emptyZone(), ...sets(100))).toEqual([]);
    expect(texts(emptyZone(), ...sets(101))).toHaveLength(1);
    const nearSets = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ ...www, ...near(`s${i}`, { LocalZoneGroup: `g${i}` }) }));
    expect(texts(emptyZone(), ...nearSets(30))).toEqual([]);
    expect(texts(emptyZone(), ...nearSets(31))).toHaveLength(1);
  });
  test('a private zone takes neither geoproximity nor IP-based sets, but latency', () => {
    expect(texts(privateZone(), { ...www, ...byCidr('a') })).toHaveLength(1);
    expect(texts(privateZone(), { ...www, ...near('a', { AWSRegion: 'eu-west-1' }) })).toHaveLength(1);
    expect(texts(privateZone(), { ...www, ...latency('eu-west-1') })).toEqual([]);
  });
});

describe('alias records', () => {
  const CLOUDFRONT = 'Z2FDTNDATAQYW2';
  test('need an existing target of the same type when they point into their own zone', () => {
    expect(texts(zoneOf(www), alias('', 'AAAA', 'www.example.com'))).toEqual([
      'Tried to create an alias that targets www.example.com., type AAAA in zone Z0SIMZONE0EXAMPLE1, but that target was not found',
    ]);
    expect(texts(zoneOf(www), alias('', 'A', 'www.example.com'))).toEqual([]);
  });
  test('may name a target that the same batch creates', () => {
    expect(texts(emptyZone(), alias('', 'A', 'www.example.com'), www)).toEqual([]);
  });
  test('to CloudFront cannot evaluate target health and cannot stand in a private zone', () => {
    expect(texts(emptyZone(), alias('', 'A', 'd1.cloudfront.net', {}, true, CLOUDFRONT))).toHaveLength(1);
    expect(texts(emptyZone(), alias('', 'A', 'd1.cloudfront.net', {}, false, CLOUDFRONT))).toEqual([]);
    expect(texts(privateZone(), alias('', 'A', 'd1.cloudfront.net', {}, false, CLOUDFRONT))).toHaveLength(1);
  });
  test.each(['NS', 'SOA'])('cannot be of type %s', (type) => {
    expect(texts(emptyZone(), alias('', type, 'example.com'))).toContain(`RRSet of type ${type} cannot be an alias`);
  });
  test('with failover routing must evaluate target health', () => {
    expect(texts(zoneOf(www), alias('f', 'A', 'www.example.com', failover('PRIMARY')))).toHaveLength(1);
    expect(texts(zoneOf(www), alias('f', 'A', 'www.example.com', failover('PRIMARY'), true))).toEqual([]);
  });
});

describe('limits of one request', () => {
  const sets = (n: number, value = '"x"') => Array.from({ length: n }, (_, i) => plain(`n${i}`, 'TXT', [value]));
  test('1000 values are taken, 1001 refused', () => {
    expect(texts(emptyZone(), ...sets(1000))).toEqual([]);
    expect(texts(emptyZone(), ...sets(1001))).toEqual(['Number of records limit of 1000 exceeded.']);
  });
  test('UPSERT counts double', () => {
    const upsert = (n: number) => faultsOf(emptyZone(), ...sets(n).map((set) => ['UPSERT', set] as const));
    expect(upsert(500)).toEqual([]);
    expect(upsert(501)[0]?.text).toBe('Number of records limit of 1000 exceeded.');
  });
  test('32,000 characters in all values', () => {
    const value = `"${'x'.repeat(198)}"`;
    expect(texts(emptyZone(), ...sets(160, value))).toEqual([]);
    expect(texts(emptyZone(), ...sets(161, value))).toEqual(['Number of characters limit of 32000 exceeded.']);
  });
});

test('a zone keeps what it has beyond its quota, and takes no more', () => {
  const zone = zoneOf(www, plain('a', 'A', ['192.0.2.1']), plain('b', 'A', ['192.0.2.2']));
  const after = (action: string, set: JsonObject) => applyChangeDocument(zone, batch([action, set]), { quota: 2 });
  expect(after('UPSERT', plain('www', 'A', ['192.0.2.45'])).ok).toBe(true);
  expect(after('DELETE', plain('a', 'A', ['192.0.2.1'])).ok).toBe(true);
  expect(after('CREATE', plain('c', 'A', ['192.0.2.3']))).toMatchObject({
    ok: false,
    faults: [{ text: 'Number of resource record sets limit of 10000 exceeded.' }],
  });
});

describe('ids that the account knows', () => {
  const known = { healthChecks: new Set([CHECK_1]), cidrCollections: new Map([[COLLECTION, new Set(['home'])]]) };
  test('a health check must exist', () => {
    const changes = (id: string) => applyChangeDocument(emptyZone(), batch(['CREATE', { ...www, HealthCheckId: id }]), known);
    expect(changes(CHECK_1).ok).toBe(true);
    expect(changes('other')).toMatchObject({ ok: false, faults: [{ code: 'NoSuchHealthCheck' }] });
  });
  test('a CIDR collection and its location must exist; location * always does', () => {
    const changes = (location: string) =>
      applyChangeDocument(emptyZone(), batch(['CREATE', { ...www, ...byCidr(location) }]), known);
    expect(changes('home').ok).toBe(true);
    expect(changes('*').ok).toBe(true);
    expect(changes('away')).toMatchObject({ ok: false, faults: [{ code: 'NoSuchCidrCollectionException' }] });
  });
});

describe('CNAMEs and aliases that lead in a circle', () => {
  const loop = (type: string, name: string): string =>
    `RRSet of type ${type} with DNS name ${name}.example.com. is not permitted as it creates a CNAME or alias loop in the zone.`;
  const cname = (name: string, target: string): JsonObject => plain(name, 'CNAME', [target]);
  const within = (name: string, target: string): JsonObject => alias(name, 'A', `${target}.example.com.`);

  test('an alias of itself is refused', () => {
    expect(texts(zoneOf(), within('a', 'a'))).toEqual([loop('A', 'a')]);
  });
  test('so are CNAMEs in a circle, all of them that the batch brings', () => {
    expect(texts(zoneOf(), cname('a', 'b.example.com'), cname('b', 'c.example.com'), cname('c', 'a.example.com'))).toEqual(
      ['a', 'b', 'c'].map((name) => loop('CNAME', name)),
    );
    expect(texts(zoneOf(cname('a', 'b.example.com')), cname('b', 'a.example.com'))).toEqual([loop('CNAME', 'b')]);
  });
  test('one branch of a tree is enough', () => {
    const branch = { ...within('a', 'b'), SetIdentifier: 'z', Weight: 1 };
    expect(texts(zoneOf(plain('b', 'A', ['192.0.2.1'])), branch)).toEqual([]);
    expect(texts(zoneOf(), branch, { ...within('b', 'a'), SetIdentifier: 'z', Weight: 1 })).toEqual([
      loop('A', 'a'),
      loop('A', 'b'),
    ]);
  });
  test('whoever only leads into a circle is not part of it', () => {
    const circle = [cname('b', 'c.example.com'), cname('c', 'b.example.com')];
    expect(texts(zoneOf(), cname('a', 'b.example.com'), ...circle)).toEqual([loop('CNAME', 'b'), loop('CNAME', 'c')]);
  });
  test('a long chain that ends is none', () => {
    const chain = Array.from({ length: 200 }, (_, i) => cname(`n${i}`, `n${i + 1}.example.com`));
    expect(texts(zoneOf(), ...chain)).toEqual([]);
  });
  test('another type of the same name is another way', () => {
    expect(
      texts(
        zoneOf(plain('a', 'AAAA', ['2001:db8::1'])),
        alias('b', 'AAAA', 'a.example.com.'),
        within('a', 'b'),
        plain('b', 'A', ['192.0.2.1']),
      ),
    ).toEqual([]);
  });
});

describe('an alias names the hosted zone of its target', () => {
  const outside = (name: string, id: string): string =>
    `Tried to create an alias that targets ${name}, type A in zone ${id}, but the alias target name does not lie within the target zone`;
  const to = (DNSName: string, HostedZoneId: string): JsonObject => ({
    Name: 'a.example.com',
    Type: 'A',
    AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: false },
  });
  const BALANCER = 'dualstack.lb-1.us-west-2.elb.amazonaws.com.';

  test.each([
    ['a distribution', 'd111111abcdef8.cloudfront.net.', 'Z2FDTNDATAQYW2', 'Z35SXDOTRQ7X7K'],
    ['a load balancer', BALANCER, 'Z1H1FL5HABSF5', 'Z35SXDOTRQ7X7K'],
    ['a website', 's3-website-us-east-1.amazonaws.com.', 'Z3AQBSTGFYJSTF', 'Z35SXDOTRQ7X7K'],
    ['an accelerator', 'a1234.awsglobalaccelerator.com.', 'Z2BJ6XQ5FK7U4H', 'Z2FDTNDATAQYW2'],
  ])('%s has the id of its service and Region', (_what, name, right, wrong) => {
    expect(texts(zoneOf(), to(name, right))).toEqual([]);
    expect(texts(zoneOf(), to(name, wrong))).toEqual([outside(name, wrong)]);
  });
  test('the own zone’s id with a name outside of it is refused for both reasons, as the service does', () => {
    expect(texts(zoneOf(), to(BALANCER, 'Z0SIMZONE0EXAMPLE1'))).toEqual([
      outside(BALANCER, 'Z0SIMZONE0EXAMPLE1'),
      `Tried to create an alias that targets ${BALANCER}, type A in zone Z0SIMZONE0EXAMPLE1, but that target was not found`,
    ]);
  });
});
