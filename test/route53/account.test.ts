import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cidr } from '../../src/base/address.ts';
import { address } from '../../src/base/address.ts';
import type { Instant } from '../../src/base/time.ts';
import { instant, seconds } from '../../src/base/time.ts';
import { query, response } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { record } from '../../src/dns/record.ts';
import type { Account, AccountResult } from '../../src/route53/account.ts';
import {
  changeRecords,
  createDelegationSet,
  createHostedZone,
  deleteDelegationSet,
  deleteHostedZone,
  EMPTY_ACCOUNT,
} from '../../src/route53/account.ts';
import { applyChanges } from '../../src/route53/changes.ts';
import { difference } from '../../src/route53/difference.ts';
import { writeRecordSets } from '../../src/route53/formats/recordSets.ts';
import type { HealthCheck } from '../../src/route53/health/healthCheck.ts';
import { addCidrCollection, addHealthCheck, deleteCidrCollection, deleteHealthCheck } from '../../src/route53/holdings.ts';
import { nameServersOf } from '../../src/route53/hostedZone.ts';
import { ACTIONS, checkPermission } from '../../src/route53/permissions.ts';
import { newest, priorRequestPending, publish, statusOf, throttled, versionOn } from '../../src/route53/publication.ts';
import { queryLogEntry, queryLogLine, resolverLogEntry } from '../../src/route53/queryLog.ts';
import type { CidrChange } from '../../src/route53/routing/cidr.ts';
import { changeCidrCollection, longestBlock, newCidrCollection } from '../../src/route53/routing/cidr.ts';
import { batch, byCidr, COLLECTION, emptyZone, plain, weighted, zoneOf } from './sample.ts';

const at = (s: number): Instant => instant(s * 1_000_000);
const dice = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};
const done = <T>(result: AccountResult<T>): { account: Account; value: T } => {
  if (!result.ok) throw new Error(result.faults.map((fault) => fault.text).join());
  return result;
};
const code = (result: AccountResult<unknown>): string => (result.ok ? 'ok' : (result.faults[0]?.code ?? ''));
const zoneIn = (account: Account, text: string, reference = text) =>
  createHostedZone(account, { name: text, callerReference: reference }, dice(reference.length));

