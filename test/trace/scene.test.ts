import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, milliseconds, seconds } from '../../src/base/time.ts';
import { run } from '../../src/scenario/run.ts';
import { hostAt } from '../../src/trace/describe.ts';
import { cursorAt, lastTurnAt, messagesUpTo, type Position, type Scene, sceneAt } from '../../src/trace/scene.ts';
import type { CacheEntry, InstancePath, StateValue, Trace } from '../../src/trace/trace.ts';
import { scenarioFrom, scenarioNames, traceOf } from '../scenario/library.ts';

/** What a scene says, found by going through the whole trace from its start. */
function fold(trace: Trace, position: Position) {
  const { at, turn: last = lastTurnAt(trace, at), move } = position;
  const states = new Map<InstancePath, StateValue>();
  const entries = new Map<string, CacheEntry>();
  const timers = new Map<string, number>();
  const sent = new Set<number>();
  for (const host of trace.hosts) for (const { path, state } of host.instances) states.set(path, state);
  for (const entry of trace.kept ?? []) entries.set(`${entry.cache} ${entry.key}`, entry);
  for (const turn of trace.turns) {
    if (turn.id > last) break;
    const whole = turn.id < last || move === undefined || move >= turn.moves.length;
    const moves = whole ? turn.moves : turn.moves.slice(0, move);
    const effects = whole ? turn.effects : turn.effects.slice(0, moves.at(-1)?.effectsSoFar ?? 0);
    if (turn.cause.kind === 'timer') timers.delete(`${turn.cause.instance} ${turn.cause.timer}`);
    const gone = new Set<InstancePath>();
    for (const effect of effects) {
      if (effect.kind === 'start') states.set(effect.instance, effect.state);
      if (effect.kind === 'stop') {
        states.delete(effect.instance);
        gone.add(effect.instance);
        for (const id of timers.keys()) if (id.startsWith(`${effect.instance} `)) timers.delete(id);
      }
      if (effect.kind === 'timer') timers.set(`${effect.instance} ${effect.timer}`, effect.due);
      if (effect.kind === 'cancel') timers.delete(`${effect.instance} ${effect.timer}`);
      if (effect.kind === 'remember') entries.set(`${effect.entry.cache} ${effect.entry.key}`, effect.entry);
      if (effect.kind === 'forget')
        for (const [id, { cache, key }] of entries)
          if (cache === effect.cache && (effect.key === undefined || key === effect.key)) entries.delete(id);
      if (effect.kind === 'transmit') for (const packet of trace.messages[effect.message]?.packets ?? []) sent.add(packet);
      if (effect.kind === 'segment') sent.add(effect.packet);
    }
    for (const { instance, to } of moves) if (!gone.has(instance)) states.set(instance, to);
    if (whole) for (const packet of trace.packets) if (packet.turn === turn.id) sent.add(packet.id);
  }
  const flights = trace.packets.filter((p) => sent.has(p.id) && p.sentAt <= at && (p.fate.kind === 'underway' || p.fate.at > at));
  return {
    states: [...states].sort(),
    entries: [...entries.values()].map((e) => `${e.cache} ${e.key} ${e.storedAt}`).sort(),
    timers: [...timers].sort(),
    flights: flights.map((p) => p.id),
  };
}

const summary = (scene: Scene) => ({
  states: scene.instances.map(({ path, state }): [string, StateValue] => [path, state]).sort(),
  entries: scene.caches
    .flatMap(({ entries }) => entries.map(({ entry }) => `${entry.cache} ${entry.key} ${entry.storedAt}`))
    .sort(),
  timers: scene.timers.map(({ instance, timer, due }): [string, number] => [`${instance} ${timer}`, due]).sort(),
  flights: scene.flights.map(({ packet }) => packet.id),
});

/** Any position of a trace: an instant, a turn, or a move of a turn. */
const positionIn = (trace: Trace): fc.Arbitrary<Position> => {
  const { turns, end } = trace;
  const turn = fc.nat({ max: turns.length - 1 }).map((i) => turns[i] as (typeof turns)[number]);
  return fc.oneof(
    fc.nat({ max: end }).map((at) => ({ at: instant(at) })),
    turn.map(({ id, at }) => ({ at, turn: id })),
    turn.chain(({ id, at, moves }) => fc.nat({ max: moves.length }).map((move) => ({ at, turn: id, move }))),
  );
};

