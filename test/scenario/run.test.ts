import { describe, expect, it } from 'vitest';
import { seconds } from '../../src/base/time.ts';
import { checkExpectations, checkRun } from '../../src/scenario/check.ts';
import { run } from '../../src/scenario/run.ts';
import { findAll } from '../../src/trace/pattern.ts';
import { rail } from '../../src/trace/steps.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { visitsOf } from '../../src/trace/visits.ts';
import { scenarioFrom, scenarioNamed, traceOf } from './library.ts';

const play = (stimuli: string): Trace => run(scenarioFrom(`title: t\nseed: 437\nstimuli:\n${stimuli}`));
const rails = (trace: Trace): string => visitsOf(trace).map(rail).join(' / ');

describe('stimuli', () => {
  it('come at their instants, or after the end of the one before', () => {
    const trace = play(
      '  - visit: www.example.com\n  - { after: 5 s, visit: shop.example.com }\n  - wait: 1 min\n  - ask: www.example.com\n',
    );
    const [first, second, third, fourth] = trace.stimuli.map(({ at }) => at as number);
    expect(first).toBe(0);
    expect(second).toBe(168_000 + seconds(5));
    expect((third as number) - (second as number)).toBeGreaterThan(seconds(60));
    expect(fourth).toBe(third);
  });

  it('stop and start servers', () => {
    const trace = play(
      '  - { at: 0, stop: example.com }\n  - { at: 0, visit: www.example.com }\n  - { at: 1 min, start: example.com }\n  - { at: 2 min, visit: www.example.com }\n',
    );
    expect(visitsOf(trace).map(({ conclusion }) => conclusion?.kind)).toEqual(['error-page', 'page']);
  });

  it('lose a packet by its number while it is on its way', () => {
    const trace = run(scenarioNamed('first-visit'), { whatIf: [{ at: '20 ms', drop: 2 }] });
    expect(trace.packets[2]?.fate).toMatchObject({ kind: 'dropped', at: 20_000 });
    expect(rails(trace)).toBe('1-9, 3 twice');
  });

  it('lose as many of the packets that fit as they say', () => {
    const trace = play('  - { at: 0, visit: www.example.com }\n  - { at: 0, drop: { kind: referral, from: com }, times: 2 }\n');
    expect(rails(trace)).toBe('1-9, 4 3 times');
  });

  it('delay a packet by its number, or those that fit', () => {
    const address = (trace: Trace) => findAll(trace, { visit: {} })[0]?.fields.address;
    expect(address(run(scenarioNamed('first-visit'), { whatIf: [{ at: '20 ms', delay: 2, for: '100 ms' }] }))).toBe(188);
    expect(
      address(run(scenarioNamed('first-visit'), { whatIf: [{ at: 0, delay: { kind: 'referral', from: 'com' }, for: '50 ms' }] })),
    ).toBe(138);
  });

  it('empty caches', () => {
    const trace = play(
      '  - { at: 0, visit: www.example.com }\n  - { at: 5 s, clear: [isp, browser] }\n  - { at: 10 s, visit: www.example.com }\n',
    );
    const [, second] = visitsOf(trace);
    expect(second && rail(second)).toMatch(/^1-9/);
  });

  it('cut lines and mend them', () => {
    const trace = play(
      '  - { at: 0, cut: [browser, web] }\n  - { at: 0, visit: www.example.com }\n  - { at: 5 min, mend: [web, browser] }\n  - { at: 6 min, visit: www.example.com }\n',
    );
    expect(visitsOf(trace).map(({ conclusion }) => conclusion?.kind)).toEqual(['error-page', 'page']);
  });

  it('change zones; the trace has the whole zone as it is then', () => {
    const trace = play(
      '  - { at: 0, ask: new.example.com }\n  - { at: 20 min, edit: example.com, set: new 60 A 192.0.2.9, remove: [shop A] }\n  - { at: 21 min, ask: new.example.com }\n',
    );
    expect(visitsOf(trace).map(({ conclusion }) => (conclusion?.kind === 'answered' ? conclusion.records.length : 0))).toEqual([
      0, 1,
    ]);
    const last = trace.zoneChanges.at(-1);
    expect(last).toMatchObject({ at: seconds(1200), zone: 'example.com.', stimulus: 1 });
    expect(last?.records.map(({ name }) => name)).not.toContain('shop.example.com.');
  });

  it('ask a server itself as often as they say', () => {
    const trace = play('  - { at: 0, ask: www.example.com, of: ns-2048, times: 5 }\n');
    expect(findAll(trace, { message: { kind: 'answer', from: 'ns-2048', to: 'browser', aa: 1 } })).toHaveLength(5);
  });

  it('are marked when they are a what-if', () => {
    const trace = run(scenarioNamed('first-visit'), { whatIf: [{ at: '1 s', stop: 'web' }] });
    expect(trace.stimuli.map(({ whatIf }) => whatIf)).toEqual([false, true]);
  });
});

