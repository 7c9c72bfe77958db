/** Route 53's rules end to end: everything here travels as packets through the simulated network. */
import { describe, expect, test } from 'vitest';
import { inMilliseconds } from '../../src/base/time.ts';
import { dataText } from '../../src/dns/presentation.ts';
import { queryLog } from '../../src/scenario/route53/queryLog.ts';
import { run } from '../../src/scenario/run.ts';
import { describeMessage } from '../../src/trace/describe.ts';
import { happeningsOf } from '../../src/trace/happenings.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { visitsOf } from '../../src/trace/visits.ts';
import { scenarioFrom } from './library.ts';

/** Plays a world, given as YAML, with lines, each in YAML. */
const played = (world: string, lines: readonly string[], seed = 437): Trace =>
  run(
    scenarioFrom(
      `title: t\nseed: ${seed}\nworld:\n${world.replaceAll(/^/gm, '  ')}\nstimuli:\n${lines.map((l) => `  - ${l}\n`).join('')}`,
    ),
  );

/** What those who asked were told, in order: rcode and data of each answer. */
const answers = (trace: Trace): string[] =>
  visitsOf(trace).flatMap(({ conclusion }) => {
    if (conclusion?.kind === 'failed') return [conclusion.rcode ?? 'nothing'];
    if (conclusion?.kind !== 'answered') return [];
    return [[conclusion.rcode, ...conclusion.records.map((one) => dataText(one.type, one.data)).sort()].join(' ')];
  });
/** The data of every answer that a host sent. */
const givenBy = (trace: Trace, host: string): string[] =>
  trace.messages
    .filter(({ fromHost, answers: query }) => fromHost === host && query !== undefined)
    .map(({ id }) => (describeMessage(trace, id).dns?.answer ?? []).map((one) => dataText(one.type, one.data)).join(' '));
const told = (trace: Trace): string[] => happeningsOf(trace).map(({ text }) => text);
/** When something was told, in seconds. */
const when = (trace: Trace, pattern: RegExp): number =>
  inMilliseconds((happeningsOf(trace).find(({ text }) => pattern.test(text))?.at ?? Number.NaN) as never) / 1000;

const record = (name: string, value: string, more = ''): string =>
  `{ Name: ${name}.example.com, Type: A, TTL: 60, ResourceRecords: [{ Value: ${value} }]${more} }`;
const zone = (...records: string[]): string =>
  `hostedZones:\n  example.com:\n    id: Z0ME\n    records:\n${records.map((r) => `      - ${r}\n`).join('')}`;
const change = (at: string, action: string, set: string, more = ''): string =>
  `{ at: ${at}, change: example.com, Changes: [{ Action: ${action}, ResourceRecordSet: ${set} }]${more} }`;

describe('changes (§3.6)', () => {
  const trace = played(zone(record('a', '192.0.2.1')), [
    change('1 s', 'UPSERT', record('a', '192.0.2.2')),
    ...[2048, 2049, 2050, 2051].map((n, i) => `{ at: ${1.2 + i / 10} s, ask: a.example.com A, of: ns-${n} }`),
    ...[2048, 2049, 2050, 2051].map((n, i) => `{ at: ${62 + i} s, ask: a.example.com A, of: ns-${n} }`),
  ]);
  test('a change is PENDING until all four servers have it, INSYNC within 60 s', () => {
    expect(told(trace).join('\n')).toMatch(/PENDING[\s\S]*INSYNC/);
    expect(when(trace, /INSYNC/)).toBeLessThanOrEqual(61);
  });
  test('until then two servers may differ; afterwards all give the new value', () => {
    expect(answers(trace).slice(0, 4)).toContain('NOERROR 192.0.2.1');
    expect(answers(trace).slice(4)).toEqual(Array(4).fill('NOERROR 192.0.2.2'));
  });
  test('one bad change in a batch changes nothing, with the text of the service', () => {
    const bad = played(zone(record('a', '192.0.2.1')), [
      `{ at: 1 s, change: example.com, Changes: [{ Action: UPSERT, ResourceRecordSet: ${record('a', '192.0.2.2')} }, { Action: DELETE, ResourceRecordSet: ${record('b', '192.0.2.2')} }] }`,
      '{ at: 2 min, ask: a.example.com A }',
    ]);
    expect(told(bad).join('\n')).toContain(
      "[Tried to delete resource record set [name='b.example.com.', type='A'] but it was not found]",
    );
    expect(answers(bad)).toEqual(['NOERROR 192.0.2.1']);
  });
  test('a resolver keeps the old value until its TTL has run out, not until INSYNC', () => {
    const kept = played(zone(record('a', '192.0.2.1')), [
      '{ at: 0, ask: a.example.com A }',
      change('1 s', 'UPSERT', record('a', '192.0.2.2')),
      '{ at: 59 s, ask: a.example.com A }',
      '{ at: 62 s, ask: a.example.com A }',
    ]);
    expect(answers(kept)).toEqual(['NOERROR 192.0.2.1', 'NOERROR 192.0.2.1', 'NOERROR 192.0.2.2']);
  });
  test('the sixth request of a second is refused: Throttling', () => {
    const many = played(
      zone(record('a', '192.0.2.1')),
      Array.from({ length: 6 }, () => change('1 s', 'UPSERT', record('a', '192.0.2.2'))),
    );
    expect(told(many).filter((text) => text.includes('Rate exceeded'))).toHaveLength(1);
  });
});