describe('a scene', () => {
  it.each(scenarioNames)('of %s, at any position, is what going through the trace from its start gives', (name) => {
    const trace = traceOf(name);
    fc.assert(
      fc.property(positionIn(trace), (position) => {
        expect(summary(sceneAt(trace, position))).toEqual(fold(trace, position));
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it('does not depend on what was asked for before', () => {
    const trace = traceOf('five-minutes-later');
    const positions = trace.turns.map(({ id, at }) => ({ at, turn: id }));
    const forwards = positions.map((position) => summary(sceneAt(trace, position)));
    const backwards = [...positions].reverse().map((position) => summary(sceneAt(trace, position)));
    expect(backwards.reverse()).toEqual(forwards);
  });

  it('shows a packet exactly where it is on its way', () => {
    const trace = traceOf('first-visit');
    const [flight] = sceneAt(trace, { at: instant(milliseconds(3)) }).flights;
    expect(flight).toMatchObject({ fromHost: 'browser', toHost: 'isp', fraction: 0.25, due: milliseconds(6) });
    expect(flight?.lostAt).toBeUndefined();
  });

  it('shows a packet being read between its arrival and the turn that handles it', () => {
    const trace = traceOf('first-visit');
    expect(sceneAt(trace, { at: instant(milliseconds(6.5)) }).readings).toMatchObject([
      { host: 'isp', from: milliseconds(6), to: milliseconds(7) },
    ]);
    expect(sceneAt(trace, { at: instant(milliseconds(7)) }).readings).toEqual([]);
  });

  it('shows a lost packet on its way, then where it died, until the next visit', () => {
    const trace = traceOf('packet-loss');
    const before = sceneAt(trace, { at: instant(milliseconds(44)) });
    expect(before.flights[0]).toMatchObject({ lostAt: 0.5 });
    expect(before.losses).toEqual([]);
    expect(sceneAt(trace, { at: instant(milliseconds(46)) }).losses).toMatchObject([{ fraction: 0.5, at: milliseconds(45) }]);
    const lines = ['drop: { kind: referral, from: com }', 'visit: www.example.com', 'visit: www.example.net'];
    const twice = run(
      scenarioFrom(`title: t\nseed: 437\nstimuli:\n${lines.map((line, i) => `  - { at: ${i} min, ${line} }\n`).join('')}`),
    );
    const lossesAt = (when: number) => sceneAt(twice, { at: instant(seconds(when)) }).losses.length;
    expect([lossesAt(60), lossesAt(119), lossesAt(120)]).toEqual([0, 1, 0]);
  });

  it('ages caches: time left, the part of the own TTL, and what has run out', () => {
    const trace = traceOf('five-minutes-later');
    const entryOf = (at: number, type: string, name: string) =>
      sceneAt(trace, { at: instant(at) })
        .caches.find(({ cache }) => cache === 'isp')
        ?.entries.find(({ entry }) => entry.name === name && entry.type === type);
    expect(entryOf(seconds(150) + milliseconds(84), 'A', 'www.example.com.')).toMatchObject({
      left: seconds(150),
      fraction: 0.5,
      expired: false,
    });
    expect(entryOf(seconds(300.1), 'A', 'www.example.com.')).toMatchObject({ left: 0, fraction: 0, expired: true });
    expect(entryOf(seconds(300.1), 'NS', 'com.')).toMatchObject({ expired: false });
  });

  it('has the list of root servers in the resolver’s cache before anything has happened', () => {
    const { caches } = sceneAt(traceOf('first-visit'), { at: instant(0), turn: -1 });
    const resolvers = caches.find(({ cache }) => cache === 'isp');
    expect(resolvers?.host).toBe('isp');
    expect(resolvers?.entries[0]?.entry).toMatchObject({ name: '.', type: 'NS', ttl: 518_400 });
  });

  it('says which hosts are stopped', () => {
    const trace = traceOf('root-server-down');
    const down = (at: number) =>
      sceneAt(trace, { at: instant(at) })
        .hosts.filter(({ state }) => state !== 'up')
        .map(({ host }) => host.id);
    expect(down(milliseconds(1))).toEqual(['f.root']);
    expect(down(seconds(15))).toHaveLength(13);
  });

  it('shows zones as they are at the instant, before and after an edit', () => {
    const scenario = scenarioFrom(
      'title: t\nstimuli:\n  - { at: 0, visit: www.example.com }\n  - { at: 5 s, edit: example.com, set: www 60 A 192.0.2.99 }\n',
    );
    const trace = run(scenario);
    const ttl = (at: number) =>
      sceneAt(trace, { at: instant(at) })
        .zones.find(({ zone }) => zone === 'example.com.')
        ?.records.find((r) => r.name === 'www.example.com.')?.ttl;
    expect([ttl(seconds(4)), ttl(seconds(5))]).toEqual([300, 60]);
  });

  it('steps through the moves of one turn', () => {
    const trace = traceOf('first-visit');
    const turn = trace.turns.find(({ moves }) => moves.length > 3);
    if (!turn) throw new Error('no turn has several moves');
    const at = { at: turn.at, turn: turn.id };
    for (const [i, { instance, to }] of turn.moves.entries()) {
      const scene = sceneAt(trace, { ...at, move: i + 1 });
      expect(scene.move).toBe(turn.moves[i]);
      expect(scene.instances.find(({ path }) => path === instance)?.state).toEqual(to);
    }
  });

  it('knows of a message when its sender has asked for it, not before', () => {
    const trace = traceOf('first-visit');
    const turn = trace.turns.find(({ host, effects }) => host === 'isp' && effects.some((e) => e.kind === 'transmit'));
    if (!turn) throw new Error('the resolver never sends');
    const before = messagesUpTo(trace, { at: turn.at, turn: turn.id, move: 0 });
    const after = messagesUpTo(trace, { at: turn.at, turn: turn.id });
    expect(after.length).toBe(before.length + 1);
    expect(hostAt(trace, trace.messages[after.at(-1) as number]?.from.address as never)?.id).toBe('isp');
  });

  it('takes a move beyond the last one for the whole turn', () => {
    const trace = traceOf('first-visit');
    expect(cursorAt(trace, { at: instant(0), turn: 1, move: 99 })).toEqual(cursorAt(trace, { at: instant(0), turn: 1 }));
  });
});
