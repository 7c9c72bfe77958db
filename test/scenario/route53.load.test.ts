import { describe, expect, it, test } from 'vitest';
import { loadScenario } from '../../src/scenario/load.ts';
import { parseYaml } from '../../src/scenario/parse.ts';

/** What is wrong with a file, each "line:column path: found, expected". */
function mistakesIn(text: string): string[] {
  const { data, places, mistakes } = parseYaml(text, 'mine.yaml');
  expect(mistakes).toEqual([]);
  return loadScenario(data, { file: 'mine.yaml', places }).mistakes.map(
    ({ line, column, path, found, expected }) => `${line}:${column} ${path}: found ${found}, expected ${expected}`,
  );
}

const world = (body: string, stimuli = '[{ at: 0, visit: www.example.com }]'): string =>
  `title: mine\nworld:\n${body.replaceAll(/^/gm, '  ')}\nstimuli: ${stimuli}\n`;
const line = (text: string, body = 'hostedZones: { example.com: {} }'): string => world(body, `[${text}]`);

describe('records of hosted zones are held to the rules of the service when a scenario is loaded', () => {
  it('every fault has its place, what was found and what would be right, all at once', () => {
    const found = mistakesIn(
      world(
        `hostedZones:
  example.com:
    records:
      - { Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [{ Value: 192.0.2.300 }] }
      - { Name: b.example.org, Type: A, TTL: 60, ResourceRecords: [{ Value: 192.0.2.1 }] }
      - { Name: c.example.com, Type: A, TTL: -1, ResourceRecords: [{ Value: 192.0.2.1 }] }
      - { Name: example.com, Type: CNAME, TTL: 60, ResourceRecords: [{ Value: d.example.com }] }
      - { Name: e.example.com, Type: CNAME, TTL: 60, ResourceRecords: [{ Value: d.example.com }] }
      - { Name: e.example.com, Type: A, TTL: 60, ResourceRecords: [{ Value: 192.0.2.1 }] }`,
      ),
    );
    expect(found.map((text) => text.split(' ')[0])).toEqual(['6:79', '7:19', '8:48', '9:38', '11:11']);
    expect(found[0]).toMatch(
      /world\.hostedZones\.example\.com\.records\[0\]\.ResourceRecords\[0\]\.Value: found "192\.0\.2\.300"/,
    );
    expect(found[1]).toContain('expected a name that is or ends in example.com');
    expect(found[3]).toContain('records[3].Type: found "CNAME", expected an alias record at the apex');
    expect(found[4]).toContain('a conflicting RRSet of type CNAME with the same DNS name already exists');
  });

  it('a health check, CIDR location or alias target that is not there is a mistake, and the nearest is suggested', () => {
    const found = mistakesIn(
      world(
        `healthChecks: { main: { config: { Type: TCP, IPAddress: 192.0.2.1, Port: 80 } } }
cidrCollections: { offices: { paris: [198.18.4.0/24] } }
resources: { lb: { DNSName: lb-1.us-east-1.elb.amazonaws.com, addresses: [192.0.2.80] } }
hostedZones:
  example.com:
    records:
      - { Name: a.example.com, Type: A, TTL: 60, SetIdentifier: x, Weight: 1, HealthCheckId: mian, ResourceRecords: [{ Value: 192.0.2.1 }] }
      - { Name: b.example.com, Type: A, TTL: 60, SetIdentifier: x, CidrRoutingConfig: { CollectionId: office, LocationName: paris }, ResourceRecords: [{ Value: 192.0.2.1 }] }
      - { Name: c.example.com, Type: A, AliasTarget: { HostedZoneId: Z35SXDOTRQ7X7K, DNSName: lb-2.us-east-1.elb.amazonaws.com, EvaluateTargetHealth: false } }`,
      ),
    );
    expect(found).toHaveLength(3);
    expect(found.join('\n')).toMatch(
      /HealthCheckId: found "mian", expected the id of a health check that exists, perhaps "main"/,
    );
    expect(found.join('\n')).toContain(
      'CidrRoutingConfig.CollectionId: found "office", expected a CIDR collection and a location of it that exist, perhaps "offices"',
    );
    expect(found.join('\n')).toContain('perhaps "lb-1.us-east-1.elb.amazonaws.com"');
  });

  it('an alias into the zone needs its target', () => {
    const [found] = mistakesIn(
      world(
        `hostedZones:
  example.com:
    id: Z0ME
    records:
      - { Name: example.com, Type: A, AliasTarget: { HostedZoneId: Z0ME, DNSName: wwww.example.com, EvaluateTargetHealth: false } }`,
      ),
    );
    expect(found).toContain(
      'AliasTarget.DNSName: found "wwww.example.com", expected a record wwww.example.com. of type A in the zone',
    );
  });

  it('records that the zone has already, built in or of the world, may be alias targets', () => {
    expect(
      mistakesIn(
        world(
          `hostedZones:
  example.com:
    id: Z0ME
    records:
      - { Name: example.com, Type: A, AliasTarget: { HostedZoneId: Z0ME, DNSName: www.example.com, EvaluateTargetHealth: false } }`,
        ),
      ),
    ).toEqual([]);
  });

  it('health checks, CIDR blocks, VPCs, traffic policies and Lightsail entries are read by their own rules', () => {
    const found = mistakesIn(
      world(
        `healthChecks:
  one: { config: { Type: HTTP, IPAddress: 10.0.0.1 } }
  all: { config: { Type: CALCULATED, HealthThreshold: 1, ChildHealthChecks: [oen] } }
cidrCollections: { offices: { paris: [198.18.4.0/28] } }
vpcs: { mine: { cidr: 10.0.0.0 } }
trafficPolicies:
  tree: { document: { AWSPolicyFormatVersion: '2015-10-01', RecordType: A, StartRule: nowhere } }
hostedZones:
  example.com: { vpcs: mien }
  light.example: { entries: [{ name: www, type: A, target: nonsense }] }`,
      ),
    ).join('\n');
    for (const piece of [
      'world.healthChecks.one.config.IPAddress: found "10.0.0.1"',
      'world.healthChecks.all.config.ChildHealthChecks[0]: found "oen", expected a health check of this world, perhaps "one"',
      'world.cidrCollections.offices.paris',
      'world.vpcs.mine.cidr: found "10.0.0.0", expected a block such as 10.0.0.0/16',
      'world.trafficPolicies.tree.document',
      'world.hostedZones.example.com.vpcs: found "mien", expected a VPC of this world, perhaps "mine"',
      'world.hostedZones.light.example.entries[0]',
    ])
      expect(found).toContain(piece);
  });

  it('whoever ties a VPC names one that is there, and only what a line creates may be new', () => {
    const body = `vpcs: { mine: { cidr: 10.0.0.0/16 } }
hostedZones: { inside: { name: example.com, vpcs: mine } }`;
    const lines = `{ at: 1 s, associate: insid, vpc: mien }, { at: 2 s, disassociate: inside, vpc: mine }, { at: 3 s, collection: offices }, { at: 4 s, collection: offices, delete: true }, { at: 5 s, collection: shops, delete: true }`;
    expect(mistakesIn(line(lines, body))).toEqual([
      expect.stringContaining('stimuli[0].associate: found "insid", expected a hosted zone of this world, perhaps "inside"'),
      expect.stringContaining('stimuli[0].vpc: found "mien", expected a VPC of this world, perhaps "mine"'),
      expect.stringContaining('stimuli[4].collection: found "shops", expected a CIDR collection of this world'),
    ]);
  });

  it('a traffic policy’s health checks, and the zones that a person may change, must be there', () => {
    const found = mistakesIn(
      world(
        `healthChecks: { east: { config: { Type: TCP, IPAddress: 192.0.2.1, Port: 80 } } }
people: { ana: { role: zone editor, zones: [exampel.com] } }
trafficPolicies:
  tree:
    document:
      AWSPolicyFormatVersion: '2015-10-01'
      RecordType: A
      StartRule: r
      Endpoints: { a: { Type: value, Value: 192.0.2.1 }, b: { Type: value, Value: 192.0.2.2 } }
      Rules: { r: { RuleType: failover, Primary: { EndpointReference: a, HealthCheck: eats }, Secondary: { EndpointReference: b } } }
hostedZones: { example.com: {} }`,
      ),
    );
    expect(found).toEqual([
      expect.stringContaining(
        'people.ana.zones[0]: found "exampel.com", expected a hosted zone of this world, perhaps "example.com"',
      ),
      expect.stringContaining('Primary.HealthCheck: found "eats", expected a health check of this world, perhaps "east"'),
    ]);
  });

  it('a what-if’s world is checked upon the scenario’s, and its own faults are told once, in its own place', () => {
    const found = mistakesIn(`title: mine
world:
  healthChecks: { main: { config: { Type: TCP, IPAddress: 192.0.2.1, Port: 80 } } }
  hostedZones: { example.com: {} }
stimuli: [{ at: 0, visit: www.example.com }]
whatIf:
  - say: another
    world:
      hostedZones:
        example.com:
          records:
            - { Name: a.example.com, Type: A, TTL: 60, SetIdentifier: x, Weight: 1, HealthCheckId: main, ResourceRecords: [{ Value: 192.0.2.1 }] }
            - { Name: b.example.com, Type: A, TTL: 60, ResourceRecords: [{ Value: nothing }] }
    lines: [{ at: 1 s, undo: exampel.com }]
`);
    expect(found).toEqual([
      expect.stringContaining(
        '13:83 whatIf[0].world.hostedZones.example.com.records[1].ResourceRecords[0].Value: found "nothing"',
      ),
      expect.stringContaining('14:30 whatIf[0].lines[0].undo: found "exampel.com"'),
    ]);
  });

  it('are told beside mistakes of shape', () => {
    const found = mistakesIn(
      `titel: mine\nworld: { hostedZones: { example.com: { records: [{ Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [{ Value: x }] }] } } }\nstimuli: []\n`,
    );
    expect(found.join('\n')).toContain('ResourceRecords[0].Value: found "x"');
    expect(found.join('\n')).toContain('"title"');
  });
});

