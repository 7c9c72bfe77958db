import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { lastAnswer } from '../../../src/view/geometry/zone/answer.ts';
import { scenarioFromZone } from '../../../src/view/geometry/zone/import.ts';
import { type ShownZone, shownZones } from '../../../src/view/geometry/zone/records.ts';

const FILE = `$ORIGIN blue-otter.com.
$TTL 600
@ IN SOA ns.elsewhere.example. host.elsewhere.example. 7 7200 900 1209600 300
@ IN NS ns.elsewhere.example.
www IN A 192.0.2.80
`;
const set = (extra: object) => ({
  Name: 'api.example.org.',
  Type: 'A',
  TTL: 60,
  ResourceRecords: [{ Value: '192.0.2.60' }],
  ...extra,
});

function answerOf(scenario: Scenario | undefined) {
  if (!scenario) throw new Error('there is no scenario');
  expect(loadScenario(JSON.parse(JSON.stringify(scenario)), { file: 'shared' }).mistakes).toEqual([]);
  const trace = run(scenario);
  const shown = shownZones(trace, trace.end).at(-1) as ShownZone;
  return { shown, story: lastAnswer(trace, { at: trace.end }, shown) };
}

describe('a zone from a file', () => {
  test('a zone file is served, delegated and answers, and its scenario can be shared', () => {
    const { scenario, notes } = scenarioFromZone(FILE, 'mine.zone');
    const { shown, story } = answerOf(scenario);
    expect(shown.zone.name).toBe('blue-otter.com.');
    expect(story?.slip).toMatchObject({ kind: 'answer', lines: ['192.0.2.80', 'TTL 600'] });
    expect(notes.join(' ')).toContain('NS record');
  });

  test('a Route 53 export answers by its policies; checks that it only names count as healthy', () => {
    const records = [
      set({ SetIdentifier: 'p', Failover: 'PRIMARY', HealthCheckId: '11111111-2222-3333-4444-555555555555' }),
      set({ SetIdentifier: 's', Failover: 'SECONDARY', ResourceRecords: [{ Value: '192.0.2.61' }] }),
    ];
    const { scenario, notes } = scenarioFromZone(JSON.stringify({ ResourceRecordSets: records }), 'example.org.json');
    expect(answerOf(scenario).story?.slip.lines).toEqual(['192.0.2.60', 'TTL 60']);
    expect(notes.some((note) => note.includes('counts as healthy'))).toBe(true);
  });

  test('mistakes are told with their places, and nothing is opened', () => {
    const { scenario, mistakes } = scenarioFromZone(FILE.replace('192.0.2.80', '192.0.2.800'), 'mine.zone');
    expect(scenario).toBeUndefined();
    expect(mistakes.map(({ line }) => line)).toEqual([5]);
  });
});
