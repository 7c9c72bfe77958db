import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import { run } from '../../../src/scenario/run.ts';
import type { Line, Scenario } from '../../../src/scenario/schema.ts';
import { checksAt, configuredChecks } from '../../../src/view/geometry/zone/health.ts';
import {
  askingBy,
  befallings,
  type CheckDraft,
  checkDeletion,
  configJson,
  draftOfCheck,
  judgeCheck,
  newCheckDraft,
} from '../../../src/view/geometry/zone/healthForm.ts';

const alarm = { Type: 'CLOUDWATCH_METRIC', AlarmIdentifier: { Region: 'eu-west-1', Name: 'slow' } };
const scenario = loadScenario(
  {
    title: 'checked',
    world: {
      healthChecks: {
        pages: {
          config: {
            Type: 'HTTP',
            IPAddress: '192.0.2.44',
            Port: 80,
            RequestInterval: 10,
            FailureThreshold: 3,
            MeasureLatency: true,
          },
        },
        slow: { config: alarm },
        both: { config: { Type: 'CALCULATED', ChildHealthChecks: ['pages', 'slow'], HealthThreshold: 1 } },
        switch: { config: { Type: 'RECOVERY_CONTROL', RoutingControlArn: 'arn:aws:x' } },
        text: {
          config: {
            Type: 'HTTPS_STR_MATCH',
            FullyQualifiedDomainName: 'www.example.com',
            SearchString: 'ok',
            Regions: ['us-east-1', 'eu-west-1', 'sa-east-1'],
          },
        },
      },
    },
    stimuli: [{ at: 0, ask: 'www.example.com A' }],
  },
  { file: 'checked.yaml' },
).scenario as Scenario;
const trace = run(scenario);
const all = configuredChecks(trace, scenario, trace.end);
const fresh: CheckDraft = newCheckDraft('new', '192.0.2.44');
const fieldsOf = (draft: CheckDraft) => judgeCheck(draft, undefined, all).faults.map(({ field }) => field);

describe('the form of a health check', () => {
  test('opened and not changed, every kind gives its own configuration back, and no line', () => {
    for (const check of all) {
      const judged = judgeCheck(draftOfCheck(check), check, all);
      expect(judged.faults).toEqual([]);
      expect(judged.config).toEqual(check.config);
      expect(judged.line).toBeUndefined();
    }
  });

  test('what the form has no field for is kept', () => {
    expect(configJson(draftOfCheck(all[0] as never))).toMatchObject({ MeasureLatency: true });
  });

  test('a line that the form makes is one that a scenario may hold, and creates the check', () => {
    for (const draft of [
      fresh,
      askingBy(fresh, 'TCP'),
      { ...askingBy(fresh, 'checks'), children: ['pages'] },
      { ...askingBy(fresh, 'alarm'), alarm: 'cpu' },
    ]) {
      const { line, faults } = judgeCheck(draft, undefined, all);
      expect(faults).toEqual([]);
      expect(
        loadScenario({ ...scenario, stimuli: [...scenario.stimuli, { at: '1 s', ...line }] }, { file: 'changed.yaml' }).mistakes,
      ).toEqual([]);
      const after = run(scenario, { whatIf: [{ ...(line as Line), at: '1 s' }] });
      expect(checksAt(after, scenario, { at: 2e6 as never }).map(({ id }) => id)).toContain('new');
    }
  });

  test.each([
    ['a name that another check has', { id: 'pages' }, ['id']],
    ['no name', { id: ' ' }, ['id']],
    ['an address that is none', { endpoint: '192.0.2.300' }, ['endpoint']],
    ['a private address', { endpoint: '10.0.0.1' }, ['endpoint']],
    ['nothing to ask', { endpoint: '' }, ['endpoint']],
    ['a port out of range', { port: '70000' }, ['port']],
    ['two Regions', { regions: ['us-east-1', 'eu-west-1'] }, ['regions']],
    ['a text too long', { search: 'x'.repeat(256) }, ['search']],
    ['a calculated child', { by: 'checks', children: ['both'] }, ['children']],
    ['a threshold that is no number', { by: 'checks', needed: 'all' }, ['needed']],
    ['an alarm without a name', { by: 'alarm' }, ['alarm']],
  ] as const)('%s is refused at its field', (_what, part, fields) => {
    expect(fieldsOf({ ...fresh, ...(part as Partial<CheckDraft>) })).toEqual(fields);
  });

  test('a name in place of an address is looked up, and takes no Host header of its own', () => {
    const json = configJson({ ...fresh, endpoint: 'www.example.com', host: 'other.example.com' });
    expect(json).toMatchObject({ FullyQualifiedDomainName: 'www.example.com' });
    expect(json).not.toHaveProperty('IPAddress');
  });

  test('the usual port follows the protocol, another one stays', () => {
    expect(askingBy(fresh, 'HTTPS').port).toBe('443');
    expect(askingBy({ ...fresh, port: '8080' }, 'HTTPS').port).toBe('8080');
  });

  test('a threshold that decides everything is pointed out', () => {
    const calculated = { ...askingBy(fresh, 'checks'), children: ['pages'] };
    expect(judgeCheck({ ...calculated, needed: '0' }, undefined, all).advice).toEqual(['With 0 needed it is always healthy.']);
    expect(judgeCheck({ ...calculated, needed: '2' }, undefined, all).advice[0]).toContain('always unhealthy');
  });

  test('a child of a calculated check cannot be deleted', () => {
    expect(checkDeletion('pages', all)).toEqual({ refused: 'The health check pages is a child of both' });
    expect(checkDeletion('both', all)).toEqual({ line: { check: 'both' } });
  });
});

describe('what may befall the server of a check', () => {
  const words = (seconds: number, lines: readonly Line[] = []) => {
    const played = run(scenario, { whatIf: lines });
    return befallings(played, (all[0] as never as { config: never }).config, (seconds * 1e6) as never).map((one) => one.words);
  };

  test('while it is up it may refuse or fall silent; stopped, it may come back', () => {
    const stop: Line = { at: '5 s', stop: 'web' };
    const start: Line = { at: '9 s', start: 'web' };
    expect(words(4, [stop])).toEqual(['the server refuses', 'the server is silent']);
    expect(words(6, [stop])).toEqual(['the server is up again']);
    expect(words(10, [stop, start])).toHaveLength(2);
  });

  test('nothing is offered where no host has the address', () => {
    expect(
      befallings(
        trace,
        { ...(all[0] as never as { config: { ipAddress: string } }).config, ipAddress: '203.0.113.9' } as never,
        0 as never,
      ),
    ).toEqual([]);
  });
});
