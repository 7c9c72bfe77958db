import { describe, expect, test } from 'vitest';
import type { HostedZoneDetail } from '../../src/scenario/route53/hostedZoneDetail.ts';
import { run } from '../../src/scenario/run.ts';
import type { Line, Scenario } from '../../src/scenario/schema.ts';
import { describeMessage } from '../../src/trace/describe.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { scenarioNamed } from './library.ts';

const plain: Scenario = { title: 't', stimuli: [{ at: 0, visit: 'www.example.com' }] };
const hosted: Scenario = { ...plain, world: { hostedZones: { 'example.com': {} } } };

const verdicts = (trace: Trace): string[] =>
  trace.turns.flatMap(({ host, effects }) =>
    host === 'route53'
      ? effects.flatMap((effect) =>
          effect.kind === 'decide' && ['change', 'refusal'].includes(effect.decision.about) ? [effect.decision.outcome] : [],
        )
      : [],
  );
const details = (trace: Trace): HostedZoneDetail[] =>
  trace.zoneChanges.flatMap(({ detail }) => (detail === undefined ? [] : [detail as HostedZoneDetail]));
const played = (scenario: Scenario, ...whatIf: Line[]): Trace => run(scenario, { whatIf });
/** What ns-2048 said to those who asked it. */
const said = (trace: Trace) =>
  trace.messages.flatMap(({ id, fromHost, sentAt }) => {
    const { dns } = describeMessage(trace, id);
    return fromHost === 'ns-2048' && dns ? [{ at: sentAt, rcode: dns.rcode, answer: dns.answer }] : [];
  });
const addressesIn = (trace: Trace): string[] =>
  trace.turns.flatMap(({ effects }) =>
    effects.flatMap((effect) =>
      effect.kind === 'conclude' && effect.conclusion.kind === 'page' ? [effect.conclusion.address as string] : [],
    ),
  );

describe('hosted zones', () => {
  test('a zone that is related to no other gets servers of this world; a second one of its name four others', () => {
    const trace = played(
      plain,
      { at: '1 s', createZone: 'blue-otter.com' },
      { at: '2 s', createZone: 'blue-otter.com' },
      { at: '3 s', createZone: 'example.com' },
      { at: '4 s', createZone: 'shop.example.com' },
    );
    const [first, second, third, fourth] = details(trace);
    expect(first).toMatchObject({ key: 'blue-otter.com', private: false });
    expect(first?.nameServers[0]).toBe('ns-2048.awsdns-64.com.');
    expect(trace.zoneChanges.find(({ detail }) => detail === first)?.servers).toHaveLength(4);
    for (const other of [second, third, fourth]) expect(other?.nameServers).not.toContain('ns-2048.awsdns-64.com.');
    // The word of a second zone is its id: its name means the first, hosted or plain.
    expect(second?.key).toBe(second?.id);
    expect(third?.key).toBe(third?.id);
    expect(fourth?.key).toBe('shop.example.com');
  });

  test('a private zone is tied to its VPC, and answers inside it from then on', () => {
    const inside: Scenario = {
      title: 't',
      world: {
        vpcs: { 'vpc-1': { cidr: '10.0.0.0/16', outside: '198.18.1.53' } },
        hosts: { desk: { role: 'browser', addresses: '10.0.0.7', resolvers: 'vpc-1' } },
      },
      stimuli: [{ at: '10 s', ask: 'db.corp.example A', by: 'desk' }],
    };
    const trace = played(
      inside,
      { at: 0, createZone: 'corp.example', vpc: 'vpc-1' },
      {
        at: '1 s',
        change: 'corp.example',
        Changes: [
          {
            Action: 'CREATE',
            ResourceRecordSet: { Name: 'db.corp.example', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '10.0.0.50' }] },
          },
        ],
      },
    );
    expect(details(trace)[0]).toMatchObject({ private: true, vpcs: [{ id: 'vpc-1' }] });
    const answered = trace.turns.flatMap(({ effects }) =>
      effects.flatMap((effect) =>
        effect.kind === 'conclude' && effect.conclusion.kind === 'answered' ? [effect.conclusion] : [],
      ),
    );
    expect(answered[0]?.records[0]?.data).toEqual({ address: '10.0.0.50' });
    expect(verdicts(played(inside, { at: 0, createZone: 'corp.example', vpc: 'vpc-9' }))[0]).toMatch(/refused\. InvalidVPCId: /);
  });

  test('only an empty zone can be deleted; then its servers refuse', () => {
    const full = played(hosted, { at: '1 s', deleteZone: 'example.com' });
    expect(verdicts(full)).toEqual([
      'Hosted zone example.com: refused. HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    ]);
    const gone = played(
      plain,
      { at: '1 s', createZone: 'blue-otter.com' },
      { at: '2 s', deleteZone: 'blue-otter.com' },
      { at: '3 s', ask: 'blue-otter.com SOA', of: 'ns-2048' },
    );
    expect(details(gone).map(({ key, deleted }) => [key, deleted === true])).toEqual([
      ['blue-otter.com', false],
      ['blue-otter.com', true],
    ]);
    const codes = said(gone).map(({ rcode }) => rcode);
    expect(codes.at(-1)).toBe('REFUSED');
  });

  test('Lightsail allows six zones, and takes their entries along when one is deleted', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `${letter}-otter.com`);
    const lines = names.map((createZone, i): Line => ({ at: `${i + 1} s`, createZone, lightsail: true }));
    const trace = played(plain, ...lines);
    expect(verdicts(trace).at(-1)).toMatch(/refused\. LimitsExceeded: You have reached the maximum of 6 DNS zones/);
    expect(details(trace)[0]?.lightsail).toBe(true);
    const deleted = played(
      plain,
      { at: '1 s', createZone: 'a-otter.com', lightsail: true },
      { at: '2 s', lightsail: 'a-otter.com', set: [{ name: '@', type: 'A', target: '192.0.2.44' }] },
      { at: '3 s', deleteZone: 'a-otter.com' },
    );
    expect(verdicts(deleted).at(-1)).toBe('Hosted zone a-otter.com: deleted');
  });
});