describe('registering (§2.1)', () => {
  test('a name answers once the registry lists it, and where a no is cached, once that has run out', () => {
    const trace = played('inSync: 1 s', [
      '{ at: 0, ask: www.blue-otter.com A }',
      '{ at: 1 s, register: blue-otter.com, takes: 4 min }',
      '{ at: 5 min, change: blue-otter.com, Changes: [{ Action: CREATE, ResourceRecordSet: { Name: www.blue-otter.com, Type: A, TTL: 300, ResourceRecords: [{ Value: 192.0.2.44 }] } }] }',
      '{ at: 6 min, ask: www.blue-otter.com A }',
      '{ at: 16 min, ask: www.blue-otter.com A }',
    ]);
    expect(answers(trace)).toEqual(['NXDOMAIN', 'NXDOMAIN', 'NOERROR 192.0.2.44']);
  });
  test('the no of a hosted zone is kept for 900 s: the smaller of the SOA’s TTL and its minimum', () => {
    const trace = played(zone(record('a', '192.0.2.1')), [
      '{ at: 0, ask: b.example.com A }',
      change('1 s', 'CREATE', record('b', '192.0.2.2')),
      '{ at: 890 s, ask: b.example.com A }',
      '{ at: 902 s, ask: b.example.com A }',
    ]);
    expect(answers(trace)).toEqual(['NXDOMAIN', 'NXDOMAIN', 'NOERROR 192.0.2.2']);
  });
});

describe('alias records (§4)', () => {
  const balancer = 'lb-1.us-east-1.elb.amazonaws.com';
  const aliasTo = (name: string, health: boolean) =>
    `{ Name: ${name}, Type: A, AliasTarget: { HostedZoneId: Z35SXDOTRQ7X7K, DNSName: ${balancer}, EvaluateTargetHealth: ${health} } }`;
  const world = `resources: { balancer: { DNSName: ${balancer}, addresses: [192.0.2.80, 192.0.2.81], healthy: true } }\n${zone(aliasTo('example.com', true), '{ Name: cdn.example.com, Type: CNAME, TTL: 300, ResourceRecords: [{ Value: lb-1.us-east-1.elb.amazonaws.com }] }')}`;
  test('at the apex give the target’s addresses with its TTL of 60 s, and no CNAME travels', () => {
    const trace = played(world, ['{ at: 0, ask: example.com A }']);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.80 192.0.2.81']);
    const records = trace.messages.flatMap(({ id }) => describeMessage(trace, id).dns?.answer ?? []);
    expect(records.filter(({ type }) => type === 'CNAME')).toEqual([]);
    expect(records.every(({ ttl }) => ttl <= 60)).toBe(true);
  });
  test('match their own type only, while a CNAME beside them matches every type', () => {
    const trace = played(world, ['{ at: 0, ask: example.com MX }', '{ at: 1 s, ask: cdn.example.com A }']);
    expect(answers(trace)).toEqual(['NOERROR', `NOERROR 192.0.2.80 192.0.2.81 ${balancer}.`]);
  });
  test('follow the resource when its addresses change, without an edit', () => {
    const trace = played(world, ['{ at: 0, resource: balancer, addresses: [192.0.2.90] }', '{ at: 1 s, ask: example.com A }']);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.90']);
  });
  test('the target answers: the page is there', () => {
    const trace = played(world, ['{ at: 0, visit: example.com }']);
    expect(
      trace.turns.flatMap(({ effects }) => effects).some((one) => one.kind === 'conclude' && one.conclusion.kind === 'page'),
    ).toBe(true);
  });
});