describe('creating and deleting hosted zones', () => {
  test('a new public zone has NS and SOA and four servers of its own', () => {
    const { value } = done(zoneIn(EMPTY_ACCOUNT, 'example.com'));
    expect(value.records.size).toBe(2);
    expect(new Set(nameServersOf(value)).size).toBe(4);
    expect(value.id).toMatch(/^Z[A-Z0-9]{12,20}$/);
  });
  test.each(['com', '*.example.com', 'a..b', ''])('no zone can be named %j', (text) => {
    expect(code(zoneIn(EMPTY_ACCOUNT, text, 'r'))).toBe('InvalidDomainName');
  });
  test('a caller reference counts once', () => {
    expect(code(zoneIn(done(zoneIn(EMPTY_ACCOUNT, 'example.com', 'r')).account, 'example.net', 'r'))).toBe(
      'HostedZoneAlreadyExists',
    );
  });
  test('a second zone of one name, or a child, gets other servers', () => {
    let account = EMPTY_ACCOUNT;
    const seen = new Set<string>();
    for (const [i, text] of ['example.com', 'example.com', 'sub.example.com'].entries()) {
      // The same draws each time: the first set is refused where it is taken.
      const random = dice(1);
      const made = done(createHostedZone(account, { name: text, callerReference: `r${i}` }, random));
      account = made.account;
      for (const server of nameServersOf(made.value)) seen.add(server);
    }
    expect(seen.size).toBe(12);
  });
  test('a reusable set serves many zones, but not two of one name', () => {
    const { account, value } = done(createDelegationSet(EMPTY_ACCOUNT, 'set', dice(3)));
    const delegationSetId = value.id as string;
    const one = done(createHostedZone(account, { name: 'example.com', callerReference: 'a', delegationSetId }, dice(1)));
    const two = done(createHostedZone(one.account, { name: 'example.net', callerReference: 'b', delegationSetId }, dice(2)));
    expect(nameServersOf(two.value)).toEqual(nameServersOf(one.value));
    expect(code(createHostedZone(two.account, { name: 'example.com', callerReference: 'c', delegationSetId }, dice(1)))).toBe(
      'ConflictingDomainExists',
    );
    expect(code(deleteDelegationSet(two.account, delegationSetId))).toBe('DelegationSetInUse');
    expect(
      code(createHostedZone(two.account, { name: 'example.org', callerReference: 'd', delegationSetId: 'N0' }, dice(1))),
    ).toBe('NoSuchDelegationSet');
  });
  test('a set can be made of an existing zone’s servers', () => {
    const { account, value } = done(zoneIn(EMPTY_ACCOUNT, 'example.com'));
    expect(done(createDelegationSet(account, 'set', dice(3), value.id)).value.nameServers).toEqual(nameServersOf(value));
  });
  test('a private zone starts with one VPC and no reusable set', () => {
    const vpc = {
      region: 'eu-west-1',
      id: 'vpc-1',
      cidr: '10.0.0.0/16' as Cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
    } as const;
    const made = done(createHostedZone(EMPTY_ACCOUNT, { name: 'example.com', callerReference: 'p', vpc }, dice(1)));
    expect(nameServersOf(made.value)[0]).toBe('ns-0.awsdns-00.com.');
    expect(
      code(createHostedZone(EMPTY_ACCOUNT, { name: 'example.com', callerReference: 'p', vpc, delegationSetId: 'N' }, dice(1))),
    ).toBe('InvalidInput');
    expect(code(createHostedZone(made.account, { name: 'example.com', callerReference: 'q', vpc }, dice(2)))).toBe(
      'ConflictingDomainExists',
    );
  });
  test('a zone can be deleted only when just NS and SOA are left', () => {
    const { account, value } = done(zoneIn(EMPTY_ACCOUNT, 'example.com'));
    const full = done(changeRecords(account, value.id, batch(['CREATE', plain('www', 'A', ['192.0.2.1'])]))).account;
    expect(code(deleteHostedZone(full, value.id))).toBe('HostedZoneNotEmpty');
    expect(code(deleteHostedZone(account, value.id))).toBe('ok');
    expect(code(deleteHostedZone(account, 'Z0'))).toBe('NoSuchHostedZone');
  });
  test('500 zones are the most', () => {
    const zones = new Map(Array.from({ length: 500 }, (_, i) => [`Z${i}`, { ...emptyZone(`Z${i}`), callerReference: `r${i}` }]));
    expect(code(zoneIn({ ...EMPTY_ACCOUNT, zones }, 'new.example'))).toBe('TooManyHostedZones');
  });
});

