import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import type { RecordGroup } from '../../../src/route53/records.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Line, Scenario } from '../../../src/scenario/schema.ts';
import {
  draftOf,
  type Member,
  newRecordDraft,
  type RecordDraft,
  swapped,
  withMember,
  withPolicy,
} from '../../../src/view/geometry/zone/form.ts';
import { deletion, groupCalled, judge, refusedDeletion } from '../../../src/view/geometry/zone/formJudge.ts';
import { type ShownZone, shownZones } from '../../../src/view/geometry/zone/records.ts';
import { weightStretches, withBoundary } from '../../../src/view/geometry/zone/weights.ts';

const plain: Scenario = { title: 'plain', stimuli: [{ at: 0, visit: 'www.example.com' }] };
const weighted = (SetIdentifier: string, Weight: number, Value: string) => ({
  Name: 'www.example.com.',
  Type: 'A',
  SetIdentifier,
  Weight,
  TTL: 60,
  ResourceRecords: [{ Value }],
});
const hosted = loadScenario(
  {
    title: 'hosted',
    world: {
      hostedZones: { 'example.com': { records: [weighted('blue', 70, '192.0.2.44'), weighted('green', 30, '192.0.2.45')] } },
    },
    stimuli: [{ at: 0, visit: 'www.example.com' }],
  },
  { file: 'hosted.yaml' },
).scenario as Scenario;

const zoneOf = (scenario: Scenario, line?: Line): ShownZone => {
  const trace = run(scenario, line ? { whatIf: [{ ...line, at: '1 s' }] } : {});
  return shownZones(trace, (trace.end + 100_000_000) as never)[0] as ShownZone;
};
const www = (shown: ShownZone): RecordGroup => groupCalled(shown, name('www.example.com.'), 'A') as RecordGroup;
const form = (shown: ShownZone, part: Partial<RecordDraft> = {}): RecordDraft => ({
  ...draftOf(www(shown), shown.zone),
  ...part,
});
const values = (text: string): RecordDraft['members'] => newRecordDraft().members.map((member) => ({ ...member, values: text }));

describe('the record form', () => {
  const shown = zoneOf(plain);

  test('opened and not changed, it says nothing', () => {
    for (const zone of [shown, zoneOf(hosted)]) expect(judge(form(zone), www(zone), zone)).toEqual({ faults: [], advice: [] });
  });

  test('what is wrong is told at its field, in words and as the service says it', () => {
    const judged = judge(form(shown, { ttl: 'soon', members: values('192.0.2.999') }), www(shown), shown);
    expect(judged.line).toBeUndefined();
    expect(judged.faults.map(({ field }) => field)).toEqual(['ttl', 'values']);
    expect(judged.faults[1]?.words).toBe('Needed: an IPv4 address, such as 192.0.2.1.');
    expect(judged.faults[1]?.said).toContain('ARRDATAIllegalIPv4Address');
  });

  test('a name may not have a CNAME beside other records', () => {
    const judged = judge(
      { ...newRecordDraft(), label: 'www', type: 'CNAME', members: values('shop.example.com') },
      undefined,
      shown,
    );
    expect(judged.faults).toHaveLength(1);
  });

  test('a plain zone is changed by an edit, which the run then shows', () => {
    const { line } = judge(form(shown, { ttl: '60', members: values('192.0.2.80\n192.0.2.81') }), www(shown), shown);
    expect(line).toMatchObject({ edit: 'example.com' });
    const content = www(zoneOf(plain, line)).sets[0]?.content;
    expect(content).toMatchObject({ kind: 'values', ttl: 60, values: [{ text: '192.0.2.80' }, { text: '192.0.2.81' }] });
  });

  test('renamed, a record leaves its old name', () => {
    const { line } = judge(form(shown, { label: 'web' }), www(shown), shown);
    const after = zoneOf(plain, line);
    expect(groupCalled(after, name('www.example.com.'), 'A')).toBeUndefined();
    expect(groupCalled(after, name('web.example.com.'), 'A')).toBeDefined();
  });

  test('a line that the form makes is one that a scenario may hold', () => {
    for (const scenario of [plain, hosted]) {
      const zone = zoneOf(scenario);
      const { line } = judge({ ...newRecordDraft(), label: 'new', members: values('192.0.2.7') }, undefined, zone);
      expect(loadScenario({ ...scenario, stimuli: [...scenario.stimuli, line] }, { file: 'changed.yaml' }).mistakes).toEqual([]);
    }
  });

  test('a group of a hosted zone is changed by one batch, of only the records that differ', () => {
    const zone = zoneOf(hosted);
    const draft = form(zone);
    const changed = { ...draft, members: draft.members.map((member, i) => (i === 0 ? { ...member, apart: '10' } : member)) };
    const { line } = judge(changed, www(zone), zone);
    expect(line).toMatchObject({
      change: 'example.com',
      Changes: [{ Action: 'UPSERT', ResourceRecordSet: { SetIdentifier: 'blue', Weight: 10 } }],
    });
    expect(www(zoneOf(hosted, line)).sets.map((set) => (set.routing.policy === 'weighted' ? set.routing.weight : 0))).toEqual([
      10, 30,
    ]);
  });

  test('another policy takes the old records away first', () => {
    const zone = zoneOf(hosted);
    const { line, advice } = judge(withPolicy(form(zone), 'failover'), www(zone), zone);
    expect(line && 'change' in line ? line.Changes.map(({ Action }) => Action) : []).toEqual([
      'DELETE',
      'DELETE',
      'CREATE',
      'CREATE',
    ]);
    expect(advice.map(({ rule }) => rule)).toContain('primary-unchecked');
    expect(www(zoneOf(hosted, line)).policy).toBe('failover');
  });

  test('a record more needs a value and a name of its own', () => {
    const zone = zoneOf(hosted);
    const judged = judge(withMember(form(zone)), www(zone), zone);
    expect(judged.faults.map(({ field, member }) => `${field} ${member}`)).toEqual(['values 2']);
  });
});