describe('location (§5.1)', () => {
  const geo = (id: string, where: string, value: string) => record('geo', value, `, SetIdentifier: ${id}, GeoLocation: ${where}`);
  const records = zone(
    geo('eu', '{ ContinentCode: EU }', '192.0.2.10'),
    geo('oc', '{ ContinentCode: OC }', '192.0.2.11'),
    geo('all', '{ CountryCode: "*" }', '192.0.2.12'),
  );
  const hosts = (settings: string) => `hosts:
  sydney: { role: program, addresses: 198.18.2.7, resolvers: lisbon-isp }
  lisbon-isp: { role: resolver, addresses: 198.18.10.53, edns: 1232${settings} }
`;
  test('without a client subnet the resolver’s address decides', () => {
    expect(answers(played(hosts('') + records, ['{ at: 0, ask: geo.example.com A, by: sydney }']))).toEqual([
      'NOERROR 192.0.2.10',
    ]);
  });
  test('a client subnet decides where the resolver sends it', () => {
    const trace = played(hosts(', settings: { clientSubnet: { zones: example.com } }') + records, [
      '{ at: 0, ask: geo.example.com A, by: sydney }',
    ]);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.11']);
    expect(queryLog(trace, 'Z0ME').map(({ line }) => line.split(' ').at(-1))).toEqual(['198.18.2.0/24']);
  });
  test('an address that is mapped nowhere gets the default', () => {
    const world = `hosts:\n  far: { role: program, addresses: 203.0.113.7, resolvers: far-isp }\n  far-isp: { role: resolver, addresses: 203.0.113.53, edns: 1232 }\n${records}`;
    expect(answers(played(world, ['{ at: 0, ask: geo.example.com A, by: far }']))).toEqual(['NOERROR 192.0.2.12']);
  });
});

