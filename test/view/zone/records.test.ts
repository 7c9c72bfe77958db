import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { BEGINNING } from '../../../src/trace/timeline.ts';
import { lastAnswer } from '../../../src/view/geometry/zone/answer.ts';
import { rowsOf, type ShownZone, shownZones, thousands, zoneOfName } from '../../../src/view/geometry/zone/records.ts';

const visit: Scenario = { title: 'a visit', stimuli: [{ at: 0, visit: 'www.example.com' }] };
const trace = run(visit);
const zoneIn = (zones: readonly ShownZone[]): ShownZone => zoneOfName(zones, name('www.example.com.')) as ShownZone;

describe('the zones of a trace', () => {
  test('only those on Route 53’s servers are shown, and not the zones of the servers’ own names', () => {
    expect(shownZones(trace, trace.end).map(({ word }) => word)).toEqual(['example.com']);
  });

  test('rows come in the order of the API, the owner name told once', () => {
    const rows = rowsOf(zoneIn(shownZones(trace, trace.end)).zone);
    expect(rows.map(({ first, label, set, value, ttl }) => `${first ? label : '-'} ${set.type} ${value} ${ttl}`)).toEqual([
      'example.com. NS ns-2048.awsdns-64.com. and 3 172 800',
      '- SOA ns-2048.awsdns-64.com. … 900',
      'shop A 192.0.2.45 300',
      'www A 192.0.2.44 300',
    ]);
  });

  test('an edit is there from its own instant on', () => {
    const edited = run(visit, { whatIf: [{ at: '50 ms', edit: 'example.com', set: 'www 60 A 192.0.2.99' }] });
    const valueAt = (ms: number): string | undefined =>
      rowsOf(zoneIn(shownZones(edited, (ms * 1000) as never)).zone).find(({ label }) => label === 'www')?.value;
    expect([valueAt(49.9), valueAt(50)]).toEqual(['192.0.2.44', '192.0.2.99']);
  });

  test('numbers stand in groups of three digits', () => {
    expect([0, 999, 1000, 172_800, 2_147_483_647].map(thousands)).toEqual(['0', '999', '1 000', '172 800', '2 147 483 647']);
  });
});

describe('why this answer', () => {
  const shown = zoneIn(shownZones(trace, trace.end));

  test('before anybody asks there is nothing to explain', () => {
    expect(lastAnswer(trace, BEGINNING, shown)).toBeUndefined();
  });

  test('the last answer names who asked whom, the questions that led to it and the row that was given', () => {
    const story = lastAnswer(trace, { at: trace.end }, shown);
    expect(story?.sentence).toMatch(/^The resolver 198\.18\.0\.53 asked ns-2048 for www\.example\.com A, at /);
    expect(story?.asked.map(({ question }) => question).at(-1)).toBe('Has it records of type A?');
    expect(story?.slip).toMatchObject({ kind: 'answer', title: 'Answer, AA 1', lines: ['192.0.2.44', 'TTL 300'] });
    expect([...(story?.rows ?? [])]).toEqual([rowsOf(shown.zone).find(({ label }) => label === 'www')?.id]);
  });

  test('a name that the zone does not have is a firm no, with the time that it may be kept', () => {
    const no = run({ title: 'no', stimuli: [{ at: 0, visit: 'nothing.example.com' }] });
    const slip = lastAnswer(no, { at: no.end }, zoneIn(shownZones(no, no.end)))?.slip;
    expect(slip).toMatchObject({ kind: 'negative', title: 'No such name, AA 1', lines: ['keep the “no” 900 s'], crossed: true });
  });
});