describe('who may change what', () => {
  const www = {
    change: 'example.com',
    Changes: [
      {
        Action: 'UPSERT',
        ResourceRecordSet: { Name: 'www.example.com', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.45' }] },
      },
    ],
  };

  test('a reader changes nothing, and is told which action was missing', () => {
    const trace = played(hosted, { at: '1 s', ...www, by: 'reader' });
    expect(verdicts(trace)[0]).toMatch(
      /refused\. AccessDenied: User: arn:aws:iam::111122223333:user\/reader is not authorized to perform: route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone\/Z0SIMZONE0EXAMPLE1 /,
    );
    expect(trace.stimuli.at(-1)?.text).toMatch(/^reader: change example\.com/);
  });

  test('a zone editor changes records, but creates no zones', () => {
    const trace = played(
      hosted,
      { at: '1 s', ...www, by: 'zone editor' },
      { at: '2 s', createZone: 'new.example', by: 'zone editor' },
    );
    expect(verdicts(trace)).toEqual([
      'Change of example.com: accepted, PENDING',
      expect.stringContaining('is not authorized to perform: route53:CreateHostedZone'),
    ]);
  });

  test('a person of the scenario may be kept to some zones', () => {
    const two: Scenario = {
      ...hosted,
      world: {
        hostedZones: { 'example.com': {}, 'example.net': {} },
        people: { Ana: { role: 'zone editor', zones: ['example.net'] } },
      },
    };
    expect(verdicts(played(two, { at: '1 s', ...www, by: 'Ana' }))[0]).toContain('AccessDenied');
  });

  test('a zone that is none of the account’s but on its servers is kept from readers, too', () => {
    const edit = { at: '1 s', edit: 'example.com', set: 'www 60 A 192.0.2.45' };
    const again: Line = { at: '400 s', visit: 'www.example.com' };
    expect(addressesIn(played(plain, { ...edit, by: 'reader' }, again))).toEqual(['192.0.2.44', '192.0.2.44']);
    expect(addressesIn(played(plain, { ...edit, by: 'zone editor' }, again))).toEqual(['192.0.2.44', '192.0.2.45']);
  });
});

describe('traffic policies', () => {
  const scenario = scenarioNamed('traffic-policy');
  const simple = (address: string) => ({
    AWSPolicyFormatVersion: '2015-10-01',
    RecordType: 'A',
    StartEndpoint: 'one',
    Endpoints: { one: { Type: 'value', Value: address } },
  });
  const ask = (at: string): Line => ({ at, ask: 'app.example.com A', of: 'ns-2048' });
  const answers = (trace: Trace): unknown[] =>
    said(trace)
      .filter(({ at }) => at > 300_000_000)
      .map(({ answer, rcode }) => (answer[0]?.data as { address?: string } | undefined)?.address ?? rcode);

  test('a new version answers from then on; an old one can be chosen again; a version may be kept for later', () => {
    const trace = played(
      scenario,
      { at: '300 s', policy: 'by-region', document: simple('192.0.2.77') },
      ask('301 s'),
      { at: '310 s', policy: 'by-region', version: 1 },
      ask('311 s'),
      { at: '320 s', policy: 'by-region', document: simple('192.0.2.78'), version: 1 },
      ask('321 s'),
    );
    expect(answers(trace).map((one) => one === '192.0.2.77')).toEqual([true, false, false]);
    expect(verdicts(trace).at(-1)).toBe('Traffic policy by-region: accepted, version 1');
  });

  test('a policy record binds a version to a name of a public zone, and takes it away again', () => {
    const trace = played(
      scenario,
      { at: '300 s', policy: 'other', document: simple('192.0.2.79') },
      { at: '301 s', policy: 'other', bind: [{ name: 'new.example.com', ttl: 30 }] },
      { at: '370 s', ask: 'new.example.com A', of: 'ns-2048' },
      { at: '380 s', policy: 'other', unbind: ['new.example.com'] },
      { at: '450 s', ask: 'new.example.com A', of: 'ns-2048' },
    );
    expect(answers(trace)).toEqual(['192.0.2.79', 'NXDOMAIN']);
    const twice = played(scenario, { at: '300 s', policy: 'by-region', bind: [{ name: 'app.example.com' }] });
    expect(verdicts(twice).at(-1)).toContain('refused. ');
  });

  test('a version is deleted unless a record uses it, and its number is never used again', () => {
    const trace = played(
      scenario,
      { at: '300 s', policy: 'by-region', discard: [1] },
      { at: '301 s', policy: 'by-region', document: simple('192.0.2.77'), version: 1 },
      { at: '302 s', policy: 'by-region', discard: [2] },
      { at: '303 s', policy: 'by-region', document: simple('192.0.2.78'), version: 1 },
      { at: '304 s', policy: 'by-region', version: 2 },
      { at: '305 s', policy: 'by-region', version: 3 },
      ask('306 s'),
    );
    expect(verdicts(trace).map((outcome) => /refused\. (\w+)/.exec(outcome)?.[1] ?? 'accepted')).toEqual([
      'TrafficPolicyInUse',
      'accepted',
      'accepted',
      'accepted',
      'NoSuchTrafficPolicy',
      'accepted',
    ]);
    expect(answers(trace)).toEqual(['192.0.2.78']);
  });

  test('a version that is bound to one more name leaves the other names as they are', () => {
    const trace = played(
      scenario,
      { at: '300 s', policy: 'by-region', document: simple('192.0.2.77'), version: 1 },
      { at: '301 s', policy: 'by-region', version: 2, bind: [{ name: 'new.example.com' }] },
      { at: '370 s', ask: 'new.example.com A', of: 'ns-2048' },
      ask('371 s'),
    );
    expect(answers(trace)[0]).toBe('192.0.2.77');
    expect(answers(trace)[1]).not.toBe('192.0.2.77');
  });

  test('what is wrong in a document is refused with its place', () => {
    const wrong = { ...simple('192.0.2.777') };
    expect(verdicts(played(scenario, { at: '300 s', policy: 'by-region', document: wrong })).at(-1)).toMatch(
      /refused\. InvalidTrafficPolicyDocument/,
    );
  });
});
