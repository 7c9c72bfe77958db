/** Hosted zones that are signed, as a validating resolver sees them. */
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/dns/message.ts';
import { decode } from '../../src/dns/wire/decode.ts';
import type { HostedZoneDetail } from '../../src/scenario/route53/hostedZoneDetail.ts';
import { run } from '../../src/scenario/run.ts';
import type { Line, Scenario } from '../../src/scenario/schema.ts';
import { happeningsOf } from '../../src/trace/happenings.ts';

const PLAIN = (Name: string, Type: string, Value: string, more: object = {}) => ({
  Name,
  Type,
  TTL: 60,
  ResourceRecords: [{ Value }],
  ...more,
});

const RECORDS = [
  PLAIN('alias-target.example.com.', 'A', '192.0.2.80'),
  PLAIN('there.example.com.', 'CNAME', 'alias-target.example.com.'),
  PLAIN('nowhere.example.com.', 'CNAME', 'missing.example.com.'),
  PLAIN('*.wild.example.com.', 'A', '192.0.2.81'),
  PLAIN('green.example.com.', 'A', '192.0.2.82', { SetIdentifier: 'one', Weight: 1 }),
  PLAIN('green.example.com.', 'A', '192.0.2.83', { SetIdentifier: 'other', Weight: 1 }),
  PLAIN('slow.example.com.', 'A', '192.0.2.84', { TTL: 2_000_000 }),
  PLAIN('child.example.com.', 'NS', 'ns-2048.awsdns-64.com.'),
  {
    Name: 'example.com.',
    Type: 'A',
    AliasTarget: { HostedZoneId: 'Z0SIMZONE0EXAMPLE1', DNSName: 'alias-target.example.com.', EvaluateTargetHealth: false },
  },
];

const scenario = (signed: boolean | object | undefined, stimuli: readonly Line[]): Scenario => ({
  title: 'a signed hosted zone',
  world: {
    hosts: { isp: { settings: { validation: { anchors: 'root' } } } },
    zones: { root: { signed: true }, com: { signed: true } },
    hostedZones: { 'example.com': { records: RECORDS, ...(signed === undefined ? {} : { signed }) } },
  } as NonNullable<Scenario['world']>,
  stimuli: [...stimuli],
});

const ask = (question: string, more: object = {}): Line => ({ ask: question, ad: true, ...more }) as Line;

/** The answers that the browser's host gets from its resolver, in order. */
function answers(stimuli: readonly Line[], signed: boolean | object | undefined = true): Message[] {
  const trace = run(scenario(signed, stimuli));
  const isp = trace.hosts.find(({ id }) => id === 'isp')?.addresses[0];
  const all = trace.messages.flatMap(({ from, bytes }) => {
    const read = decode(bytes);
    return from.address === isp && from.port === 53 && read.ok && read.message.flags.qr ? [read.message] : [];
  });
  // The operating system asks a second time before it gives up.
  return all.filter(({ rcode }, i) => rcode !== 'SERVFAIL' || all[i - 1]?.rcode !== 'SERVFAIL');
}

const only = (question: string, more: object = {}): Message => {
  const [message] = answers([ask(question, { at: 0, ...more })]);
  if (!message) throw new Error(`no answer for ${question}`);
  return message;
};
const seen = ({ rcode, flags, answer }: Message) => ({
  rcode,
  ad: flags.ad,
  answer: answer.filter(({ type }) => type !== 'RRSIG').map(({ type }) => type),
});