describe('health checks (§6)', () => {
  const check = (config: string) => `healthChecks:\n  main: { config: { ${config} } }\n`;
  const pair = (second = '') =>
    zone(
      record('api', '192.0.2.20', ', SetIdentifier: p, Failover: PRIMARY, HealthCheckId: main'),
      record('api', '192.0.2.21', `, SetIdentifier: s, Failover: SECONDARY${second}`),
    );
  const hosts = 'hosts:\n  primary: { role: web, addresses: 192.0.2.20 }\n  second: { role: web, addresses: 192.0.2.21 }\n';
  const endpoint = (more = '') => check(`Type: HTTP, IPAddress: 192.0.2.20, RequestInterval: 10, FailureThreshold: 2${more}`);
  const unhealthyAt = (config: string, how: string): number =>
    when(
      played(hosts + check(config) + pair(), [`{ at: 60 s, stop: primary${how} }`, '{ at: 6 min, ask: api.example.com A }']),
      /\bunhealthy/,
    );

  // The fact sheet's §6.3: phase, then (threshold − 1) intervals, and the time until a probe is judged bad; and the packets' own way.
  test.each([
    ['30 s, threshold 3, refused', 'Type: HTTP, IPAddress: 192.0.2.20', ', how: refusing', 60, 90],
    ['30 s, threshold 3, silent', 'Type: HTTP, IPAddress: 192.0.2.20', '', 72, 102],
    ['10 s, threshold 3, refused', 'Type: HTTP, IPAddress: 192.0.2.20, RequestInterval: 10', ', how: refusing', 20, 30],
    ['10 s, threshold 3, silent', 'Type: HTTP, IPAddress: 192.0.2.20, RequestInterval: 10', '', 32, 42],
    [
      '10 s, threshold 1, refused',
      'Type: HTTP, IPAddress: 192.0.2.20, RequestInterval: 10, FailureThreshold: 1',
      ', how: refusing',
      0,
      10,
    ],
  ])('timing of a failure (§6.3): %s', (_what, config, how, least, most) => {
    const after = unhealthyAt(config, how) - 60;
    expect(after).toBeGreaterThan(least);
    expect(after).toBeLessThan(most + 2);
  });

  test('failing over: after the check and the TTL the answer is the secondary', () => {
    const trace = played(hosts + endpoint() + pair(), [
      '{ at: 30 s, ask: api.example.com A }',
      '{ at: 31 s, stop: primary, how: refusing }',
      '{ at: 60 s, ask: api.example.com A }',
      '{ at: 3 min, ask: api.example.com A }',
      '{ at: 3 min 1 s, start: primary }',
      '{ at: 6 min, ask: api.example.com A }',
    ]);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.20', 'NOERROR 192.0.2.20', 'NOERROR 192.0.2.21', 'NOERROR 192.0.2.20']);
  });
  test('both unhealthy: the primary, never an empty answer', () => {
    const world = `${hosts + check('Type: HTTP, IPAddress: 192.0.2.20, RequestInterval: 10')}  other: { config: { Type: HTTP, IPAddress: 192.0.2.21, RequestInterval: 10 } }\n${pair(', HealthCheckId: other')}`;
    const trace = played(world, ['{ at: 1 s, stop: [primary, second] }', '{ at: 4 min, ask: api.example.com A }']);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.20']);
  });
  test('the 18 % rule: with 3 of 16 checkers the endpoint is healthy, with 2 it is not', () => {
    // Two checkers stand in each Region, at 198.19.N.10: a line cut for all but n Regions leaves 2n of them.
    const lost = (regions: readonly number[]) =>
      played(hosts + endpoint() + pair(), [
        ...regions.map((n) => `{ at: 1 s, drop: { source: 198.19.${n}.10 }, times: 1000 }`),
        '{ at: 8 min, ask: api.example.com A }',
      ]);
    expect(answers(lost([1, 2, 3, 4, 5, 6]))).toEqual(['NOERROR 192.0.2.20']);
    expect(answers(lost([1, 2, 3, 4, 5, 6, 7]))).toEqual(['NOERROR 192.0.2.21']);
  });
  test('an HTTPS check connects to port 443, and asks there in plain text: there is no TLS here', () => {
    const trace = played(hosts + check('Type: HTTPS, IPAddress: 192.0.2.20, RequestInterval: 10') + pair(), [
      '{ at: 3 min, ask: api.example.com A }',
    ]);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.20']);
    expect(trace.packets.some(({ to }) => to.port === 443)).toBe(true);
  });
  test('an inverted check of a healthy endpoint is unhealthy; a disabled one counts as healthy', () => {
    const asked = (more: string) => answers(played(hosts + endpoint(more) + pair(), ['{ at: 3 min, ask: api.example.com A }']));
    expect(asked(', Inverted: true')).toEqual(['NOERROR 192.0.2.21']);
    expect(asked(', Disabled: true')).toEqual(['NOERROR 192.0.2.20']);
  });
  test('the search string must stand in the page', () => {
    const asked = (text: string) =>
      answers(
        played(
          hosts + check(`Type: HTTP_STR_MATCH, IPAddress: 192.0.2.20, RequestInterval: 10, SearchString: ${text}`) + pair(),
          ['{ at: 3 min, ask: api.example.com A }'],
        ),
      );
    expect(asked('"This page came from"')).toEqual(['NOERROR 192.0.2.20']);
    expect(asked('"this page came from"')).toEqual(['NOERROR 192.0.2.21']);
  });
  test('Route 53 looks at the endpoint of the check, not at the value of the record', () => {
    const elsewhere = check('Type: HTTP, IPAddress: 192.0.2.44, RequestInterval: 10');
    const trace = played(hosts + elsewhere + pair(), ['{ at: 1 s, stop: primary }', '{ at: 3 min, ask: api.example.com A }']);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.20']);
  });
});