describe('health checks and CIDR collections of an account', () => {
  const check = (id: string, config: HealthCheck['config']): HealthCheck => ({
    id,
    callerReference: id,
    version: 1,
    name: '',
    config,
  });
  const common = { inverted: false, disabled: false };
  test('a child of a calculated check cannot be deleted', () => {
    const child = check('a', { ...common, kind: 'recovery-control', routingControlArn: 'x' });
    const parent = check('p', { ...common, kind: 'calculated', children: ['a'], healthThreshold: 1 });
    const account = done(addHealthCheck(done(addHealthCheck(EMPTY_ACCOUNT, child)).account, parent)).account;
    expect(code(deleteHealthCheck(account, 'a'))).toBe('HealthCheckInUse');
    expect(code(deleteHealthCheck(account, 'p'))).toBe('ok');
    expect(code(addHealthCheck(account, child))).toBe('HealthCheckAlreadyExists');
  });
  const collection = newCidrCollection(COLLECTION, 'nets');
  const put = (locationName: string, ...cidrList: string[]): CidrChange => ({ action: 'PUT', locationName, cidrList });
  test('a change counts the version up, and may insist on one', () => {
    const changed = changeCidrCollection(collection, [put('home', '198.18.0.0/16')], 1);
    expect(changed.ok && changed.collection.version).toBe(2);
    expect(changeCidrCollection(collection, [put('home', '198.18.0.0/16')], 2)).toMatchObject({
      faults: [{ code: 'CidrCollectionVersionMismatchException' }],
    });
  });
  test.each(['0.0.0.0/0', '192.0.2.0/25', '192.0.2.1/24', '2001:db8::/49', '::/0', 'x'])('block %s is refused', (block) => {
    expect(changeCidrCollection(collection, [put('home', block)]).ok).toBe(false);
  });
  test.each(['192.0.2.0/24', '128.0.0.0/1', '2001:DB8:0::/48'])('block %s is taken', (block) => {
    expect(changeCidrCollection(collection, [put('home', block)]).ok).toBe(true);
  });
  test('PUT adds, DELETE_IF_EXISTS removes, and an empty location goes', () => {
    const one = changeCidrCollection(collection, [put('home', '192.0.2.0/24'), put('home', '198.51.100.0/24')]);
    const two = one.ok
      ? changeCidrCollection(one.collection, [
          { action: 'DELETE_IF_EXISTS', locationName: 'home', cidrList: ['192.0.2.0/24', '203.0.113.0/24'] },
        ])
      : one;
    expect(two.ok && two.collection.locations.get('home')).toEqual(['198.51.100.0/24']);
    const three = two.ok
      ? changeCidrCollection(two.collection, [
          { action: 'DELETE_IF_EXISTS', locationName: 'home', cidrList: ['198.51.100.0/24'] },
        ])
      : two;
    expect(three.ok && three.collection.locations.size).toBe(0);
  });
  test('one wrong change changes nothing', () => {
    expect(
      changeCidrCollection(collection, [put('home', '192.0.2.0/24'), put('too long a name for it', '192.0.2.0/24')]).ok,
    ).toBe(false);
  });
  test('1000 blocks are the most', () => {
    const blocks = Array.from({ length: 1001 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
    expect(changeCidrCollection(collection, [put('home', ...blocks.slice(1))]).ok).toBe(true);
    expect(changeCidrCollection(collection, [put('home', ...blocks)]).ok).toBe(false);
  });
  test('the longest block of a location counts', () => {
    const changed = changeCidrCollection(collection, [put('home', '198.18.0.0/16', '198.18.1.0/24')]);
    expect(changed.ok && longestBlock(changed.collection, 'home', '198.18.1.53/32' as Cidr)).toBe('198.18.1.0/24');
  });
  test('five collections are the most; one in use stays', () => {
    let account = EMPTY_ACCOUNT;
    for (let i = 0; i < 5; i++) account = done(addCidrCollection(account, newCidrCollection(`c${i}`, `n${i}`))).account;
    expect(code(addCidrCollection(account, collection))).toBe('LimitsExceeded');
    const used = {
      ...EMPTY_ACCOUNT,
      cidrCollections: new Map([[COLLECTION, collection]]),
      zones: new Map([['Z', zoneOf(plain('i', 'A', ['192.0.2.1'], byCidr('*')))]]),
    };
    expect(code(deleteCidrCollection(used, COLLECTION))).toBe('CidrCollectionInUseException');
    expect(code(deleteCidrCollection({ ...used, zones: new Map() }, COLLECTION))).toBe('ok');
    const filled = done(
      addCidrCollection(EMPTY_ACCOUNT, { ...collection, locations: new Map([['home', ['198.18.1.0/24' as Cidr]]]) }),
    );
    expect(code(deleteCidrCollection(filled.account, COLLECTION))).toBe('CidrCollectionInUseException');
  });
});

describe('publication', () => {
  const one = emptyZone();
  const two = zoneOf(plain('www', 'A', ['192.0.2.1']));
  test('a change is PENDING until all four servers have it, INSYNC within 60 s', () => {
    const publication = publish([], one, { id: 'C1', at: at(100) }, dice(5));
    const change = publication[0]?.change;
    expect(change && statusOf(change, at(100))).toBe('PENDING');
    expect(change && statusOf(change, at(160))).toBe('INSYNC');
  });
  test('until then two servers may differ; lists show the newest', () => {
    const numbers = [0, 0.25, 0.5, 0.75];
    let i = 0;
    const first = publish([], one, { id: 'C1', at: at(0) }, () => 0);
    const publication = publish(first, two, { id: 'C2', at: at(100) }, () => numbers[i++] as number);
    expect([0, 1, 2, 3].map((server) => versionOn(publication, server, at(120)) === two)).toEqual([true, true, false, false]);
    expect(newest(publication)).toBe(two);
    expect(versionOn(publication, 0, at(50))).toBe(one);
  });
  test('no server goes back behind a version that it has', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(40), { minLength: 2, maxLength: 6 }), (seed, gaps) => {
        const random = dice(seed);
        let when = 0;
        let publication = publish([], one, { id: 'C0', at: at(0) }, random);
        const versions = [one];
        for (const [i, gap] of gaps.entries()) {
          when += gap;
          const next = emptyZone(`Z${i}`);
          versions.push(next);
          publication = publish(publication, next, { id: `C${i + 1}`, at: at(when) }, random);
        }
        for (let server = 0; server < 4; server++) {
          let last = -1;
          for (const s of [...Array(when + 60).keys(), when + 60]) {
            const version = versionOn(publication, server, at(s));
            const index = version ? versions.indexOf(version) : -1;
            expect(index).toBeGreaterThanOrEqual(last);
            last = index;
          }
          expect(last).toBe(versions.length - 1);
        }
      }),
      { numRuns: 30 },
    );
  });
  test('an account makes five requests a second', () => {
    const earlier = [0, 0.1, 0.2, 0.3, 0.4].map(at);
    expect(throttled(earlier, at(0.5))?.code).toBe('Throttling');
    expect(throttled(earlier, at(1))).toBeUndefined();
  });
  test('a change while the one before is being taken in is refused', () => {
    const publication = publish([], one, { id: 'C1', at: at(10) }, () => 0);
    expect(priorRequestPending(publication, at(10), seconds(1))?.code).toBe('PriorRequestNotComplete');
    expect(priorRequestPending(publication, at(11), seconds(1))).toBeUndefined();
  });
});

