/** A program that asks for one name after another and says what it was told, as dig or a script does. */
import { assign, setup } from 'xstate';
import type { Address } from '../../base/address.ts';
import type { Duration } from '../../base/time.ts';
import type { Question } from '../../dns/message.ts';
import type { Name } from '../../dns/name.ts';
import type { RecordType } from '../../dns/record.ts';
import type { InstancePath } from '../../trace/trace.ts';
import { effectActions, type Given } from '../effects.ts';
import { conclusionOf, type DnssecWishes, type LookupResult } from './lookup.ts';
import type { Found, LookUp } from './stub.ts';

/** Somebody wants to know something. */
export interface Ask {
  readonly type: 'ask';
  readonly name: Name;
  readonly recordType: RecordType;
  /** Servers to ask in place of the configured resolvers. */
  readonly servers?: readonly Address[];
  /** RD; set unless told. */
  readonly recursionDesired?: boolean;
  readonly wishes?: DnssecWishes;
}

export interface ProgramInput {
  readonly self: InstancePath;
  readonly stub: InstancePath;
  readonly thinking: Duration;
}

interface Context extends ProgramInput {
  /** What it was told to ask and has not asked yet, the present one first. */
  readonly line: readonly Ask[];
  readonly asked: number;
  readonly result: LookupResult | undefined;
}

type ProgramEvent = (Ask | Found) & { readonly given: Given };

/** The chart of a program that asks. */
export const program = setup({
  types: { context: {} as Context, events: {} as ProgramEvent, input: {} as ProgramInput },
  actions: {
    ...effectActions,
    lineUp: assign(({ context, event }) => ({ line: [...context.line, event as Ask] })),
    count: assign({ asked: ({ context }) => context.asked + 1 }),
    take: assign(({ event }) => ({ result: (event as Found).result })),
    finish: assign(({ context }) => ({ line: context.line.slice(1), result: undefined })),
  },
  guards: {
    hasMore: ({ context }) => context.line.length > 0,
    isAnswered: ({ event }) => (event as Found).result.kind === 'answered',
  },
  delays: { thinking: ({ context }) => context.thinking },
}).createMachine({
  id: 'program',
  description: 'Asks for names without a browser, one after another.',
  options: { maxIterations: 100 },
  context: ({ input }) => ({ ...input, line: [], asked: 0, result: undefined }),
  initial: 'idle',
  on: { ask: { actions: 'lineUp', description: 'one more to ask, later' } },
  states: {
    idle: {
      description: 'idle',
      meta: { note: 'Has nothing to ask.' },
      on: { ask: { target: 'thinking', actions: 'lineUp', description: 'something to ask' } },
    },
    thinking: {
      description: 'reading what to ask',
      meta: { note: 'Reads what it is to ask.' },
      after: { thinking: { target: 'asking', description: 'it is read' } },
    },
    asking: {
      description: 'waiting for the answer',
      meta: { note: 'Has asked the operating system, and waits.', ref: 'RFC 1034 §5.2' },
      entry: ['count', { type: 'tell', params: ({ context }) => ({ to: context.stub, event: lookUp(context) }) }],
      on: {
        found: [
          { guard: 'isAnswered', target: 'answered', actions: 'take', description: 'an answer comes' },
          { target: 'failed', actions: 'take', description: 'no answer is to be had' },
        ],
      },
    },
    answered: {
      description: 'has its answer',
      meta: { note: 'Has an answer, be it an address or a firm no.' },
      entry: { type: 'conclude', params: ({ context }) => ({ conclusion: conclusion(context) }) },
      exit: 'finish',
      always: { target: 'resting', description: 'said' },
    },
    failed: {
      description: 'has learned nothing',
      meta: { note: 'Has learned nothing.' },
      entry: { type: 'conclude', params: ({ context }) => ({ conclusion: conclusion(context) }) },
      exit: 'finish',
      always: { target: 'resting', description: 'said' },
    },
    resting: {
      description: 'is there more to ask?',
      meta: { note: 'Is there more to ask?' },
      always: [
        { guard: 'hasMore', target: 'thinking', description: 'one more' },
        { target: 'idle', description: 'nothing more' },
      ],
    },
  },
});

const present = ({ line }: Context): Ask => line[0] as Ask;

function lookUp(context: Context): LookUp {
  const { name, recordType, servers, recursionDesired, wishes } = present(context);
  return {
    type: 'look up',
    request: `a${context.asked}`,
    replyTo: context.self,
    name,
    want: recordType,
    ...(servers ? { servers } : {}),
    ...(recursionDesired === undefined ? {} : { recursionDesired }),
    ...(wishes ? { wishes } : {}),
  };
}

function conclusion(context: Context) {
  const { name, recordType } = present(context);
  const question: Question = { name, type: recordType, class: 'IN' };
  return conclusionOf(question, context.result as LookupResult);
}