describe('CIDR collections (§4.6)', () => {
  const collections = 'cidrCollections:\n  offices: { lisbon: [198.18.1.0/24] }\n';

  test('a collection goes whole, once it is empty and no record uses it', () => {
    const trace = played(collections, [
      '{ at: 1 s, collection: offices, delete: true }',
      '{ at: 10 s, collection: offices, remove: { lisbon: [198.18.1.0/24] } }',
      '{ at: 20 s, collection: offices, delete: true }',
      '{ at: 30 s, collection: offices, delete: true }',
    ]);
    const said = told(trace).filter((text) => text.includes('CIDR collection'));
    expect(said.join('\n')).toContain("This CIDR collection is in use, and isn't empty: offices");
    expect(said.join('\n')).toContain('No CIDR collection exists with id: offices');
    expect(said.filter((text) => /deleted/.test(text))).toHaveLength(1);
  });
  test('a sixth collection is refused', () => {
    const lines = ['a', 'b', 'c', 'd', 'e'].map((id, i) => `{ at: ${i} s, collection: ${id} }`);
    expect(told(played(collections, lines)).join('\n')).toContain('Limit of 5 CIDR collections');
  });
});

describe('private zones and Resolver rules (§7)', () => {
  const vpc = (rules = '') => `vpcs:
  vpc-1: { cidr: 10.0.0.0/16, region: eu-west-1, outside: 198.18.1.53${rules === '' ? '' : `, outbound: [10.0.1.10, 10.0.2.10], rules: [${rules}]`} }
hosts:
  inside: { role: program, addresses: 10.0.0.7, resolvers: vpc-1 }
  office: { role: authoritative, addresses: 10.9.0.53 }
  branch: { role: authoritative, addresses: 10.9.1.53 }
zones:
  corp.example: { servers: [office], records: "corp.example. 60 SOA a.corp.example. b.corp.example. 1 2 3 4 5\\ncorp.example. 60 NS office.corp.example.\\nwww.corp.example. 60 A 10.9.0.80\\nwww.eu.corp.example. 60 A 10.9.0.81" }
  eu.corp.example: { servers: [branch], records: "eu.corp.example. 60 SOA a.eu.corp.example. b.corp.example. 1 2 3 4 5\\neu.corp.example. 60 NS b.eu.corp.example.\\nwww.eu.corp.example. 60 A 10.9.1.80" }
`;
  const own = (name: string, key: string, ...records: string[]) =>
    `  ${key}: { name: ${name}, vpcs: vpc-1, records: [${records.join(', ')}] }\n`;
  const a = (name: string, value: string) => `{ Name: ${name}, Type: A, TTL: 60, ResourceRecords: [{ Value: ${value} }] }`;
  const alias = (name: string, target: string) =>
    `{ Name: ${name}, Type: CNAME, TTL: 60, ResourceRecords: [{ Value: ${target} }] }`;
  const inside = (...names: string[]) => names.map((name, i) => `{ at: ${i * 10} s, ask: ${name}, by: inside }`);

  test('split view: inside the private zone answers, outside the public one', () => {
    const world = `${vpc()}hostedZones:\n${own('example.com', 'private', a('www.example.com', '10.0.0.44'))}`;
    expect(answers(played(world, [...inside('www.example.com A'), '{ at: 1 min, ask: www.example.com A }']))).toEqual([
      'NOERROR 10.0.0.44',
      'NOERROR 192.0.2.44',
    ]);
  });
  test('no fall-through: what the private zone lacks does not exist, though the public zone has it', () => {
    const world = `${vpc()}hostedZones:\n${own('example.com', 'private', a('www.example.com', '10.0.0.44'))}`;
    expect(answers(played(world, inside('shop.example.com A', 'www.example.com MX')))).toEqual(['NXDOMAIN', 'NOERROR']);
  });
  test('a VPC that is tied to a private zone sees it from then on, and untied asks the world again', () => {
    const other = '  vpc-2: { cidr: 10.1.0.0/16, region: eu-west-1, outside: 198.18.1.54 }\n';
    const world = `${vpc().replace('hosts:\n', `${other}hosts:\n`)}hostedZones:\n${own('example.com', 'private', a('www.example.com', '10.0.0.44')).replace('vpcs: vpc-1', 'vpcs: vpc-2')}`;
    const www = (at: string) => `{ at: ${at}, ask: www.example.com A, by: inside }`;
    const trace = played(world, [
      www('0'),
      '{ at: 10 min, associate: private, vpc: vpc-1 }',
      www('11 min'),
      '{ at: 20 min, disassociate: private, vpc: vpc-1 }',
      www('21 min'),
      '{ at: 30 min, disassociate: private, vpc: vpc-2 }',
      '{ at: 31 min, associate: private, vpc: vpc-1, by: reader }',
    ]);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.44', 'NOERROR 10.0.0.44', 'NOERROR 192.0.2.44']);
    expect(told(trace).join('\n')).toContain('The VPC that you are trying to disassociate is the last one of the zone');
    expect(told(trace).join('\n')).toContain('not authorized to perform: route53:AssociateVPCWithHostedZone');
  });
  test('of overlapping private zones the longest match wins', () => {
    const world = `${vpc()}hostedZones:\n${own('example.com', 'wide', a('x.deep.example.com', '10.0.0.1'))}${own('deep.example.com', 'deep', a('y.deep.example.com', '10.0.0.2'))}`;
    expect(answers(played(world, inside('y.deep.example.com A', 'x.deep.example.com A')))).toEqual([
      'NOERROR 10.0.0.2',
      'NXDOMAIN',
    ]);
  });
  test('a CNAME that leads out of a private zone is followed: to the Internet, to another private zone, along a rule', () => {
    const world = `${vpc('{ domain: corp.example, type: FORWARD, targets: [10.9.0.53] }')}hostedZones:\n${own(
      'home.example',
      'home',
      alias('out.home.example', 'www.example.com'),
      alias('next.home.example', 'db.other.example'),
      alias('rule.home.example', 'www.corp.example'),
    )}${own('other.example', 'other', a('db.other.example', '10.0.0.9'))}`;
    const trace = played(
      world,
      inside('out.home.example A', 'next.home.example A', 'rule.home.example A', 'out.home.example CNAME'),
    );
    expect(answers(trace)).toEqual([
      'NOERROR 192.0.2.44 www.example.com.',
      'NOERROR 10.0.0.9 db.other.example.',
      'NOERROR 10.9.0.80 www.corp.example.',
      'NOERROR www.example.com.',
    ]);
  });
  test('of forward rules the most specific wins, and a SYSTEM rule is an exception from a wider one', () => {
    const rules =
      '{ domain: corp.example, type: FORWARD, targets: [10.9.0.53] }, { domain: eu.corp.example, type: FORWARD, targets: [10.9.1.53] }, { domain: here.corp.example, type: SYSTEM }';
    const world = `${vpc(rules)}hostedZones:\n${own('here.corp.example', 'here', a('www.here.corp.example', '10.0.0.5'))}`;
    expect(answers(played(world, inside('www.corp.example A', 'www.eu.corp.example A', 'www.here.corp.example A')))).toEqual([
      'NOERROR 10.9.0.80',
      'NOERROR 10.9.1.80',
      'NOERROR 10.0.0.5',
    ]);
  });
  test('for the same name a FORWARD rule beats a private zone', () => {
    const world = `${vpc('{ domain: corp.example, type: FORWARD, targets: [10.9.0.53] }')}hostedZones:\n${own('corp.example', 'same', a('www.corp.example', '10.0.0.5'))}`;
    expect(answers(played(world, inside('www.corp.example A')))).toEqual(['NOERROR 10.9.0.80']);
  });
});