describe('a signed hosted zone', () => {
  it.each([
    ['www.example.com A', 'NOERROR', ['A']],
    ['there.example.com A', 'NOERROR', ['CNAME', 'A']],
    ['any.wild.example.com A', 'NOERROR', ['A']],
    ['green.example.com A', 'NOERROR', ['A']],
    ['example.com A', 'NOERROR', ['A']],
    ['example.com NS', 'NOERROR', ['NS', 'NS', 'NS', 'NS']],
    ['example.com DNSKEY', 'NOERROR', ['DNSKEY', 'DNSKEY']],
    ['www.example.com TXT', 'NOERROR', []],
    ['any.wild.example.com TXT', 'NOERROR', []],
    ['wild.example.com A', 'NOERROR', []],
    ['child.example.com DS', 'NOERROR', []],
  ])('is believed from the root down: %s', (question, rcode, types) => {
    expect(seen(only(question))).toEqual({ rcode, ad: true, answer: types });
  });

  it('proves that a name is missing by a name that has nothing, so that the code is NOERROR', () => {
    const message = only('missing.example.com A', { do: true });
    expect(seen(message)).toEqual({ rcode: 'NOERROR', ad: true, answer: [] });
    const proof = message.authority.find(({ type }) => type === 'NSEC');
    expect(proof).toMatchObject({ name: 'missing.example.com.', data: { next: '\\000.missing.example.com.' } });
    expect(seen(only('nowhere.example.com A'))).toEqual({ rcode: 'NOERROR', ad: true, answer: ['CNAME'] });
  });

  it('says nothing of keys to who does not ask for signatures', () => {
    const trace = run(scenario(true, [{ at: 0, ask: 'missing.example.com A', of: 'ns-2048' } as Line]));
    const read = trace.messages
      .map(({ bytes }) => decode(bytes))
      .flatMap((one) => (one.ok && one.message.flags.qr ? [one.message] : []));
    expect(read[0]?.rcode).toBe('NXDOMAIN');
    expect(read[0]?.authority.map(({ type }) => type)).toEqual(['SOA']);
  });

  it('lets nobody keep anything for more than a week', () => {
    expect(only('slow.example.com A').answer[0]?.ttl).toBe(604_800);
  });

  it('has an unsigned zone below it, whose answers are not checked', () => {
    expect(only('child.example.com DS', { do: true }).authority.map(({ type }) => type)).toContain('NSEC');
  });

  it('tells its keys as GetDNSSEC does, and its parent has their hash', () => {
    const trace = run(scenario(true, [ask('example.com DS', { at: 0 })]));
    const change = trace.zoneChanges.find(({ detail }) => (detail as HostedZoneDetail | undefined)?.key === 'example.com');
    const key = (change?.detail as HostedZoneDetail | undefined)?.dnssec?.KeySigningKeys[0];
    expect(key).toMatchObject({ Flag: 257, SigningAlgorithmType: 13, DigestAlgorithmType: 2, Status: 'ACTIVE' });
    const [signer] = only('example.com DS').answer;
    expect(signer).toMatchObject({ type: 'DS', data: { keyTag: key?.KeyTag, algorithm: 13, digestType: 2 } });
  });
});

const WWW = 'www.example.com A';