describe('undo', () => {
  test('the difference of two versions leads from one to the other, and back', () => {
    const set = fc.record({ label: fc.constantFrom('a', 'b', 'c'), type: fc.constantFrom('A', 'TXT', 'w'), value: fc.nat(3) });
    const zone = fc
      .uniqueArray(set, { selector: ({ label, type }) => `${label} ${type === 'w' ? 'A' : type}`, maxLength: 5 })
      .map((sets) =>
        zoneOf(
          ...sets.map(({ label, type, value }) =>
            type === 'TXT'
              ? plain(label, 'TXT', [`"${value}"`])
              : plain(label, 'A', [`192.0.2.${value}`], type === 'w' ? weighted('x', value) : {}),
          ),
        ),
      );
    fc.assert(
      fc.property(zone, zone, (before, after) => {
        const result = applyChanges(before, difference(before, after));
        expect(result.ok && writeRecordSets(result.zone)).toEqual(writeRecordSets(after));
      }),
      { numRuns: 100 },
    );
  });
});

describe('permissions', () => {
  const person = (role: 'administrator' | 'zone editor' | 'reader', zoneIds?: string[]) => ({
    name: 'ana',
    role,
    ...(zoneIds ? { zoneIds } : {}),
  });
  test('an administrator may do everything', () => {
    expect(ACTIONS.every((action) => checkPermission(person('administrator'), action, 'Z1') === undefined)).toBe(true);
  });
  test('a reader may read everything and change nothing', () => {
    const allowed = ACTIONS.filter((action) => checkPermission(person('reader'), action) === undefined);
    expect(allowed.every((action) => /:(List|Get|Test)/.test(action))).toBe(true);
    expect(allowed.length).toBeGreaterThan(5);
  });
  test('a zone editor may change records, of the zones that are theirs, and create none', () => {
    expect(checkPermission(person('zone editor', ['Z1']), 'route53:ChangeResourceRecordSets', 'Z1')).toBeUndefined();
    expect(checkPermission(person('zone editor', ['Z1']), 'route53:ChangeResourceRecordSets', 'Z2')?.code).toBe('AccessDenied');
    expect(checkPermission(person('zone editor'), 'route53:CreateHostedZone')?.code).toBe('AccessDenied');
  });
  test('AccessDenied names the missing action', () => {
    expect(checkPermission(person('reader'), 'route53:ChangeResourceRecordSets', 'Z1')?.text).toContain(
      'is not authorized to perform: route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone/Z1',
    );
  });
});

