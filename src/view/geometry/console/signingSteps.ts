/** A way of signing in steps: what each is, which of them is at hand, and what an order at the registrar does meanwhile. */

import { formatDuration, type Instant, later, parseDuration, seconds } from '../../../base/time.ts';
import { bareName } from '../../../dns/name.ts';
import { serviceName } from '../../../route53/names.ts';
import type { Line } from '../../../scenario/schema.ts';
import type { Trace } from '../../../trace/trace.ts';
import { timeLeftInWords } from '../map/ledger.ts';
import { takenLines } from '../zone/account.ts';
import type { SigningFacts, ZoneAbove } from './signing.ts';

/** What can be asked for at a step. */
export interface SigningAct {
  readonly label: string;
  readonly line: Line;
  /** For the history: "signing of example.com". */
  readonly words: string;
}

export interface SigningStep {
  readonly title: string;
  /** "since 5 min", "47 h 51 m to go"; empty while there is nothing to say. */
  readonly when: string;
  readonly state: 'done' | 'now' | 'todo';
  readonly words: string;
  /** What goes wrong for whoever goes on without waiting. */
  readonly warning?: string;
  readonly act?: SigningAct;
}

/** How long an order at a registry takes unless told. */
const ORDER_TAKES = '4 min';

/** An order for a DS record that the registry has not carried out yet. */
export interface Pending {
  readonly removes: boolean;
  readonly due: Instant;
}

export type Drawn = Omit<SigningStep, 'state'> & { readonly isDone: boolean };

/** The first step that is not done is the one at hand. */
export function inTurn(steps: readonly Drawn[]): SigningStep[] {
  const at = steps.findIndex(({ isDone }) => !isDone);
  return steps.map(({ isDone, ...step }, i) => ({ ...step, state: isDone ? 'done' : i === at ? 'now' : 'todo' }));
}

export function pendingOrder(trace: Trace, { word }: SigningFacts, now: Instant): Pending | undefined {
  const last = takenLines(trace, now).findLast(({ line }) => 'ds' in line && bareName(line.ds) === bareName(word));
  if (!last || !('ds' in last.line)) return undefined;
  const { takes = ORDER_TAKES, remove = false } = last.line;
  const due = later(last.at, parseDuration(String(takes)) ?? seconds(0));
  return due > now ? { removes: remove, due } : undefined;
}

export const since = (when: Instant): string => (when === 0 ? 'from the beginning' : `since ${formatDuration(when)}`);
export const toGo = (when: Instant, now: Instant): string => `${timeLeftInWords(when - now)} to go`;
export const parentOf = (above: ZoneAbove | undefined): string => (above ? serviceName(above.name) : 'the zone above');
export const isListed = ({ above }: SigningFacts): boolean => (above?.listed.length ?? 0) > 0;

export const setOf = (zone: SigningFacts['zone'], TTL: number, texts: readonly string[]) => ({
  Name: serviceName(zone),
  Type: 'DS',
  TTL,
  ResourceRecords: texts.map((Value) => ({ Value })),
});