describe('switching signing on and off', () => {
  it('in the right order is never noticed but by the AD bit', () => {
    const got = answers(
      [
        ask(WWW, { at: 0 }),
        { at: '1 min', sign: 'example.com' },
        ask(WWW, { at: '10 min' }),
        { at: '2 h', ds: 'example.com', ttl: 300, takes: '1 min' },
        ask(WWW, { at: '72 h' }),
        { at: '73 h', ds: 'example.com', remove: true, takes: '1 min' },
        { at: '74 h', unsign: 'example.com' },
        ask(WWW, { at: '75 h' }),
      ] as Line[],
      false,
    );
    expect(got.map((message) => [message.rcode, message.flags.ad])).toEqual([
      ['NOERROR', false],
      ['NOERROR', false],
      ['NOERROR', true],
      ['NOERROR', false],
    ]);
  });

  it('with the DS record first makes the zone vanish until it is signed', () => {
    const got = answers(
      [
        { at: 0, ds: 'example.com', takes: '1 min' },
        ask(WWW, { at: '5 min' }),
        { at: '10 min', sign: 'example.com' },
        ask(WWW, { at: '30 min' }),
      ] as Line[],
      false,
    );
    expect(got.map((message) => [message.rcode, message.flags.ad])).toEqual([
      ['SERVFAIL', false],
      ['NOERROR', true],
    ]);
  });

  it('without waiting for the DS record to be forgotten makes the zone vanish for those who keep it', () => {
    const got = answers([
      ask(WWW, { at: 0 }),
      { at: '1 h', ds: 'example.com', remove: true, takes: '1 min' },
      { at: '2 h', unsign: 'example.com' },
      ask(WWW, { at: '3 h' }),
      ask(WWW, { at: '80 h' }),
    ] as Line[]);
    expect(got.map((message) => [message.rcode, message.flags.ad])).toEqual([
      ['NOERROR', true],
      ['SERVFAIL', false],
      ['NOERROR', false],
    ]);
  });

  it('off is refused while the registry still has the hash of the key', () => {
    const trace = run(scenario(true, [{ at: 0, unsign: 'example.com' }, ask(WWW, { at: '10 min' })] as Line[]));
    const texts = trace.turns.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.kind === 'decide' ? effect.decision.reasons.map(({ text }) => text) : [])),
    );
    expect(texts.join('\n')).toMatch(/is specified in a DS record of the parent zone/);
  });

  it('off is refused, too, while the hash stands in a hosted zone above', () => {
    const child: Line[] = [
      { at: 0, createZone: 'sub.example.com' },
      { at: '1 min', sign: 'sub.example.com' },
    ];
    const made = run(scenario(undefined, child)).zoneChanges.findLast(({ zone }) => zone === 'sub.example.com.')
      ?.detail as HostedZoneDetail;
    const DSRecord = made.dnssec?.KeySigningKeys[0]?.DSRecord ?? '';
    const listed = { Name: 'sub.example.com', Type: 'DS', TTL: 300, ResourceRecords: [{ Value: DSRecord }] };
    const delegated = { Name: 'sub.example.com', Type: 'NS', TTL: 300, ResourceRecords: [{ Value: 'ns.example.net.' }] };
    const trace = run(
      scenario(undefined, [
        ...child,
        {
          at: '2 min',
          change: 'example.com',
          Changes: [delegated, listed].map((ResourceRecordSet) => ({ Action: 'CREATE', ResourceRecordSet })),
        },
        { at: '5 min', unsign: 'sub.example.com' },
        { at: '6 min', deleteZone: 'sub.example.com' },
      ]),
    );
    const said = happeningsOf(trace)
      .map(({ text }) => text)
      .join('\n');
    expect(said).toContain('is specified in a DS record of the parent zone');
    expect(said).toContain('contains DNSSEC Key Signing Keys and so cannot be deleted');
  });

  it('is for an administrator, and the refusal names the action', () => {
    const base = scenario(undefined, [{ at: 0, sign: 'example.com', by: 'Ana' } as Line]);
    const trace = run({ ...base, world: { ...base.world, people: { Ana: { role: 'zone editor' } } } });
    const texts = trace.turns.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.kind === 'decide' ? effect.decision.reasons.map(({ text }) => text) : [])),
    );
    expect(texts.join('\n')).toMatch(/not authorized to perform: route53:EnableHostedZoneDNSSEC/);
  });

  it('with other keys than the registry has is not believed', () => {
    expect(answers([ask(WWW, { at: 0 })], { ds: { keys: 'old' } })[0]?.rcode).toBe('SERVFAIL');
  });
});