describe('expectations', () => {
  const failures = (expectations: string): string[] =>
    checkExpectations(scenarioFrom(`title: t\nstimuli: []\nexpect:\n${expectations}`).expect ?? [], traceOf('another-host')).map(
      ({ text }) => text,
    );

  it('say what was found and what was expected', () => {
    expect(failures('  - rail: 1-9 / 1-9')).toEqual(['the rail is 1-9 / 1 2 5-9, not 1-9 / 1-9']);
    expect(failures('  - received: { root: 2 }')).toEqual(['root received 1 query, not 2']);
    expect(failures('  - received: { root: 1 }\n    visit: 2')).toEqual(['root received 0 queries in visit 2, not 1']);
    expect(failures('  - message: { kind: truncated }')).toEqual(['message kind truncated is not there']);
    expect(failures('  - message: { kind: referral }\n    count: 3')).toEqual(['message kind referral is there 2 times, not 3']);
    expect(failures('  - message: { kind: referral, from: com }\n    is: { bytes: 1, ns: { min: 9 } }')).toEqual([
      'of message kind referral, from com, ns is 4, not at least 9',
      'of message kind referral, from com, bytes is 199, not 1',
    ]);
  });

  it('hold their tongue about what is right', () => {
    expect(
      failures(
        '  - rail: 1-9 / 1 2 5-9\n  - received: { root: 1, com: 1 }\n  - message: { kind: referral }\n    count: { min: 1, max: 2 }',
      ),
    ).toEqual([]);
  });

  it('know of order', () => {
    expect(failures('  - order: [{ message: { step: 3 } }, { message: { step: 4 } }, { end: { visit: 1 } }]')).toEqual([]);
    expect(failures('  - order: [{ message: { step: 8, visit: 2 } }, { message: { step: 3 } }]')).toEqual([
      'number 2 of the order (message step 3) does not come after those before it',
    ]);
  });

  it('include the standing ones, unless a scenario says otherwise', () => {
    const asking = 'title: t\nstimuli: [{ at: 0, ask: www.example.com, of: ns-2048 }]\n';
    const own = scenarioFrom(asking);
    expect(checkRun(own, run(own)).map(({ where }) => where)).toEqual(['a-resolver-at-one-end']);
    const excused = scenarioFrom(`${asking}unless: [a-resolver-at-one-end]\n`);
    expect(checkRun(excused, run(excused))).toEqual([]);
  });

  it('let a resolver speak with authority of special-use names alone', () => {
    const scenario = scenarioFrom(
      'title: t\nstimuli: [{ at: 0, ask: a.invalid }, { at: 1 s, ask: localhost }, { at: 2 s, ask: www.example.com }]\n',
    );
    const trace = run(scenario);
    expect(
      trace.messages.filter((m) => m.fromHost === 'isp' && (m.bytes[2] ?? 0) & 0x80).map((m) => ((m.bytes[2] ?? 0) >> 2) & 1),
    ).toEqual([1, 1, 0]);
    expect(checkRun(scenario, trace)).toEqual([]);
  });

  it('include the numbers that notes promise, and that notes and questions have their moment', () => {
    const scenario = scenarioFrom(
      'title: t\nstimuli: [{ at: 0, visit: www.example.com }]\nnotes:\n  - { when: { message: { step: 7 } }, headline: "{ttl = 299} s" }\n  - { when: { message: { kind: truncated } }, headline: never }\n  - { standing: 12 }\n',
    );
    expect(checkRun(scenario, run(scenario)).map(({ where, text }) => `${where}: ${text}`)).toEqual([
      'notes[0]: {ttl} is 300, not 299',
      'notes[1]: message kind truncated is not there',
      'notes[2]: standing line 12: timer machine resolution, timer retryTimer is not there',
    ]);
  });
});

it('a run that would never end for its reader is given up, with a word on what would do', () => {
  const visits = scenarioFrom('title: t\nstimuli:\n  - { at: 0, visit: www.example.com }\n');
  expect(() => run(visits, { budget: 5 })).toThrow('takes more than 5 turns: fewer visits or a shorter time would do');
  expect(run(visits, { budget: 100 }).turns.length).toBeLessThanOrEqual(100);
});