describe('deleting', () => {
  test('a record goes; the apex NS and SOA stay', () => {
    const shown = zoneOf(plain);
    const line = deletion(www(shown), shown);
    expect(refusedDeletion(www(shown), shown)).toBeUndefined();
    expect(groupCalled(zoneOf(plain, line), name('www.example.com.'), 'A')).toBeUndefined();
    const ns = groupCalled(shown, shown.zone.name, 'NS') as RecordGroup;
    expect(deletion(ns, shown)).toBeUndefined();
  });

  test('all records of a group go together', () => {
    const zone = zoneOf(hosted);
    const line = deletion(www(zone), zone);
    expect(groupCalled(zoneOf(hosted, line), name('www.example.com.'), 'A')).toBeUndefined();
  });
});

describe('the bar under the weights', () => {
  const members = (...weights: readonly number[]): readonly Member[] =>
    weights.map((weight) => ({ ...(newRecordDraft().members[0] as Member), apart: String(weight) }));
  const weightsOf = (all: readonly Member[]): number[] => all.map(({ apart }) => Number(apart));
  const weights = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 2, maxLength: 6 });

  test('its stretches are the shares; when all weights are 0 they are equal', () => {
    expect(weightStretches(members(70, 30))).toEqual([
      { from: 0, to: 0.7 },
      { from: 0.7, to: 1 },
    ]);
    expect(weightStretches(members(0, 0)).map(({ to }) => to)).toEqual([0.5, 1]);
  });

  test('drawing a boundary changes its two neighbours only, and keeps whole weights from 0 to 255 and their sum', () => {
    fc.assert(
      fc.property(weights, fc.nat(4), fc.double({ min: -0.5, max: 1.5, noNaN: true }), (given, i, place) => {
        const after = weightsOf(withBoundary(members(...given), i, place));
        const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
        expect(sum(after)).toBe(sum(given));
        for (const [at, weight] of after.entries()) {
          expect(Number.isInteger(weight) && weight >= 0 && weight <= 255).toBe(true);
          if (at !== i && at !== i + 1) expect(weight).toBe(given[at]);
        }
      }),
    );
  });

  test('a boundary drawn to where it stands stays there', () => {
    expect(weightsOf(withBoundary(members(70, 30, 20), 1, 100 / 120))).toEqual([70, 30, 20]);
  });
});

describe('records of a group', () => {
  test('a new one takes the role, place or Region that is still free, and a name of its own', () => {
    const one = withPolicy(newRecordDraft(), 'failover');
    expect(withMember(one).members.map(({ apart }) => apart)).toEqual(['PRIMARY', 'SECONDARY']);
    const places = withMember(withMember(withPolicy(newRecordDraft(), 'geolocation')));
    expect(places.members.map(({ apart }) => apart)).toEqual(['Europe', '*', 'North America']);
    const gap = { ...places, members: places.members.slice(1) };
    const names = withMember(gap).members.map(({ identifier }) => identifier);
    expect(new Set(names).size).toBe(names.length);
  });

  test('failover records change places', () => {
    const two = withMember(withPolicy(newRecordDraft(), 'failover'));
    expect(swapped(two).members.map(({ apart }) => apart)).toEqual(['SECONDARY', 'PRIMARY']);
  });
});
