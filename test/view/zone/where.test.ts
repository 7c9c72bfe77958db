import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import type { RecordGroup } from '../../../src/route53/records.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { groupCalled } from '../../../src/view/geometry/zone/formJudge.ts';
import { geoPicture, MAP_SIZE, pointAt } from '../../../src/view/geometry/zone/map.ts';
import { type ShownZone, shownZones } from '../../../src/view/geometry/zone/records.ts';
import { servicesAt } from '../../../src/view/geometry/zone/services.ts';
import type { Bench } from '../../../src/view/geometry/zone/test.ts';
import { compareFrom, placeName, resolverIn, sharesIn, someOf, whoGetsWhat } from '../../../src/view/geometry/zone/where.ts';

const set = (label: string, SetIdentifier: string, routing: object, Value: string) => ({
  Name: `${label}.example.com.`,
  Type: 'A',
  SetIdentifier,
  ...routing,
  TTL: 60,
  ResourceRecords: [{ Value }],
});
const COLLECTION = '0a0a0a0a-1111-2222-3333-444444444444';
const scenario = loadScenario(
  {
    title: 'places',
    world: {
      cidrCollections: { [COLLECTION]: { pacific: ['198.18.2.0/23'] } },
      healthChecks: {
        ok: { config: { Type: 'TCP', IPAddress: '192.0.2.44', Port: 80 }, known: 'healthy' },
        ill: { config: { Type: 'TCP', IPAddress: '192.0.2.45', Port: 80 }, known: 'unhealthy' },
      },
      hostedZones: {
        'example.com': {
          records: [
            set('geo', 'eu', { GeoLocation: { ContinentCode: 'EU' } }, '198.51.100.30'),
            set('geo', 'ca', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' }, HealthCheckId: 'ok' }, '192.0.2.31'),
            set('geo', 'default', { GeoLocation: { CountryCode: '*' } }, '192.0.2.30'),
            set('sick', 'eu', { GeoLocation: { ContinentCode: 'EU' }, HealthCheckId: 'ill' }, '198.51.100.30'),
            set('sick', 'default', { GeoLocation: { CountryCode: '*' } }, '192.0.2.30'),
            set('some', 'eu', { GeoLocation: { ContinentCode: 'EU' } }, '198.51.100.30'),
            set('lat', 'ireland', { Region: 'eu-west-1' }, '198.51.100.20'),
            set('lat', 'sydney', { Region: 'ap-southeast-2' }, '198.51.100.22'),
            set(
              'near',
              'cape',
              { GeoProximityLocation: { Coordinates: { Latitude: '-33.92', Longitude: '18.42' }, Bias: 20 } },
              '192.0.2.51',
            ),
            set('near', 'tokyo', { GeoProximityLocation: { AWSRegion: 'ap-northeast-1' } }, '192.0.2.50'),
            set('net', 'pacific', { CidrRoutingConfig: { CollectionId: COLLECTION, LocationName: 'pacific' } }, '192.0.2.60'),
            set('net', 'rest', { CidrRoutingConfig: { CollectionId: COLLECTION, LocationName: '*' } }, '192.0.2.61'),
            set('zero', 'a', { Weight: 0 }, '192.0.2.44'),
            set('zero', 'b', { Weight: 0 }, '192.0.2.45'),
            set('rest', 'a', { Weight: 10, HealthCheckId: 'ill' }, '192.0.2.44'),
            set('rest', 'b', { Weight: 30 }, '192.0.2.45'),
            set('rest', 'c', { Weight: 0 }, '192.0.2.46'),
            set('down', 'p', { Failover: 'PRIMARY', HealthCheckId: 'ill' }, '192.0.2.44'),
            set('down', 's', { Failover: 'SECONDARY', HealthCheckId: 'ill' }, '192.0.2.45'),
            set('lot', 'blue', { Weight: 1 }, '192.0.2.44'),
            set('lot', 'green', { Weight: 1 }, '192.0.2.45'),
          ],
        },
      },
    },
    stimuli: [{ at: 0, ask: 'geo.example.com A' }],
  },
  { file: 'places.yaml' },
).scenario as Scenario;
const trace = run(scenario);
const shown = shownZones(trace, trace.end)[0] as ShownZone;
const bench: Bench = { zone: shown.zone, services: servicesAt(trace, scenario, { at: trace.end }), now: trace.end, seed: 1 };
const groupOf = (label: string): RecordGroup => groupCalled(shown, name(`${label}.example.com.`), 'A') as RecordGroup;
const getter = (label: string, city: string) => whoGetsWhat(bench, groupOf(label)).find((one) => one.city === city);
const chain = (label: string, city: string): string =>
  (getter(label, city)?.chain ?? []).map(({ words, standing }) => `${words} ${standing}`).join(' > ');

describe('who would get what', () => {
  test('geolocation goes from the state to everywhere else, and says which places have no record', () => {
    expect(getter('geo', 'San Francisco')?.value).toBe('192.0.2.31');
    expect(chain('geo', 'San Francisco')).toBe('California given > United States absent > North America absent > * next');
    expect(chain('geo', 'Lyon')).toBe('France absent > Europe given > * next');
    expect(chain('geo', 'Tokyo')).toBe('Japan absent > Asia absent > * given');
  });

  test('a place whose check fails is passed over', () => {
    expect(chain('sick', 'Lisbon')).toBe('Portugal absent > Europe failing > * given');
  });

  test('without a default some get nothing, and every place of theirs is empty', () => {
    expect(getter('some', 'Tokyo')).toMatchObject({ value: 'nothing' });
    expect(chain('some', 'Tokyo')).toBe('Japan absent > Asia absent > * absent');
  });

  test('latency and distance go from the nearest on, with their figures', () => {
    expect(chain('lat', 'Lisbon')).toMatch(/^eu-west-1, \d+ ms given > ap-southeast-2, \d+ ms next$/);
    expect(chain('near', 'Nairobi')).toMatch(/^cape, 4 100 km as 3 280 km given > tokyo, 11 \d\d\d km next$/);
  });

  test('networks match by their longest block, else by the location *', () => {
    expect(chain('net', 'Sydney')).toBe('pacific, 198.18.2.0/23 given > * next');
    expect(chain('net', 'Tokyo')).toBe('* given');
  });

  test('a few cities show every record that somebody gets', () => {
    const cities = (label: string) => someOf(whoGetsWhat(bench, groupOf(label)), ['Lyon', 'Tokyo']).map(({ city }) => city);
    expect(cities('net')).toEqual(['Sydney', 'Lyon', 'Tokyo']);
    expect(cities('geo')).toEqual(['San Francisco', 'Lyon', 'Tokyo']);
  });

  test('a policy that does not look at the place has nothing to tell', () => {
    expect(whoGetsWhat(bench, groupOf('lot'))).toEqual([]);
  });

  test('a country that nobody knows keeps its code', () => {
    expect([placeName({ kind: 'country', countryCode: '??' }), placeName({ kind: 'country', countryCode: 'FR' })]).toEqual([
      '??',
      'France',
    ]);
  });
});

describe('the same question from two places', () => {
  const compare = (label: string, ...cities: readonly string[]) =>
    compareFrom(bench, { recordName: `${label}.example.com`, recordType: 'A' }, cities);

  test('they differ because the policy looks at the place', () => {
    const found = compare('lat', 'Lisbon', 'Sydney');
    expect(found?.sides.map(({ values }) => values)).toEqual([['198.51.100.20'], ['198.51.100.22']]);
    expect(found?.sides[0]?.record).toBe('ireland, eu-west-1');
    expect(found?.words).toContain('looks at where the question comes from');
  });

  test('they are the same though the policy looks, or because it does not', () => {
    expect(compare('geo', 'Lisbon', 'Lyon')?.words).toContain('finds one record for both');
    expect(compare('www', 'Lisbon', 'Sydney')?.words).toContain('does not look');
  });

  test('what cannot be asked is not compared', () => {
    expect(compareFrom(bench, { recordName: 'geo.example.com', recordType: 'NONE' }, ['Lyon'])).toBeUndefined();
  });
});

describe('shares after health', () => {
  const shares = (label: string) => sharesIn(bench, groupOf(label), resolverIn('Lyon'));

  test('a failing record leaves the draw, and weight 0 waits', () => {
    expect([...shares('rest').shares.values()]).toEqual([0, 1, 0]);
    expect(shares('rest').notes).toEqual([
      'a: unhealthy: leaves the draw.',
      'c: weight 0: used only when all others are unhealthy.',
    ]);
  });

  test('when all weights are 0 each has the same chance', () => {
    expect([...shares('zero').shares.values()]).toEqual([0.5, 0.5]);
    expect(shares('zero').notes).toEqual(['All weights are 0: each has the same chance.']);
  });

  test('when none is healthy the primary is given, and it is said why', () => {
    expect([...shares('down').given]).toEqual(['p']);
    expect(shares('down').notes[0]).toContain('fail open');
  });
});

describe('the map', () => {
  test('a city stands where it lies', () => {
    expect(pointAt({ latitude: 0, longitude: 0 }).x).toBe(MAP_SIZE.width / 2);
    const { cities } = geoPicture(groupOf('geo'), whoGetsWhat(bench, groupOf('geo')));
    for (const { x, y } of cities) expect(x > 0 && x < MAP_SIZE.width && y > 0 && y < MAP_SIZE.height).toBe(true);
    const [lisbon, tokyo] = ['Lisbon', 'Tokyo'].map((city) => cities.find((one) => one.city === city));
    expect((lisbon?.x ?? 0) < (tokyo?.x ?? 0)).toBe(true);
  });

  test('records with a place are joined to their cities; others are only counted', () => {
    const lat = geoPicture(groupOf('lat'), whoGetsWhat(bench, groupOf('lat')));
    expect(lat.sites.map(({ label }) => label)).toEqual(['ireland', 'sydney']);
    expect(lat.cities.every(({ line }) => line !== undefined)).toBe(true);
    const some = geoPicture(groupOf('some'), whoGetsWhat(bench, groupOf('some')));
    expect(some.sites).toEqual([]);
    expect(some.legend.map(({ label }) => label)).toEqual(['eu', 'nothing']);
    expect(some.legend.reduce((sum, { cities }) => sum + cities, 0)).toBe(some.cities.length);
  });
});

test('a resolver of a city has its network', () => {
  expect(resolverIn('Lisbon')).toBe('198.18.10.53');
});
