/** What holds of every run: the permanent property tests of the architecture, over the lessons and over made-up stories. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartOf } from '../../src/actors/chart.ts';
import { run } from '../../src/scenario/run.ts';
import type { Line, Scenario } from '../../src/scenario/schema.ts';
import { buildWorld } from '../../src/scenario/world.ts';
import { causesOf } from '../../src/trace/causes.ts';
import { describeMessage, hostOf } from '../../src/trace/describe.ts';
import type { StateValue, Trace } from '../../src/trace/trace.ts';
import { visitsOf } from '../../src/trace/visits.ts';
import { scenarioNamed, scenarioNames, traceOf } from './library.ts';
import { STATES_NOT_ENTERED, TRANSITIONS_NOT_TAKEN } from './untaken.ts';

const NAMES = [
  'www.example.com',
  'shop.example.com',
  'www.example.net',
  'nothing.example.com',
  'nobody-has-this.com',
  'nothing.invalid',
];

/** A line of some story, at some instant of ten minutes. */
const anyLine: fc.Arbitrary<Line> = fc
  .record({ at: fc.nat({ max: 600_000 }).map((ms) => `${ms} ms`), name: fc.constantFrom(...NAMES), n: fc.nat({ max: 40 }) })
  .chain(({ at, name, n }) =>
    fc.constantFrom<Line>(
      { at, visit: name },
      { at, visit: name },
      { at, ask: `${name} AAAA` },
      { at, stop: 'example.com' },
      { at, start: 'example.com' },
      { at, stop: 'web', how: 'refusing' },
      { at, start: 'web' },
      { at, drop: n },
      { at, drop: { kind: 'answer' }, times: 1 + (n % 3) },
      { at, delay: { to: 'isp' }, for: `${n * 20} ms` },
      { at, clear: 'isp' },
      { at, edit: 'example.com', set: `www ${n} A 192.0.2.45` },
      { at, edit: 'example.com', remove: ['www A'] },
      { at, cut: ['isp', 'com'] },
      { at, mend: ['isp', 'com'] },
    ),
  );

const byTime = (lines: readonly Line[]): Line[] =>
  [...lines].sort((a, b) => Number.parseFloat(String(a.at)) - Number.parseFloat(String(b.at)));
const story = fc.record({ seed: fc.nat({ max: 1000 }), lines: fc.array(anyLine, { minLength: 1, maxLength: 8 }).map(byTime) });
const scenarioOf = ({ seed, lines }: { seed: number; lines: Line[] }): Scenario => ({ title: 'a story', seed, stimuli: lines });

/** Checks something of every lesson and of some stories. */
function always(check: (trace: Trace) => void): void {
  for (const name of scenarioNames) check(traceOf(name));
  fc.assert(
    fc.property(story, (one) => check(run(scenarioOf(one)))),
    { numRuns: 25, seed: 11 },
  );
}