describe('what lines name of Route 53 must be there, and the nearest is suggested', () => {
  const more = `hostedZones: { example.com: {} }
healthChecks: { main: { config: { Type: TCP, IPAddress: 192.0.2.1, Port: 80 } } }
resources: { balancer: { DNSName: lb-1.us-east-1.elb.amazonaws.com } }
cidrCollections: { offices: {} }
vpcs: { vpc-1: { cidr: 10.0.0.0/16 } }
people: { ana: { role: reader } }`;
  it.each([
    ['a hosted zone', '{ undo: exmple.com }', '"example.com"'],
    ['a hosted zone to change', '{ change: example.org, Changes: [] }', '"example.com"'],
    ['a health check', '{ health: [mian], is: unhealthy }', '"main"'],
    ['a health check to delete', '{ check: mian }', '"main"'],
    ['an alarm', '{ stop: web, on: { alarm: mian } }', '"main"'],
    ['a resource', '{ resource: balancre, healthy: false }', '"balancer"'],
    ['a CIDR collection', '{ collection: office, remove: { paris: [198.18.4.0/24] } }', '"offices"'],
    ['a VPC', '{ createZone: inside.example, vpc: vpc-2 }', '"vpc-1"'],
    ['a person', '{ undo: example.com, by: anna }', '"ana"'],
  ])('%s', (_what, text, meant) => {
    const found = mistakesIn(line(text, more));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^9:\d+ stimuli\[0\]\./);
    expect(found[0]).toContain(`perhaps ${meant}`);
  });

  it('a built-in zone that is no hosted zone says how to make it one', () => {
    expect(mistakesIn('title: m\nstimuli: [{ undo: example.com }]\n')).toEqual([
      '2:19 stimuli[0].undo: found "example.com", expected a hosted zone of this world: name it under "hostedZones"',
    ]);
  });

  it('what lines make is there', () => {
    expect(
      mistakesIn(`title: m
stimuli:
  - { at: 0, register: blue-otter.com }
  - { at: 5 min, undo: blue-otter.com }
  - { at: 6 min, createZone: red.example }
  - { at: 7 min, deleteZone: red.example, by: administrator }
  - { at: 8 min, check: new, config: { Type: TCP, IPAddress: 192.0.2.1, Port: 80 } }
  - { at: 9 min, health: new, is: unhealthy }
  - { at: 9 min, collection: nets, put: { paris: [198.18.4.0/24] } }
`),
    ).toEqual([]);
  });
});

test.each(['a..b', '', '.', '*.example.com', 'a'.repeat(64)])('"%s" is no name for a hosted zone', (word) => {
  expect(mistakesIn(world(`hostedZones: { "${word}": {} }`))).toEqual([
    expect.stringContaining('expected the name of a zone ("example.com"), or a `name` beside the word'),
  ]);
});

describe('lines about key-signing keys', () => {
  it('may stand beside an order for the DS of one of them', () => {
    const all = ['{ at: 0, signingKey: example.com, create: second }', '{ at: 1 h, ds: example.com, only: second }'];
    expect(mistakesIn(line(all.join(', ')))).toEqual([]);
  });
  it.each([
    [
      '{ at: 0, signingKey: example.com, create: second, delete: first }',
      'found create and delete, expected one of create, activate, deactivate, delete',
    ],
    ['{ at: 0, signingKey: example.com }', 'found nothing to do, expected one of create, activate, deactivate, delete'],
    [
      '{ at: 0, signingKey: exampel.com, create: second }',
      'found "exampel.com", expected a hosted zone of this world, perhaps "example.com"',
    ],
  ])('%s is a mistake', (text, mistake) => {
    expect(mistakesIn(line(text))).toEqual([expect.stringContaining(mistake)]);
  });
});
