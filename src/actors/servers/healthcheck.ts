/**
 * A health check: adds up what its checkers say, or what other checks, an alarm or a switch tell it. Its status is what the
 * name servers go by; they never probe anything themselves.
 */
import { assign, setup } from 'xstate';
import { reason } from '../../base/reason.ts';
import type { HealthCheck } from '../../route53/health/healthCheck.ts';
import type { DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { effectActions, type Given } from '../effects.ts';
import type { CheckerInput, Report } from './healthchecker.ts';
import { type Feed, type Knowledge, verdictOf } from './healthStatus.ts';

/** The reaction that lets the name servers know of a status; `about` is a `StatusNews`. */
export const STATUS = 'status';

export interface StatusNews {
  readonly id: string;
  readonly healthy: boolean;
  readonly why: string;
}

export interface HealthCheckInput {
  readonly path: InstancePath;
  readonly check: HealthCheck;
  readonly checkers: readonly CheckerInput[];
  /** Who wants to know of changes: calculated checks and the alarm. */
  readonly listeners: readonly InstancePath[];
  /** A status from before, which no checker changes. */
  readonly known?: Feed;
  /** The status of the children, of a calculated check. */
  readonly children: Readonly<Record<string, boolean>>;
}

type HealthCheckEvent = (
  | Report
  /** A check that this one counts, or whose alarm this is, has changed. */
  | { readonly type: 'changed'; readonly id: string; readonly healthy: boolean }
  | { readonly type: 'feed'; readonly is: Feed }
  /** Something has happened in the world: the checkers must look for themselves again. */
  | { readonly type: 'stir' }
) & { readonly given: Given };

interface Context {
  readonly input: HealthCheckInput;
  readonly knowledge: Knowledge;
}

const base = setup({
  types: { context: {} as Context, events: {} as HealthCheckEvent, input: {} as HealthCheckInput },
  actions: effectActions,
});

/** What a check knows when it is new: healthy until there are data (Developer Guide, dns-failover-determining-health). */
export const newKnowledge = ({ check, checkers, known, children }: Omit<HealthCheckInput, 'path' | 'listeners'>): Knowledge => ({
  check,
  minds: Object.fromEntries(checkers.map(({ label }) => [label, true])),
  children,
  fed: known,
  before: known,
});

const told = { report: 'hears', changed: 'hears', feed: 'hears' } as const;
const hearing = (target: 'healthy' | 'unhealthy') =>
  Object.fromEntries(
    Object.keys(told).map((type) => [
      type,
      [
        {
          guard: target === 'unhealthy' ? ('turnsUnhealthy' as const) : ('turnsHealthy' as const),
          target,
          actions: ['take' as const, 'announce' as const],
          description: WORDS[type as keyof typeof told],
        },
        { actions: 'take' as const, description: 'that changes nothing' },
      ],
    ]),
  );
const WORDS = { report: 'a checker changes its mind', changed: 'a child changes', feed: 'an alarm or switch says so' };
const stir = { actions: 'stirCheckers' as const, description: 'something happens in the world: look again' };

/** The chart of a health check. */
export const healthcheck = base
  .extend({
    actions: {
      take: assign(({ context, event }) => ({ knowledge: taken(context.knowledge, event) })),
      startCheckers: base.enqueueActions(({ enqueue, context: { input } }) => {
        for (const checker of input.checkers)
          enqueue({
            type: 'start',
            params: { path: checker.path, machine: 'healthchecker', title: `Checker ${checker.label}`, input: checker },
          });
      }),
      stirCheckers: base.enqueueActions(({ enqueue, context: { input } }) => {
        for (const { path } of input.checkers) enqueue({ type: 'tell', params: { to: path, event: { type: 'stir' } } });
      }),
      announce: base.enqueueActions(({ enqueue, context: { input, knowledge } }) => {
        const { id } = input.check;
        const { healthy, why } = verdictOf(knowledge);
        enqueue({ type: 'decide', params: { decision: statusRecord(knowledge) } });
        enqueue({ type: 'trigger', params: { name: STATUS, about: { id, healthy, why } satisfies StatusNews } });
        for (const to of input.listeners)
          enqueue({ type: 'tell', params: { to, event: { type: 'changed', id, healthy } as { type: string } } });
      }),
    },
    guards: {
      isHealthy: ({ context }) => verdictOf(context.knowledge).healthy,
      turnsUnhealthy: ({ context, event }) => !verdictOf(taken(context.knowledge, event)).healthy,
      turnsHealthy: ({ context, event }) => verdictOf(taken(context.knowledge, event)).healthy,
    },
  })
  .createMachine({
    id: 'healthcheck',
    description: 'Adds up what its checkers say. Name servers go by its status; they never probe by themselves.',
    options: { maxIterations: 100 },
    context: ({ input }) => ({ input, knowledge: newKnowledge(input) }),
    initial: 'beginning',
    entry: 'startCheckers',
    states: {
      beginning: {
        description: 'new',
        meta: {
          note: 'Healthy until there are data; inverted, unhealthy.',
          ref: 'Developer Guide, dns-failover-determining-health-of-endpoints',
        },
        always: [
          { guard: 'isHealthy', target: 'healthy', description: 'healthy until somebody says otherwise' },
          { target: 'unhealthy', description: 'unhealthy from the start' },
        ],
      },
      healthy: {
        description: 'healthy',
        meta: {
          note: 'Records with this check are given out.',
          ref: 'Developer Guide, health-checks-how-route-53-chooses-records',
        },
        on: { ...hearing('unhealthy'), stir },
      },
      unhealthy: {
        description: 'unhealthy',
        meta: { note: 'Records with this check are passed over, unless all are.', ref: 'Developer Guide, dns-failover-problems' },
        on: { ...hearing('healthy'), stir },
      },
    },
  });

function taken(knowledge: Knowledge, event: HealthCheckEvent): Knowledge {
  switch (event.type) {
    case 'report':
      return { ...knowledge, minds: { ...knowledge.minds, [event.checker]: event.healthy } };
    case 'changed':
      return { ...knowledge, children: { ...knowledge.children, [event.id]: event.healthy } };
    case 'feed': {
      const before =
        event.is === 'without-data' ? (knowledge.fed === 'without-data' ? knowledge.before : knowledge.fed) : event.is;
      return { ...knowledge, fed: event.is, before: before ?? knowledge.before };
    }
    case 'stir':
      return knowledge;
  }
}

/** What the record of a check's status holds besides its words. */
export interface StatusDetail {
  /** The check's id. */
  readonly id: string;
  readonly healthy: boolean;
  /** What each checker thinks. */
  readonly minds: Knowledge['minds'];
}

function statusRecord(knowledge: Knowledge): DecisionRecord {
  const { healthy, why } = verdictOf(knowledge);
  const { id, name } = knowledge.check;
  const detail: StatusDetail = { id, healthy, minds: knowledge.minds };
  const status = healthy ? 'healthy' : 'unhealthy';
  return {
    about: 'health',
    outcome: `Health check ${name} is ${status}: ${why}`,
    asked: [{ question: 'Is it healthy?', found: why, yes: healthy }],
    reasons: [reason(status, why, 'Developer Guide, dns-failover-determining-health-of-endpoints')],
    detail,
  };
}