describe('every run', () => {
  it.each(scenarioNames)('of %s is the same when it is run again', (name) => {
    expect(run(scenarioNamed(name), { name })).toEqual(traceOf(name));
  });

  it('leaves every earlier turn as it was when something is done later', () => {
    const early = (trace: Trace, at: number) => ({
      turns: trace.turns.filter((turn) => turn.at < at),
      fates: trace.packets.filter(({ fate }) => fate.at < at && fate.kind !== 'underway'),
      sent: trace.packets.filter(({ sentAt }) => sentAt < at).map(({ fate: _, ...packet }) => packet),
      messages: trace.messages.filter(({ sentAt }) => sentAt < at),
    });
    fc.assert(
      fc.property(fc.constantFrom(...scenarioNames), fc.double({ min: 0, max: 1, noNaN: true }), anyLine, (name, share, line) => {
        const before = traceOf(name);
        const at = Math.floor(before.end * share);
        // What delays a packet by its number begins with its sending; all else begins with its line.
        if ('delay' in line) return;
        const after = run(scenarioNamed(name), { name, whatIf: [{ ...line, at: `${at / 1000} ms` }] });
        expect(early(after, at)).toEqual(early(before, at));
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('gives each packet one fate, not before it was sent', () => {
    always((trace) => {
      for (const [i, packet] of trace.packets.entries()) {
        expect(packet.id).toBe(i);
        expect(packet.fate.packet).toBe(i);
        expect(packet.fate.at).toBeGreaterThanOrEqual(packet.sentAt);
      }
    });
  });

  it('ends every visit in one conclusion of its client', () => {
    always((trace) => {
      for (const visit of visitsOf(trace)) expect(visit.conclusion?.kind, `${visit.subject} at ${visit.from}`).toBeDefined();
    });
  });

  it('ends every question of a client in one answer to each query that arrived, or in its giving up', () => {
    always((trace) => {
      const { response, readIn } = causesOf(trace);
      const answers = new Map<number, number>();
      for (const { answers: query } of trace.messages) if (query !== undefined) answers.set(query, (answers.get(query) ?? 0) + 1);
      for (const [query, count] of answers) expect(count, `answers to message ${query}`).toBe(1);
      for (const { id, fromHost, toHost } of trace.messages) {
        const isClients = ['browser', 'program'].includes(hostOf(trace, fromHost).role) && toHost !== undefined;
        const { kind } = describeMessage(trace, id);
        if (!isClients || kind !== 'query' || hostOf(trace, toHost).role !== 'resolver' || readIn[id] === undefined) continue;
        expect(response[id], `${describeMessage(trace, id).title}, message ${id}`).toBeDefined();
      }
    });
  });

  it('never shows a TTL that has grown, between two fetches of the same records', () => {
    always((trace) => {
      const shown = new Map<string, { ttl: number; fetched: number }>();
      const fetches = new Map<string, number>();
      for (const turn of trace.turns)
        for (const effect of turn.effects) {
          if (effect.kind === 'remember') {
            const { cache, name, type } = effect.entry;
            fetches.set(`${cache} ${name.toLowerCase()} ${type}`, turn.id);
          }
          if (effect.kind !== 'transmit' || hostOf(trace, turn.host).role !== 'resolver') continue;
          const { dns, kind } = describeMessage(trace, effect.message);
          if (!dns || kind === 'query') continue;
          for (const { name, type, ttl } of dns.answer) {
            const key = `${turn.host} ${name.toLowerCase()} ${type}`;
            const fetched = fetches.get(key) ?? -1;
            const last = shown.get(key);
            if (last && last.fetched === fetched) expect(ttl).toBeLessThanOrEqual(last.ttl);
            shown.set(key, { ttl, fetched });
          }
        }
    });
  });
});

// --- no idle parts

const names = (state: StateValue, prefix: string): string[] =>
  typeof state === 'string'
    ? [`${prefix}.${state}`]
    : Object.entries(state).flatMap(([region, inner]) => [`${prefix}.${region}`, ...names(inner, `${prefix}.${region}`)]);

describe('the charts', () => {
  const machines = new Map(
    scenarioNames.flatMap((name) =>
      buildWorld([scenarioNamed(name).world ?? {}]).hosts.flatMap(({ machines: all }) =>
        all.map((machine) => [machine.id, machine] as const),
      ),
    ),
  );
  const charts = [...machines.values()].map(chartOf);
  const traces = scenarioNames.flatMap((name) => [
    traceOf(name),
    ...(scenarioNamed(name).whatIf ?? []).map(({ lines, world }) =>
      run(scenarioNamed(name), { ...(lines ? { whatIf: lines } : {}), ...(world ? { overlay: world } : {}) }),
    ),
  ]);

  it('have no state that no lesson enters, but for those with a reason', () => {
    const entered = new Set<string>();
    for (const trace of traces) {
      for (const host of trace.hosts)
        for (const { machine, state } of host.instances) for (const id of names(state, machine)) entered.add(id);
      for (const turn of trace.turns) {
        for (const move of turn.moves) for (const id of names(move.to, move.machine)) entered.add(id);
        for (const effect of turn.effects)
          if (effect.kind === 'start') for (const id of names(effect.state, effect.machine)) entered.add(id);
      }
    }
    const idle = charts.flatMap(({ nodes }) => nodes).filter(({ id, parent }) => parent !== undefined && !entered.has(id));
    expect(idle.map(({ id }) => id).sort()).toEqual(Object.values(STATES_NOT_ENTERED).flat().sort());
  });

  it('have no transition that no lesson takes, but for those with a reason', () => {
    const taken = new Set<string>();
    for (const trace of traces)
      for (const { moves } of trace.turns)
        for (const { transitions } of moves)
          for (const { source, event, index } of transitions) taken.add(`${source} ${event} ${index}`);
    const idle = charts.flatMap(({ edges }) => edges).filter(({ id }) => !taken.has(id));
    const told = idle.map(({ source, event, guard = '' }) => `${source} ${event} ${guard}`.trim());
    expect(told.sort()).toEqual(Object.values(TRANSITIONS_NOT_TAKEN).flat().sort());
  });
});