describe('the query log', () => {
  const about = {
    timestamp: '2026-01-02T03:04:05.678Z',
    zoneId: 'Z0SIMZONE0EXAMPLE1',
    protocol: 'UDP',
    edge: 'FRA50',
    resolver: address('198.51.100.53'),
  } as const;
  test('a line has ten fields', () => {
    const edns = {
      version: 0,
      udpSize: 4096,
      do: false,
      options: [{ option: 'client-subnet', subnet: '203.0.113.0/24' as Cidr, scope: 24 } as const],
    };
    const message = query(1, { name: name('www.example.com.'), type: 'A', class: 'IN' }, { edns });
    const entry = queryLogEntry(response(message, { edns }), about);
    expect(entry && queryLogLine(entry)).toBe(
      '1.0 2026-01-02T03:04:05.678Z Z0SIMZONE0EXAMPLE1 www.example.com A NOERROR UDP FRA50 198.51.100.53 203.0.113.0/24',
    );
  });
  test('a client subnet that was not sent is a dash', () => {
    const message = query(1, { name: name('nope.example.com.'), type: 'AAAA', class: 'IN' });
    const entry = queryLogEntry(response(message, { rcode: 'NXDOMAIN' }), { ...about, edge: 'IAD12' });
    expect(entry && queryLogLine(entry)).toBe(
      '1.0 2026-01-02T03:04:05.678Z Z0SIMZONE0EXAMPLE1 nope.example.com AAAA NXDOMAIN UDP IAD12 198.51.100.53 -',
    );
  });
  test('of a VPC’s Resolver is JSON with the answers in it', () => {
    const message = query(1, { name: name('www.example.com.'), type: 'A', class: 'IN' });
    const answer = [record(name('www.example.com.'), 'A', 60, { address: address('10.0.0.44') })];
    const vpc = {
      region: 'eu-west-1',
      id: 'vpc-1',
      cidr: '10.0.0.0/16' as Cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
    } as const;
    const context = {
      account: '111122223333',
      vpc,
      timestamp: about.timestamp,
      source: address('10.0.0.7'),
      sourcePort: 50_000,
      transport: 'UDP',
      from: { kind: 'instance', id: 'i-1' },
    } as const;
    expect(resolverLogEntry(response(message, { answer }), context)).toMatchObject({
      vpc_id: 'vpc-1',
      query_name: 'www.example.com.',
      answers: [{ Rdata: '10.0.0.44', Type: 'A', Class: 'IN' }],
      srcaddr: '10.0.0.7',
      srcids: { instance: 'i-1' },
    });
  });
});
