import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import type { Line } from '../../../src/scenario/schema.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { splitView, vpcPictures, vpcTies } from '../../../src/view/geometry/console/private.ts';
import { shownZones } from '../../../src/view/geometry/zone/records.ts';
import { servicesAt } from '../../../src/view/geometry/zone/services.ts';
import { scenarioNamed } from '../../scenario/library.ts';
import { played } from '../runs.ts';

const pictureOf = (lesson: string, trace: Trace, seconds: number, asked?: string) => {
  const at = (seconds * 1_000_000) as never;
  const zones = shownZones(trace, at);
  return vpcPictures(trace, scenarioNamed(lesson), zones, at, asked === undefined ? undefined : name(asked))[0];
};

describe('the Resolver of a VPC', () => {
  const trace = played('hybrid-rules');
  const won = (seconds: number): string[] =>
    (pictureOf('hybrid-rules', trace, seconds)?.ways ?? []).map(({ what, domain, fit }) => `${fit} ${domain} ${what}`);

  test('takes the most specific domain that fits the last question, be it a rule or a zone', () => {
    expect(won(1)).toEqual([
      'no cloud.corp.example.net. private hosted zone',
      'wins corp.example.net. FORWARD rule corp',
      'fits . automatic rule Internet Resolver',
    ]);
    expect(won(11)).toEqual([
      'wins cloud.corp.example.net. private hosted zone',
      'fits corp.example.net. FORWARD rule corp',
      'fits . automatic rule Internet Resolver',
    ]);
    expect(won(21)[2]).toBe('wins . automatic rule Internet Resolver');
  });

  test('stands two above the base of its network, and hands questions on through its outbound endpoint', () => {
    const picture = pictureOf('hybrid-rules', trace, 1);
    expect(picture).toMatchObject({
      resolver: '10.0.0.2',
      outbound: ['10.0.1.10'],
      inbound: [],
      zones: ['cloud.corp.example.net'],
    });
    expect(picture?.ways[1]?.leads).toBe('hands the question to 10.99.0.53 through 10.0.1.10');
    expect(picture?.last?.sentence).toMatch(/^Computer in the VPC asked for files\.corp\.example\.net A, at /);
  });

  test('knows names of the VPC by itself', () => {
    const ways = pictureOf('hybrid-rules', trace, 1, 'ip-10-0-0-44.eu-west-1.compute.internal.')?.ways ?? [];
    expect(ways.filter(({ fit }) => fit === 'wins').map(({ kind, domain }) => `${kind} ${domain}`)).toEqual([
      'automatic compute.internal.',
    ]);
  });
});

describe('split view', () => {
  const scenario = scenarioNamed('private-zone');
  const trace = played('private-zone');
  const now = trace.end;
  const zones = shownZones(trace, now);
  const services = servicesAt(trace, scenario, { at: now });
  const seen = (typed: string) => splitView({ scenario, zones, services, seed: 1, now }, 'vpc-1', typed, 'A');

  test('shows two truths of one name', () => {
    const view = seen('www.example.com');
    expect(view?.inside.slip?.lines[0]).toBe('10.0.0.44');
    expect(view?.outside.slip?.lines[0]).toBe('192.0.2.44');
    expect(view?.moral).toMatch(/^Two truths/);
  });

  test('tells that nothing falls through to the public zone', () => {
    const view = seen('shop.example.com');
    expect(view?.inside.slip?.kind).toBe('negative');
    expect(view?.outside.slip?.lines[0]).toBe('192.0.2.45');
    expect(view?.moral).toMatch(/^No fall-through/);
  });

  test('leaves other names to the same walk on both sides, and what is no name to the form', () => {
    expect(seen('www.example.net')?.moral).toMatch(/^One truth/);
    expect(seen('no such name')).toBeUndefined();
  });
});

describe('the VPCs of a private zone', () => {
  const lesson = 'private-zone';
  const ties = (lines: readonly Line[], seconds: number, word = 'example.com-inside') => {
    const trace = played(lesson, lines);
    const zones = shownZones(trace, (seconds * 1_000_000) as never);
    const zone = zones.find((one) => one.word === word);
    if (!zone) throw new Error(`${word} is not shown`);
    const { tied, free } = vpcTies(scenarioNamed(lesson), zones, zone);
    return {
      tied: tied.map(({ id }) => id),
      free: free.map(({ id, refusal }) => `${id}${refusal === undefined ? '' : ', refused'}`),
    };
  };
  const tie: Line = { at: '1 s', associate: 'example.com-inside', vpc: 'vpc-2' };

  test('are those that see it; the others can be tied', () => {
    expect(ties([], 1)).toEqual({ tied: ['vpc-1'], free: ['vpc-2'] });
    expect(ties([tie], 1)).toEqual({ tied: ['vpc-1', 'vpc-2'], free: [] });
    const untie: Line = { at: '2 s', disassociate: 'example.com-inside', vpc: 'vpc-1' };
    expect(ties([tie, untie], 2)).toEqual({ tied: ['vpc-2'], free: ['vpc-1'] });
  });

  test('a VPC that sees another private zone of that name cannot be tied', () => {
    const twin: Line = { at: '1 s', createZone: 'example.com', vpc: 'vpc-2' };
    expect(ties([twin], 1).free).toEqual(['vpc-2, refused']);
  });

  test('a Resolver answers from the zone as soon as its VPC is tied', () => {
    const trace = played(lesson, [tie]);
    const zonesOf = (seconds: number): readonly string[] | undefined => {
      const at = (seconds * 1_000_000) as never;
      return vpcPictures(trace, scenarioNamed(lesson), shownZones(trace, at), at).find(({ id }) => id === 'vpc-2')?.zones;
    };
    expect(zonesOf(0.5)).toEqual([]);
    expect(zonesOf(1)).toEqual(['example.com-inside']);
  });
});