describe('another key in place of the first', () => {
  const NAMES = { first: 'example_com_ksk', second: 'second' };
  /** Both vouched for, until the first is forgotten: nobody notices anything. */
  const WELL: Line[] = [
    { at: '1 h', signingKey: 'example.com', create: NAMES.second },
    { at: '3 h', ds: 'example.com', ttl: 300, takes: '1 min' },
    { at: '30 h', ds: 'example.com', only: NAMES.second, ttl: 300, takes: '1 min' },
    { at: '31 h', signingKey: 'example.com', deactivate: NAMES.first },
    { at: '32 h', signingKey: 'example.com', delete: NAMES.first },
  ] as Line[];
  const hours = [0, 2, 4, 30.5, 31.5, 33];
  const asks = hours.map((hour) => ask(`www.example.com A`, { at: `${hour * 60} min` }));
  const inOrder = (lines: readonly Line[]): Line[] => {
    const minutes = ({ at }: Line): number => {
      const [, count = '0', unit] = /^(\d+) ?(h|min)?/.exec(String(at)) ?? [];
      return Number(count) * (unit === 'h' ? 60 : 1);
    };
    return [...lines].sort((a, b) => minutes(a) - minutes(b));
  };
  const documents = (lines: readonly Line[]) =>
    run(scenario(true, inOrder(lines))).zoneChanges.flatMap(({ zone, detail }) =>
      zone === 'example.com.' ? ((detail as HostedZoneDetail | undefined)?.dnssec?.KeySigningKeys ?? []) : [],
    );
  const said = (lines: readonly Line[]): string =>
    happeningsOf(run(scenario(true, inOrder(lines))))
      .map(({ text }) => text)
      .join('\n');

  it('step by step leaves every answer proven', () => {
    const got = answers(inOrder([...WELL, ...asks]));
    expect(got.map((message) => [message.rcode, message.flags.ad])).toEqual(hours.map(() => ['NOERROR', true]));
  });

  it('ends with the second key alone', () => {
    expect(documents(WELL).at(-1)).toMatchObject({ Name: 'second', Status: 'ACTIVE' });
    expect(said(WELL)).not.toContain('refused');
  });

  it('both keys sign the keys while there are two', () => {
    const [message] = answers([
      { at: 0, signingKey: 'example.com', create: 'second' } as Line,
      ask('example.com DNSKEY', { at: '10 min', do: true }),
    ]);
    const types = message?.answer.map(({ type }) => type);
    expect(types).toEqual(['DNSKEY', 'DNSKEY', 'DNSKEY', 'RRSIG', 'RRSIG']);
  });

  it('the registry lists the hash of the keys that the zone has when the order is given', () => {
    const got = answers(
      [
        { at: 0, sign: 'example.com', keys: 'other' },
        { at: '1 h', ds: 'example.com', takes: '1 min' },
        ask('www.example.com A', { at: '3 h' }),
      ] as Line[],
      false,
    );
    expect(got.map((message) => [message.rcode, message.flags.ad])).toEqual([['NOERROR', true]]);
  });

  it('is refused where the service refuses, by the names of its errors', () => {
    const refusals = said([
      { at: '1 min', signingKey: 'example.com', deactivate: NAMES.first },
      { at: '2 min', signingKey: 'example.com', create: 'second' },
      { at: '3 min', signingKey: 'example.com', create: 'third' },
      { at: '4 min', signingKey: 'example.com', deactivate: NAMES.first },
      { at: '5 min', signingKey: 'example.com', delete: 'second' },
      { at: '6 min', ds: 'example.com', only: 'nobody' },
    ] as Line[]);
    for (const code of [
      'KeySigningKeyInUse',
      'TooManyKeySigningKeys',
      'KeySigningKeyInParentDSRecord',
      'InvalidKeySigningKeyStatus',
      'NoSuchKeySigningKey',
    ])
      expect(refusals).toContain(code);
  });

  it('is for an administrator', () => {
    const base = scenario(true, [{ at: 0, signingKey: 'example.com', create: 'second', by: 'Ana' } as Line]);
    const trace = run({ ...base, world: { ...base.world, people: { Ana: { role: 'zone editor' } } } });
    expect(
      happeningsOf(trace)
        .map(({ text }) => text)
        .join(),
    ).toContain('route53:CreateKeySigningKey');
  });
});
