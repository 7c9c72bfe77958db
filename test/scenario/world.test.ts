import { describe, expect, it } from 'vitest';
import type { AuthoritativeView } from '../../src/actors/servers/authoritative.ts';
import { address } from '../../src/base/address.ts';
import { START } from '../../src/base/time.ts';
import { query } from '../../src/dns/message.ts';
import { isSubdomain, name, sameName } from '../../src/dns/name.ts';
import { dataOf } from '../../src/dns/record.ts';
import { zoneProblems } from '../../src/dns/zone/check.ts';
import { parseMasterFile } from '../../src/dns/zone/masterFile.ts';
import { nodeAt, rrsetAt } from '../../src/dns/zone/zone.ts';
import { HOSTS, ZONES } from '../../src/scenario/internet.ts';
import { run } from '../../src/scenario/run.ts';
import { buildWorld } from '../../src/scenario/world.ts';
import { readZoneFile, worldWithZone } from '../../src/scenario/zoneFile.ts';
import { edited, originOf, zonesOf } from '../../src/scenario/zones.ts';
import { describeMessage } from '../../src/trace/describe.ts';
import { rail } from '../../src/trace/steps.ts';
import { visitsOf } from '../../src/trace/visits.ts';
import { scenarioFrom } from './library.ts';

const served = zonesOf([{}]);
const zoneOf = (origin: string) => served.find(({ zone }) => sameName(zone.origin, originOf(origin)))?.zone;

describe('the built-in Internet', () => {
  it.each(Object.keys(ZONES))('has a zone %s without a mistake, and hosts that serve it', (origin) => {
    const { records, mistakes } = parseMasterFile(ZONES[origin]?.records ?? '', { file: origin, origin: originOf(origin) });
    expect(mistakes).toEqual([]);
    expect(zoneProblems(originOf(origin), records).filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const server of ZONES[origin]?.servers ?? []) expect(HOSTS[server]?.role).toBe('authoritative');
  });

  it('gives every name server the address of a host that has the zone', () => {
    for (const { zone, servers } of served) {
      for (const record of rrsetAt(zone, zone.origin, 'NS')?.records ?? []) {
        const server = dataOf(record, 'NS')?.nameServer ?? name('.');
        const home = served
          .filter((one) => isSubdomain(server, one.zone.origin))
          .sort((a, b) => b.zone.origin.length - a.zone.origin.length)[0];
        const address = home && rrsetAt(home.zone, server, 'A')?.records[0];
        const at = address && dataOf(address, 'A')?.address;
        expect(
          servers.some((id) => HOSTS[id]?.addresses.includes(at ?? '')),
          `${server} of ${zone.origin}`,
        ).toBe(true);
      }
    }
  });

  it('delegates every zone from the one above it, to the same servers', () => {
    for (const { zone } of served) {
      if (zone.origin === '.') continue;
      const above = served
        .filter((one) => one.zone !== zone && isSubdomain(zone.origin, one.zone.origin))
        .sort((a, b) => b.zone.origin.length - a.zone.origin.length)[0];
      const names = (z = zone) =>
        rrsetAt(z, zone.origin, 'NS')
          ?.records.map((r) => dataOf(r, 'NS')?.nameServer)
          .sort();
      expect(names(above?.zone), zone.origin).toEqual(names());
    }
  });

  it('has 13 root servers and 13 servers of .com and .net, with 26 addresses each', () => {
    for (const letters of ['.root', '.gtld']) {
      const servers = Object.entries(HOSTS).filter(([id]) => id.endsWith(letters));
      expect(servers).toHaveLength(13);
      expect(new Set(servers.flatMap(([, { addresses }]) => addresses)).size).toBe(26);
    }
  });

  it('calls no place as it calls a host, so that links are not mistaken', () => {
    const places = Object.values(HOSTS).map(({ place }) => place);
    expect(places.filter((place) => place !== undefined && place in HOSTS)).toEqual([]);
  });

  it('has no address twice', () => {
    const all = Object.values(HOSTS).flatMap(({ addresses }) => addresses);
    expect(new Set(all).size).toBe(all.length);
  });

  it('vouches in .com for the address of ns-2048 alone', () => {
    const com = zoneOf('com');
    const glue = ['ns-2048.awsdns-64.com.', 'ns-2049.awsdns-65.net.'].map(
      (server) => com && nodeAt(com, name(server)) !== undefined,
    );
    expect(glue).toEqual([true, false]);
  });

  it('refers a name under .co.uk in one step from the servers of .uk', () => {
    const trace = run(scenarioFrom('title: t\nstimuli: [{ at: 0, ask: ns-2051.awsdns-67.co.uk }]'));
    expect(visitsOf(trace).map(rail)).toEqual(['2-7']);
    expect(trace.messages.map(({ id }) => describeMessage(trace, id)).findLast(({ dns }) => dns)?.dns?.answer).toMatchObject([
      { ttl: 172800 },
    ]);
  });
});