describe('where a VPC is, and who reaches it (§5.1, §7.2)', () => {
  const world = `vpcs:
  ireland: { cidr: 10.1.0.0/16, region: eu-west-1, outside: 198.18.2.53 }
  sydney: { cidr: 10.2.0.0/16, region: ap-southeast-2, outside: 198.18.1.53, inbound: [10.2.0.10, 10.2.1.10] }
hosts:
  in-ireland: { role: program, addresses: 10.1.0.7, resolvers: ireland }
  in-sydney: { role: program, addresses: 10.2.0.7, resolvers: sydney }
  desk: { role: program, addresses: 192.168.7.7, resolvers: office }
  office: { role: resolver, addresses: 192.168.7.53, settings: { forward: { home.example: [10.2.0.10] } } }
hostedZones:
  home.example:
    vpcs: [ireland, sydney]
    records:
      - { Name: app.home.example, Type: A, TTL: 60, SetIdentifier: eu, Region: eu-west-1, ResourceRecords: [{ Value: 10.1.0.80 }] }
      - { Name: app.home.example, Type: A, TTL: 60, SetIdentifier: au, Region: ap-southeast-2, ResourceRecords: [{ Value: 10.2.0.80 }] }
`;
  test('in a private zone the Region of the VPC decides, not the address that its Resolver has outside', () => {
    const trace = played(world, [
      '{ at: 0, ask: app.home.example A, by: in-ireland }',
      '{ at: 1 s, ask: app.home.example A, by: in-sydney }',
    ]);
    expect(answers(trace)).toEqual(['NOERROR 10.1.0.80', 'NOERROR 10.2.0.80']);
  });
  test('who asks through an inbound endpoint is where that endpoint is', () => {
    expect(answers(played(world, ['{ at: 0, ask: app.home.example A, by: desk }']))).toEqual(['NOERROR 10.2.0.80']);
  });
});

