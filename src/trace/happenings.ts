/** What happens beside the visits: changes that are taken or refused, servers that take them, health, alarms, registrations. */
import type { Instant } from '../base/time.ts';
import type { Trace, TurnId } from './trace.ts';

/** One thing that happened, in one sentence without its full stop. */
export interface Happening {
  readonly at: Instant;
  readonly turn: TurnId;
  /** "change", "refusal", "adoption", "insync", "health", "alarm", "told", "function", "registration". */
  readonly about: string;
  readonly text: string;
}

const TOLD: ReadonlySet<string> = new Set([
  'change',
  'refusal',
  'adoption',
  'insync',
  'health',
  'alarm',
  'told',
  'function',
  'registration',
]);

/** All of them, in order of time. */
export const happeningsOf = (trace: Trace): Happening[] =>
  trace.turns.flatMap((turn) =>
    turn.effects.flatMap((effect) =>
      effect.kind === 'decide' && TOLD.has(effect.decision.about)
        ? [{ at: turn.at, turn: turn.id, about: effect.decision.about, text: effect.decision.outcome }]
        : [],
    ),
  );
