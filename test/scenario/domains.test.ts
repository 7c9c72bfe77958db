import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../src/scenario/load.ts';
import { run } from '../../src/scenario/run.ts';
import type { Line, Scenario } from '../../src/scenario/schema.ts';
import { happeningsOf } from '../../src/trace/happenings.ts';
import { visitsOf } from '../../src/trace/visits.ts';

const A_RECORD = {
  Action: 'CREATE',
  ResourceRecordSet: { Name: 'www.blue-otter.com', Type: 'A', TTL: 300, ResourceRecords: [{ Value: '192.0.2.44' }] },
};

function played(stimuli: readonly Line[], world?: Scenario['world']) {
  const { scenario, mistakes } = loadScenario({ title: 'T', seed: 7, ...(world ? { world } : {}), stimuli }, { file: 't.yaml' });
  if (!scenario) throw new Error(JSON.stringify(mistakes));
  const trace = run(scenario);
  return {
    told: happeningsOf(trace).map(({ text }) => text),
    ends: visitsOf(trace).map(({ conclusion }) =>
      conclusion?.kind === 'error-page' ? conclusion.code : conclusion?.kind === 'answered' ? conclusion.rcode : conclusion?.kind,
    ),
    trace,
  };
}

const registered = (more: Partial<Extract<Line, { register: string }>> = {}): Line[] => [
  { at: 0, register: 'blue-otter.com', ...more },
  { at: '5 min', change: 'blue-otter.com', Changes: [A_RECORD] },
];
const visit = (at: string): Line => ({ at, visit: 'www.blue-otter.com' });

describe('an order for a name', () => {
  test.each([
    ['com', 'it belongs to a registry'],
    ['co.uk', 'it belongs to a registry'],
    ['www.blue-otter.com', 'it lies below blue-otter.com'],
    ['blue-otter.xyz', 'The top-level domain .xyz is not sold here'],
    ['example.com', 'example.com is not available'],
    ['blue_otter.com', 'blue_otter.com cannot be registered'],
  ])('for %s is refused: %s', (name, text) => {
    expect(played([{ at: 0, register: name }]).told.join()).toContain(text);
  });
  test('is refused while somebody else’s order for the name is under way', () => {
    const { told } = played([
      { at: 0, register: 'blue-otter.com' },
      { at: '1 min', register: 'Blue-Otter.com' },
    ]);
    expect(told.filter((text) => text.includes('is not available'))).toHaveLength(1);
  });
  test('leads from the order to a page, told step by step', () => {
    const { told, ends } = played([...registered({ contact: 'ana@example.net' }), visit('7 min')]);
    expect(told).toEqual([
      'Order for blue-otter.com: accepted',
      'The order for blue-otter.com is taken',
      'ana@example.net, the contact of blue-otter.com, is verified already',
      'A hosted zone blue-otter.com appears, with four name servers',
      '.com lists the name servers of blue-otter.com',
      'Change of blue-otter.com: accepted, PENDING',
      ...told.slice(6, 10),
      'The change of blue-otter.com is INSYNC',
    ]);
    expect(told.slice(6, 10).every((text) => text.endsWith('has the change of blue-otter.com'))).toBe(true);
    expect(ends).toEqual(['page']);
  });
  test('also works for a name below co.uk', () => {
    expect(played([{ at: 0, register: 'blue-otter.co.uk' }]).told).toContain('.co.uk lists the name servers of blue-otter.co.uk');
  });
});

describe('a contact that is not verified', () => {
  test('has the name vanish from .com after 15 days, and come back when the link is followed', () => {
    const { told, ends } = played([
      ...registered({ verified: false, contact: 'ana@example.net' }),
      visit('14 days'),
      visit('17 days'),
      { at: '18 days', verify: 'blue-otter.com' },
      visit('19 days'),
    ]);
    expect(ends).toEqual(['page', 'DNS_PROBE_FINISHED_NXDOMAIN', 'page']);
    expect(told).toContain('Nobody has verified ana@example.net in 15 days');
  });
  test('is forgotten when the link is followed in time', () => {
    const { ends } = played([...registered({ verified: false }), { at: '3 days', verify: 'blue-otter.com' }, visit('17 days')]);
    expect(ends).toEqual(['page']);
  });
  test('does not keep a run going for 15 days', () => {
    expect(played(registered({ verified: false })).trace.end).toBeLessThan(3_600_000_000);
  });
});

