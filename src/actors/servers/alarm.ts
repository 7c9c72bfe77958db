/**
 * The alarm of a health check: when the check has been unhealthy for a while, it tells the person who has subscribed to it,
 * and runs the functions that wait for it.
 */
import { setup } from 'xstate';
import { reason } from '../../base/reason.ts';
import { type Duration, formatDuration } from '../../base/time.ts';
import type { DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { type EffectParams, effectActions, type Given } from '../effects.ts';

export interface AlarmInput {
  readonly path: InstancePath;
  /** The id and the name of the health check. */
  readonly check: string;
  readonly name: string;
  /** How long the check must be unhealthy. */
  readonly after: Duration;
  /** The person who is told. */
  readonly tells?: string;
  /** What the functions do that wait for a state, in words. */
  readonly runs: Readonly<Record<AlarmState, readonly string[]>>;
}

export type AlarmState = 'ALARM' | 'OK';

/** The reaction that runs what waits for a state of an alarm. */
export const alarmReaction = (check: string, state: AlarmState): string => `alarm/${check}/${state}`;

/** The timer that does not keep a run going. */
export const ALARM_TIMER = 'alarmDelay';

type Changed = { readonly type: 'changed'; readonly healthy: boolean } & { readonly given: Given };

const base = setup({
  types: { context: {} as AlarmInput, events: {} as Changed, input: {} as AlarmInput },
  actions: effectActions,
});

const PAGE = 'Developer Guide, health-checks-monitor-view-status';

/** The chart of an alarm. */
export const alarm = base
  .extend({
    actions: {
      ring: base.enqueueActions(({ enqueue, context }) => {
        for (const effect of news(context, 'ALARM')) enqueue(effect);
      }),
      settle: base.enqueueActions(({ enqueue, context }) => {
        for (const effect of news(context, 'OK')) enqueue(effect);
      }),
    },
    guards: { isUnhealthy: ({ event }) => !event.healthy, isHealthy: ({ event }) => event.healthy },
    delays: { alarmDelay: ({ context }) => context.after },
  })
  .createMachine({
    id: 'alarm',
    description: 'Tells somebody when a health check has been unhealthy for a while, and when that is over.',
    options: { maxIterations: 100 },
    context: ({ input }) => input,
    initial: 'ok',
    states: {
      ok: {
        description: 'OK: no alarm',
        meta: { note: 'The health check is healthy.', ref: PAGE },
        on: { changed: { guard: 'isUnhealthy', target: 'noticing', description: 'the check turns unhealthy' } },
      },
      noticing: {
        description: 'unhealthy, but is it for long?',
        meta: { note: 'Waits whether this lasts.', ref: PAGE },
        after: { alarmDelay: { target: 'ringing', actions: 'ring', description: 'it lasts: ALARM' } },
        on: { changed: { guard: 'isHealthy', target: 'ok', description: 'it was short' } },
      },
      ringing: {
        description: 'ALARM: told',
        meta: { note: 'Who has subscribed has been told.', ref: PAGE },
        on: { changed: { guard: 'isHealthy', target: 'ok', actions: 'settle', description: 'the check is healthy again: OK' } },
      },
    },
  });

type News =
  | { readonly type: 'decide'; readonly params: EffectParams['decide'] }
  | { readonly type: 'trigger'; readonly params: EffectParams['trigger'] };

function news(context: AlarmInput, state: AlarmState): News[] {
  const { name, tells, runs, check, after } = context;
  const why =
    state === 'ALARM'
      ? `Health check ${name} has been unhealthy for ${formatDuration(after)}`
      : `Health check ${name} is healthy again`;
  const tell = (about: string, outcome: string): News => ({
    type: 'decide',
    params: { decision: record(about, outcome, why, check) },
  });
  return [
    tell('alarm', `The alarm of ${name} is in state ${state}: ${why}`),
    ...(tells === undefined ? [] : [tell('told', `${tells} is told: ${state}. ${why}`)]),
    ...runs[state].map((text) => tell('function', `A function runs: ${text}`)),
    { type: 'trigger', params: { name: alarmReaction(check, state) } },
  ];
}

const record = (about: string, outcome: string, why: string, check: string): DecisionRecord => ({
  about,
  outcome,
  asked: [{ question: 'Has it lasted?', found: why, yes: true }],
  reasons: [reason(about, why, PAGE)],
  detail: { id: check },
});