describe('a world', () => {
  it('takes an RRset of a scenario in place of the one of that name and type, and leaves the others', () => {
    const [zone] = zonesOf([
      { zones: { 'example.com': { records: 'www 60 A 192.0.2.1\nwww A 192.0.2.2', without: ['shop A'] } } },
    ]).filter((one) => one.zone.origin === 'example.com.');
    expect(zone && rrsetAt(zone.zone, name('www.example.com.'), 'A')?.records).toHaveLength(2);
    expect(zone && rrsetAt(zone.zone, name('shop.example.com.'), 'A')).toBeUndefined();
    expect(zone && rrsetAt(zone.zone, name('example.com.'), 'NS')?.records).toHaveLength(4);
  });

  it('adds new types at a name without touching those that are there', () => {
    const zone = zoneOf('example.com');
    const after = zone && edited(zone, { set: 'www AAAA 2001:db8::1' });
    expect(after && [...(nodeAt(after, name('www.example.com.'))?.sets.keys() ?? [])]).toEqual(['A', 'AAAA']);
  });

  it('edits the zone on all its servers and says what it holds now', () => {
    const world = buildWorld([{}]);
    const change = world.edit('example.com', { remove: ['www A'] });
    expect(change?.servers).toEqual(['ns-2048', 'ns-2049', 'ns-2050', 'ns-2051']);
    expect(change?.records.some((r) => r.name === 'www.example.com.')).toBe(false);
    expect(world.edit('nowhere.example', {})).toBeUndefined();
  });

  it('keeps an edit to itself: another world of the same layers begins as it is described', () => {
    const layers = [{}];
    const before = buildWorld(layers);
    before.edit('example.com', { remove: ['www A'] });
    const after = buildWorld(layers);
    const names = (zones: typeof after.zones) =>
      zones.find(({ zone }) => zone === 'example.com.')?.records.map((r) => r.name as string);
    expect(names(after.zones)).toContain('www.example.com.');
    const answers = (world: typeof after) => {
      const view = world.hosts.find(({ id }) => id === 'ns-2048')?.memory?.view as AuthoritativeView;
      const asking = { now: START, source: address('198.18.0.53'), random: () => 0 };
      return view.responder(query(1, { name: name('www.example.com.'), type: 'A', class: 'IN' }), asking).value.rcode;
    };
    expect([answers(before), answers(after)]).toEqual(['NXDOMAIN', 'NOERROR']);
  });

  it('takes a zone’s name for all its servers, and a host’s id for itself', () => {
    const world = buildWorld([{}]);
    expect(world.hostsMeant('root')).toHaveLength(13);
    expect(world.hostsMeant('example.net')).toEqual(['ns1', 'ns2']);
    expect(world.hostsMeant('isp')).toEqual(['isp']);
    expect(world.hostsMeant('nobody')).toEqual([]);
  });

  it('begins with nothing when told to', () => {
    expect(buildWorld([{ base: 'nothing' }]).hosts).toEqual([]);
  });

  it('delays and loses packets as its links say', () => {
    const links = 'world: { links: [{ between: [browser, isp], takes: 40 ms }] }\n';
    const slow = run(scenarioFrom(`title: t\n${links}stimuli: [{ at: 0, ask: www.example.com }]`));
    const [first] = slow.packets;
    expect(first && first.fate.at - first.sentAt).toBe(40_000);
    const lossy = run(
      scenarioFrom(
        'title: t\nworld: { links: [{ between: [browser, isp], loss: 1 }] }\nstimuli: [{ at: 0, ask: www.example.com }]',
      ),
    );
    expect(lossy.packets.every(({ fate }) => fate.kind === 'dropped')).toBe(true);
  });
});

describe('a zone file of one’s own', () => {
  const TEXT =
    '$ORIGIN shop.test.\n$TTL 60\n@ SOA ns1 admin 1 7200 900 1209600 900\n@ NS ns1\nns1 A 192.0.2.1\nwww A 192.0.2.44\n';

  it('is served and delegated, also below a top-level domain that this Internet does not have', () => {
    const { zone } = readZoneFile(TEXT, 'shop.zone');
    if (!zone) throw new Error('the zone file has mistakes');
    expect(zone.origin).toBe('shop.test.');
    const trace = run(scenarioFrom('title: t\nstimuli: [{ at: 0, visit: www.shop.test }]'), { overlay: worldWithZone(zone) });
    expect(visitsOf(trace).map(rail)).toEqual(['1-9, errand in 5']);
  });

  it('takes the place of a built-in zone of the same name', () => {
    const { zone } = readZoneFile(
      '@ 60 SOA ns1 admin 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.1\nonly A 192.0.2.7\n',
      'example.com.zone',
    );
    if (!zone) throw new Error('the zone file has mistakes');
    const world = buildWorld([worldWithZone(zone)]);
    const records = world.zones.find((one) => one.zone === 'example.com.')?.records ?? [];
    expect(records.some((r) => r.name === 'only.example.com.')).toBe(true);
    expect(records.some((r) => r.name === 'www.example.com.')).toBe(false);
  });

  it('needs an SOA record or a name that tells the zone', () => {
    expect(readZoneFile('www.example.com. 60 A 192.0.2.1\n', 'records').mistakes).toMatchObject([{ found: 'no SOA record' }]);
  });
});