describe('a transfer from another registrar', () => {
  const world = { domains: { 'example.net': { registrar: 'Registrar A', age: '90 days', code: 'Heron-7' } } };
  const unlock: Line = { at: '1 min', unlock: 'example.net' };
  const transfer = (code?: string): Line => ({ at: '2 min', transfer: 'example.net', ...(code === undefined ? {} : { code }) });
  test('needs the transfer lock off', () => {
    expect(played([transfer('Heron-7')], world).told.join()).toContain('clientTransferProhibited');
  });
  test.each([undefined, 'Heron-8'])('is refused with the authorization code %s', (code) => {
    expect(played([unlock, transfer(code)], world).told.join()).toContain('authorization code');
  });
  test('is refused within 60 days of the registration', () => {
    const young = { domains: { 'example.net': { age: '59 days', locked: false } } };
    expect(played([transfer('any')], young).told.join()).toContain('less than 60 days ago');
  });
  test('is refused for a name that nobody has, or that is here already', () => {
    expect(played([{ at: 0, transfer: 'nobody.net', code: 'x' }]).told.join()).toContain('nobody.net is not registered');
    const twice = played([unlock, transfer('Heron-7'), { at: '70 days', transfer: 'example.net', code: 'Heron-7' }], world);
    expect(twice.told.join()).toContain('example.net is with Route 53 already');
  });
  test('takes five days and leaves the registry’s zone alone', () => {
    const { told, trace } = played(
      [{ at: 0, visit: 'www.example.net' }, unlock, transfer('Heron-7'), { at: '6 days', visit: 'www.example.net' }],
      world,
    );
    expect(told.at(-1)).toContain('.net lists the same name servers as before');
    expect(trace.zoneChanges.filter(({ zone, at }) => zone === 'net.' && at > 0)).toEqual([]);
  });
});

describe('a registered domain', () => {
  test('has at most six name servers', () => {
    const to = Array.from({ length: 7 }, (_, i) => `ns${i}.example.org`);
    expect(played([{ at: 0, delegate: 'example.net', to }]).told.join()).toContain('A domain can have 6 name servers');
  });
  test('may be edited by later lines of the same file', () => {
    const lines: Line[] = [
      { at: 0, register: 'blue-otter.com' },
      { at: '5 min', edit: 'blue-otter.com', set: 'www 300 A 192.0.2.44' },
    ];
    expect(played([...lines, visit('7 min')]).ends).toEqual(['page']);
  });
});

describe('a private hosted zone that a line creates', () => {
  const world: Scenario['world'] = {
    hosts: { laptop: { role: 'browser', title: 'Laptop', addresses: '10.0.0.10', resolvers: 'vpc-1' } },
    vpcs: { 'vpc-1': { cidr: '10.0.0.0/16' } },
  };
  const create = (vpc: string): Line => ({ at: 0, createZone: 'inside.example', vpc });
  const record: Line = { at: '1 s', edit: 'inside.example', set: 'www 60 A 10.0.0.44' };
  test('is seen from its VPC and from nowhere else', () => {
    const { ends } = played(
      [
        create('vpc-1'),
        record,
        { at: '1 min', ask: 'www.inside.example A', by: 'laptop' },
        { at: '2 min', ask: 'www.inside.example A', by: 'browser' },
      ],
      world,
    );
    expect(ends).toEqual(['NOERROR', 'NXDOMAIN']);
  });
  test('needs a VPC that exists', () => {
    const stimuli = [create('vpc-2')];
    // A file that names none is not loaded; what somebody asks for in the console is refused.
    expect(() => played(stimuli, world)).toThrow('perhaps \\"vpc-1\\"');
    const trace = run({ title: 'T', ...(world ? { world } : {}), stimuli });
    expect(
      happeningsOf(trace)
        .map(({ text }) => text)
        .join(),
    ).toContain('InvalidVPCId');
  });
});
