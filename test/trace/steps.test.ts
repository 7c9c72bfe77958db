import { describe, expect, it } from 'vitest';
import { instant, milliseconds, seconds } from '../../src/base/time.ts';
import { run } from '../../src/scenario/run.ts';
import { visitOf } from '../../src/trace/occurrences.ts';
import { rail, type StepNumber, stepsAt, type Visit } from '../../src/trace/steps.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { visitsOf } from '../../src/trace/visits.ts';
import { scenarioFrom, scenarioNames, traceOf } from '../scenario/library.ts';

const visit = (trace: Trace, number = 1): Visit => visitsOf(trace)[number - 1] as Visit;
const step = (trace: Trace, number: StepNumber, ofVisit = 1) => visit(trace, ofVisit).steps[number - 1];
const rails = (trace: Trace): string => visitsOf(trace).map(rail).join(' / ');
const play = (stimuli: string, more = ''): Trace => run(scenarioFrom(`title: t\nseed: 437\n${more}stimuli:\n${stimuli}`));

describe('the nine steps', () => {
  it.each(scenarioNames)('are always nine, in order, in every visit of %s', (name) => {
    for (const { steps } of visitsOf(traceOf(name)))
      expect(steps.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each(scenarioNames)('hold every DNS and HTTP message that the visits of %s cause, exactly once', (name) => {
    const trace = traceOf(name);
    const placed = visitsOf(trace).flatMap(({ steps }) =>
      steps.flatMap(({ passes }) => passes.flatMap(({ messages }) => messages)),
    );
    const wanted = trace.messages
      .filter(({ protocol, turn }) => protocol !== 'smtp' && visitOf(trace, turn) !== undefined)
      .map(({ id }) => id);
    expect(placed.sort((a, b) => a - b)).toEqual(wanted);
  });

  it('each begin where the one before ends, in a first visit', () => {
    const { steps, from, to } = visit(traceOf('first-visit'));
    const edges = steps.flatMap(({ passes }) => passes.map((pass) => [pass.from, pass.to] as const));
    for (const [i, [begin]] of edges.entries()) expect(begin).toBe(i === 0 ? from : edges[i - 1]?.[1]);
    expect(edges.at(-1)?.[1]).toBe(to);
  });

  it('say of a skipped step which cache made it unneeded, and for how long', () => {
    expect(step(traceOf('second-visit'), 3, 2)).toMatchObject({
      outcome: 'skipped',
      because: 'browser-cache',
      why: 'The browser still knows the address, for 30.088 s.',
    });
    expect(step(traceOf('neighbours-visit'), 5, 2)).toMatchObject({
      because: 'answer',
      why: 'The resolver still has the answer, for 3 min.',
    });
    expect(step(traceOf('another-host'), 4, 2)).toMatchObject({
      because: 'delegation',
      why: 'The resolver still knows these four servers, for 47 h 59 m.',
    });
    expect(step(traceOf('no-such-name'), 6, 2)).toMatchObject({
      because: 'no-such-name',
      why: 'The resolver still knows that there is no such name, for 10 min.',
    });
    expect(step(traceOf('no-such-type'), 6, 3)).toMatchObject({
      because: 'no-such-type',
      why: 'The resolver still knows that the name has no record of this type, for 14 min 40 s.',
    });
  });

  it('say why the browser goes nowhere without an address', () => {
    expect(step(traceOf('no-such-name'), 8)).toMatchObject({ outcome: 'skipped', because: 'no-address' });
    expect(step(traceOf('no-such-type'), 9)).toMatchObject({ outcome: 'skipped', because: 'no-browser' });
  });

  it('skip only the root when .com’s servers are known', () => {
    const trace = play('  - { at: 0, visit: nobody-has-this.com }\n  - { at: 1 s, visit: www.example.com }\n');
    expect(rails(trace)).toBe('1-4 7 / 1 2 4-9');
    expect(step(trace, 3, 2)?.why).toBe('The resolver still knows the servers of .com, for 47 h 59 m.');
    expect(step(trace, 5, 1)).toMatchObject({ because: 'no-such-name' });
  });

  it('count further rounds as passes: for a CNAME, an errand, a retry, and TCP', () => {
    const purposes = (name: string, number: StepNumber, ofVisit = 1) =>
      step(traceOf(name), number, ofVisit)?.passes.map(({ purpose }) => purpose);
    expect(purposes('cname-to-another-zone', 3)).toEqual(['name', 'cname']);
    expect(purposes('missing-glue', 3)).toEqual(['name', 'errand']);
    expect(purposes('packet-loss', 4)).toEqual(['name', 'retry']);
    expect(purposes('truncated-then-tcp', 6, 2)).toEqual(['name', 'tcp']);
    expect(purposes('ipv6', 3)).toEqual(['name', 'other-type']);
  });

  it('fail when nobody answers, and say how long that was waited for', () => {
    const trace = traceOf('root-server-down');
    expect(step(trace, 3, 3)?.outcome).toBe('failed');
    expect(step(trace, 3)?.passes[0]).toMatchObject({
      failed: true,
      why: 'Nothing came from f.root-servers.net within 376.0 ms.',
    });
    expect(step(trace, 3)?.outcome).toBe('done');
  });

  it('fail at the web server when nobody takes the connection', () => {
    const trace = play('  - { at: 0, stop: web, how: refusing }\n  - { at: 0, visit: www.example.com }\n');
    expect(rails(trace)).toBe('1-7 8!');
    expect(step(trace, 9)?.why).toBe('There is no connection, so no page.');
  });

  it('stand at an instant as pending, active, done, skipped or failed', () => {
    const at = (name: string, n: number, when: number) =>
      stepsAt(visit(traceOf(name), n), instant(when))
        .map(({ state }) => state[0])
        .join('');
    expect(at('first-visit', 1, 0)).toBe('apppppppp');
    expect(at('first-visit', 1, milliseconds(30))).toBe('dddappppp');
    expect(at('first-visit', 1, seconds(1))).toBe('ddddddddd');
    expect(at('another-host', 2, seconds(10) + milliseconds(3))).toBe('dappppppp');
    expect(at('another-host', 2, seconds(10) + milliseconds(20))).toBe('ddssapppp');
    expect(at('packet-loss', 1, milliseconds(100))).toBe('dddappppp');
    expect(at('root-server-down', 3, seconds(40))).toBe('ddfsssdss');
  });

  it('end well though an errand for them came to nothing in the end', () => {
    const whole = visit(traceOf('first-visit'));
    const steps = whole.steps.map((one) => {
      const [pass] = one.passes;
      return one.number === 5 && pass ? { ...one, passes: [pass, { ...pass, purpose: 'errand' as const, failed: true }] } : one;
    });
    expect(stepsAt({ ...whole, steps }, instant(seconds(1)))[4]).toMatchObject({ state: 'done', pass: 2 });
    const failed = steps.map((one) => (one.number === 5 ? { ...one, outcome: 'failed' as const } : one));
    expect(stepsAt({ ...whole, steps: failed }, instant(seconds(1)))[4]?.state).toBe('failed');
  });

  it.each(['the question', 'the answer'])('are over at the end, though %s was lost between browser and resolver', (what) => {
    const lost = what === 'the question' ? '{ kind: query, from: browser }' : '{ kind: answer, to: browser }';
    const trace = play(`  - { at: 0, drop: ${lost} }\n  - { at: 1 ms, visit: www.example.com }\n`);
    const states = (when: number): string =>
      stepsAt(visit(trace), instant(when))
        .map(({ state }) => state[0])
        .join('');
    expect(states(seconds(10))).toBe('ddddddddd');
    expect(states(milliseconds(3))).toBe('dappppppp');
  });

  it('fail when the browser gives up asking a resolver that is away', () => {
    const trace = play('  - { at: 0, stop: isp, how: down }\n  - { at: 1 ms, visit: www.example.com }\n');
    expect(stepsAt(visit(trace), instant(seconds(60)))[1]).toMatchObject({ state: 'failed' });
  });

  it('count the passes begun so far', () => {
    const passAt = (when: number) => stepsAt(visit(traceOf('packet-loss')), instant(when))[3]?.pass;
    expect([passAt(0), passAt(milliseconds(100)), passAt(milliseconds(410))]).toEqual([0, 1, 2]);
  });

  it('make a visit of each round of questions that a letter needs', () => {
    expect(visitsOf(traceOf('mail')).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'example.com. MX',
      'mail.example.com. A',
    ]);
  });

  it('tell of a visit whose question another visit is already asking', () => {
    const neighbour = 'world: { hosts: { neighbour: { role: browser, addresses: 198.18.0.8, resolvers: isp } } }\n';
    const trace = play(
      '  - { at: 0, visit: www.example.com }\n  - { at: 10 ms, visit: www.example.com, by: neighbour }\n',
      neighbour,
    );
    expect(rails(trace)).toBe('1-9 / 1 2 7-9');
    expect(step(trace, 3, 2)).toMatchObject({ because: 'shared' });
  });

  it('end without a name when what was typed is no name', () => {
    const trace = play('  - { at: 0, visit: "not a name" }\n');
    expect(rails(trace)).toBe('1');
    expect(step(trace, 2)).toMatchObject({ outcome: 'skipped', because: 'not-reached' });
  });
});
