/**
 * The side of Route 53 that people talk to: takes what they ask for, or refuses it with the service's own words. A change of
 * a zone is PENDING until all its name servers have it. The name servers themselves are machines of their own kind.
 */
import { assign, setup } from 'xstate';
import { type Reason, reason } from '../../base/reason.ts';
import { between, type Duration, type Instant } from '../../base/time.ts';
import type { Fault } from '../../route53/faults.ts';
import { refusalText } from '../../route53/faults.ts';
import type { DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { type EffectParams, effectActions, type Given, givenOf } from '../effects.ts';

/** What somebody asks of the service. */
export interface ControlRequest {
  readonly type: 'request';
  /** In words: "Ana changes example.com". */
  readonly text: string;
  /** Judges it as things stand now. A pure function; nothing happens before the answer is yes. */
  judge(at: Instant, random: () => number): Verdict;
}

export type Verdict =
  | { readonly ok: false; readonly faults: readonly Fault[] }
  | {
      readonly ok: true;
      /** In words: "accepted, PENDING". */
      readonly outcome: string;
      readonly change?: PendingChange;
      /** What the account holds from now on, as plain data, for views. */
      readonly detail?: unknown;
      /** What the world does with it, for the reaction `COMMIT`. */
      readonly commit: unknown;
    };

/** A change on its way to the name servers. */
export interface PendingChange {
  /** "C0EXAMPLE00000001". */
  readonly id: string;
  /** "example.com". */
  readonly zone: string;
  readonly servers: readonly { readonly name: string; readonly at: Instant }[];
}

/** The reaction that carries out what was accepted. */
export const COMMIT = 'commit';

type Requested = ControlRequest & { readonly given: Given };

interface Judged {
  readonly request: ControlRequest | undefined;
  readonly verdict: Verdict | undefined;
}

/** The chart of the control plane. */
export const controlplane = setup({
  types: {
    context: {} as { readonly path: InstancePath; readonly judged: Judged },
    events: {} as Requested,
    input: {} as { readonly path: InstancePath },
  },
  actions: {
    ...effectActions,
    judge: assign(({ event }) => ({ judged: judged(event) })),
  },
  guards: {
    isRefused: ({ context }) => context.judged.verdict?.ok === false,
    isChange: ({ context }) => context.judged.verdict?.ok === true && context.judged.verdict.change !== undefined,
  },
}).createMachine({
  id: 'controlplane',
  description: 'Takes changes of zones, health checks and policies, or refuses them.',
  options: { maxIterations: 100 },
  context: ({ input: { path } }) => ({ path, judged: { request: undefined, verdict: undefined } }),
  initial: 'listening',
  states: {
    listening: {
      description: 'idle',
      meta: { note: 'Waits for somebody who wants to change something.', ref: 'API Reference' },
      on: { request: { target: 'judging', actions: 'judge', description: 'somebody asks for a change' } },
    },
    judging: {
      description: 'checking the request',
      meta: { note: 'Checks all of it: a request applies whole or not at all.', ref: 'API Reference, ChangeResourceRecordSets' },
      entry: { type: 'decide', params: ({ context }) => ({ decision: verdictRecord(context.judged) }) },
      always: [
        { guard: 'isRefused', target: 'listening', description: 'refused: nothing changes' },
        {
          guard: 'isChange',
          target: 'listening',
          actions: [
            { type: 'trigger', params: ({ context }) => commit(context.judged) },
            { type: 'start', params: ({ context }) => follow(context.path, context.judged) },
          ],
          description: 'accepted: PENDING',
        },
        {
          target: 'listening',
          actions: { type: 'trigger', params: ({ context }) => commit(context.judged) },
          description: 'accepted',
        },
      ],
    },
  },
});

function judged(event: Requested): Judged {
  const { at, draw } = givenOf(event);
  let drawn = 0;
  return { request: event, verdict: event.judge(at, () => draw(`request ${drawn++}`)) };
}

function verdictRecord({ request, verdict }: Judged): DecisionRecord {
  const asked = (found: string, yes: boolean) => [{ question: 'Does all of it fit?', found, yes }];
  if (verdict?.ok) {
    const detail = verdict.detail === undefined ? {} : { detail: verdict.detail };
    return {
      about: 'change',
      outcome: `${request?.text}: ${verdict.outcome}`,
      asked: asked('yes', true),
      reasons: [],
      ...detail,
    };
  }
  const faults = verdict?.faults ?? [];
  const [first] = faults;
  const text = first ? `${first.code}: ${refusalText(faults)}` : 'refused';
  return {
    about: 'refusal',
    outcome: `${request?.text}: refused. ${text}`,
    asked: asked(text, false),
    reasons: faults.map((fault) => reason(fault.code, fault.text, fault.source)),
    detail: faults,
  };
}

const commit = ({ verdict }: Judged): EffectParams['trigger'] => ({
  name: COMMIT,
  about: verdict?.ok ? verdict.commit : undefined,
});

function follow(path: InstancePath, { verdict }: Judged): EffectParams['start'] {
  const change = verdict?.ok ? verdict.change : undefined;
  if (!change) throw new Error('a change is followed that nobody has made');
  return { path: `${path}/${change.id}`, machine: 'zonechange', title: `Change ${change.id}`, input: { change } };
}

/** The timer that does not keep a run going. */
export const ADOPTION_TIMER = 'adoption';

/** The chart of one change on its way to the name servers. */
export const zonechange = setup({
  types: {
    context: {} as { readonly change: PendingChange; readonly adopted: number },
    events: {} as { readonly type: 'none'; readonly given: Given },
    input: {} as { readonly change: PendingChange; readonly given: Given },
  },
  actions: {
    ...effectActions,
    count: assign(({ context }) => ({ adopted: context.adopted + 1 })),
  },
  guards: {
    isEverywhere: ({ context: { change, adopted } }) => adopted === change.servers.length,
  },
  delays: {
    adoption: ({ context: { change, adopted }, event }) =>
      Math.max(0, between(givenOf(event).at, change.servers[adopted]?.at ?? (0 as Instant))) as Duration,
  },
}).createMachine({
  id: 'zonechange',
  description: 'A change of a zone on its way: each name server takes it at a moment of its own.',
  options: { maxIterations: 100 },
  context: ({ input: { change } }) => ({
    change: { ...change, servers: [...change.servers].sort((a, b) => a.at - b.at) },
    adopted: 0,
  }),
  initial: 'pending',
  states: {
    pending: {
      description: 'PENDING: not all servers have it',
      meta: { note: 'Two servers may answer differently now.', ref: 'API Reference, GetChange' },
      after: { adoption: { target: 'adopting', actions: 'count', description: 'one more server has it' } },
    },
    adopting: {
      description: 'a server takes it',
      meta: { note: 'From now on this server answers from the new data.', ref: 'API Reference, GetChange' },
      entry: { type: 'decide', params: ({ context }) => ({ decision: adoptionRecord(context.change, context.adopted) }) },
      always: [
        { guard: 'isEverywhere', target: 'insync', description: 'all have it' },
        { target: 'pending', description: 'others are still to come' },
      ],
    },
    insync: {
      description: 'INSYNC: all servers have it',
      meta: {
        note: 'All servers of the zone answer alike. What caches keep is another matter.',
        ref: 'API Reference, GetChange',
      },
      type: 'final',
      entry: { type: 'decide', params: ({ context }) => ({ decision: insyncRecord(context.change) }) },
    },
  },
});

const WHY: Reason = reason(
  'propagation',
  'A change normally reaches all name servers within a minute.',
  'API Reference, GetChange',
);

const adoptionRecord = ({ id, zone, servers }: PendingChange, adopted: number): DecisionRecord => ({
  about: 'adoption',
  outcome: `${servers[adopted - 1]?.name} has the change of ${zone}`,
  asked: [{ question: 'Do all servers have it?', found: `${adopted} of ${servers.length}`, yes: adopted === servers.length }],
  reasons: [WHY],
  detail: { id },
});

const insyncRecord = ({ id, zone, servers }: PendingChange): DecisionRecord => ({
  about: 'insync',
  outcome: `The change of ${zone} is INSYNC`,
  asked: [{ question: 'Do all servers have it?', found: `${servers.length} of ${servers.length}`, yes: true }],
  reasons: [WHY],
  detail: { id },
});
