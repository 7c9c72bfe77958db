import { describe, expect, test } from 'vitest';
import { type Instant, instant, isoDate, START_DATE } from '../../src/base/time.ts';
import { readVpcs } from '../../src/scenario/route53/holdings.ts';
import { queryLog, resolverLog } from '../../src/scenario/route53/queryLog.ts';
import { run } from '../../src/scenario/run.ts';
import { scenarioFrom, scenarioNamed, traceOf } from './library.ts';

const lines = (...log: ReturnType<typeof queryLog>): string[] => log.map(({ line }) => line);

describe('the query log of a hosted zone', () => {
  test('has one line of ten fields for each query that reached its name servers', () => {
    const trace = traceOf('lightsail-zone');
    const [first] = lines(...queryLog(trace, 'example.com'));
    expect(first).toMatch(
      /^1\.0 2026-01-01T00:00:00\.\d{3}Z Z0SIMZONE0EXAMPLE1 www\.example\.com A NOERROR UDP CDG50 198\.18\.0\.53 -$/,
    );
    const came = trace.messages.filter(
      ({ answers, toHost }) => answers === undefined && /^ns-20(48|49|50|51)$/.test(toHost ?? ''),
    );
    expect(queryLog(trace, 'example.com')).toHaveLength(came.length);
  });

  test('never shows what a resolver answers from its cache', () => {
    const once = scenarioFrom(
      'title: t\nworld:\n  hostedZones: { example.com: {} }\nstimuli:\n  - { at: 0, ask: www.example.com A }\n',
    );
    const again = { ...once, stimuli: [...once.stimuli, { at: '10 s', ask: 'www.example.com A' }] };
    expect(lines(...queryLog(run(again), 'example.com'))).toEqual(lines(...queryLog(run(once), 'example.com')));
    expect(queryLog(run(once), 'example.com')).toHaveLength(1);
  });

  test('ends at the instant that is shown', () => {
    const trace = traceOf('lightsail-zone');
    const all = queryLog(trace, 'example.com');
    const until = instant((all[0]?.at ?? 0) + 1);
    expect(queryLog(trace, 'example.com', until)).toEqual(all.slice(0, 1));
    expect(queryLog(trace, 'example.com', 0 as Instant)).toEqual([]);
  });

  test('knows a zone by its id, its word or its name, and a plain zone on Route 53’s servers by its name', () => {
    const trace = traceOf('lightsail-zone');
    expect(queryLog(trace, 'Z0SIMZONE0EXAMPLE1')).toEqual(queryLog(trace, 'example.com.'));
    expect(queryLog(traceOf('first-visit'), 'EXAMPLE.com').length).toBeGreaterThan(0);
    expect(queryLog(trace, 'nowhere.example')).toEqual([]);
  });

  test('of a private zone is empty: its queries never leave the VPC', () => {
    expect(queryLog(traceOf('private-zone'), 'example.com-inside')).toEqual([]);
  });

  test('writes the client subnet that was sent', () => {
    const told = lines(...queryLog(traceOf('far-resolver'), 'example.com')).filter((line) => !line.endsWith(' -'));
    expect(told[0]).toMatch(/ 198\.18\.\d+\.0\/24$/);
  });
});

describe('the query log of a VPC’s Resolver', () => {
  test('has an entry for each question of the VPC, with what was answered, be it from a private zone or the Internet', () => {
    const trace = traceOf('private-zone');
    const vpc = readVpcs([scenarioNamed('private-zone').world ?? {}], () => {}).get('vpc-1');
    const log = vpc ? resolverLog(trace, vpc, []) : [];
    const told = log.map(({ entry }) => `${entry.query_name} ${entry.query_type} ${entry.rcode}`);
    expect(told).toContain('www.example.com. A NOERROR');
    expect(told).toContain('shop.example.com. A NXDOMAIN');
    expect(log[0]?.entry).toMatchObject({
      vpc_id: 'vpc-1',
      region: 'eu-west-1',
      srcaddr: '10.0.0.7',
      transport: 'UDP',
      srcids: { instance: 'i-inside' },
    });
    expect(log[0]?.entry.query_timestamp).toBe('2026-01-01T00:00:10Z');
    expect(vpc && resolverLog(trace, vpc, [], 0 as Instant)).toEqual([]);
  });
});

describe('dates', () => {
  test('of instants are those of the calendar', () => {
    for (const days of [0, 58, 59, 364, 365, 789, 790, 1154, 26_663, 26_664]) {
      const at = days * 86_400_000_000 + 45_296_789_000;
      expect(isoDate(instant(at))).toBe(new Date(START_DATE * 1000 + at / 1000).toISOString());
    }
  });
});