describe('multivalue and traffic policies on the wire (§5.5, §5.6)', () => {
  test('ten healthy values: eight are given, four of those that are four', () => {
    const values = (n: number) =>
      zone(
        ...Array.from({ length: n }, (_, i) => record('m', `192.0.2.${i + 1}`, `, SetIdentifier: m${i}, MultiValueAnswer: true`)),
      );
    const given = (n: number) => answers(played(values(n), ['{ at: 0, ask: m.example.com A }']))[0]?.split(' ').length;
    expect([given(10), given(4)]).toEqual([9, 5]);
  });
  test('a policy record answers by its tree, and by its new version once that is used', () => {
    const policy = (value: string) =>
      `{ AWSPolicyFormatVersion: "2015-10-01", RecordType: A, StartRule: r, Endpoints: { a: { Type: value, Value: ${value} }, b: { Type: value, Value: 192.0.2.2 } }, Rules: { r: { RuleType: failover, Primary: { EndpointReference: a }, Secondary: { EndpointReference: b } } } }`;
    const world = `trafficPolicies: { tree: { document: ${policy('192.0.2.1')}, records: [{ name: app.example.com }] } }\n${zone(record('x', '192.0.2.9'))}`;
    const trace = played(world, [
      '{ at: 0, ask: app.example.com A }',
      `{ at: 1 s, policy: tree, document: ${policy('192.0.2.3')} }`,
      '{ at: 3 min, ask: app.example.com A }',
    ]);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.1', 'NOERROR 192.0.2.3']);
  });
});

describe('who may change what', () => {
  test('a reader’s change is AccessDenied, with the action that was missing, and changes nothing', () => {
    const trace = played(`people: { ana: { role: reader } }\n${zone(record('a', '192.0.2.1'))}`, [
      change('1 s', 'UPSERT', record('a', '192.0.2.2'), ', by: ana'),
      '{ at: 2 min, ask: a.example.com A }',
    ]);
    expect(told(trace).join('\n')).toMatch(/AccessDenied[\s\S]*route53:ChangeResourceRecordSets/);
    expect(answers(trace)).toEqual(['NOERROR 192.0.2.1']);
  });
  test('a zone editor changes the zones that are theirs, and no other', () => {
    const world = `people: { ana: { role: zone editor, zones: [other.example] } }\n${zone(record('a', '192.0.2.1'))}  other.example: { servers: [ns-2048] }\n`;
    const trace = played(world, [change('1 s', 'UPSERT', record('a', '192.0.2.2'), ', by: ana')]);
    expect(told(trace).join('\n')).toContain('AccessDenied');
  });
});

describe('weights (§5.5)', () => {
  test('shares approach the weights over resolver lookups, not over users behind one resolver', () => {
    const records = zone(
      record('app', '192.0.2.10', ', SetIdentifier: blue, Weight: 3').replace('TTL: 60', 'TTL: 0'),
      record('app', '192.0.2.11', ', SetIdentifier: green, Weight: 1').replace('TTL: 60', 'TTL: 0'),
    );
    const trace = played(records, ['{ at: 0, ask: app.example.com A, of: ns-2048, times: 400 }']);
    const blue = givenBy(trace, 'ns-2048').filter((one) => one === '192.0.2.10');
    expect(blue.length).toBeGreaterThan(260);
    expect(blue.length).toBeLessThan(340);
    const kept = givenBy(
      played(records.replaceAll('TTL: 0', 'TTL: 60'), [
        '{ at: 0, ask: app.example.com A }',
        '{ at: 1 s, ask: app.example.com A, times: 50 }',
      ]),
      'isp',
    );
    expect(kept).toHaveLength(51);
    expect(new Set(kept).size).toBe(1);
  });
});
