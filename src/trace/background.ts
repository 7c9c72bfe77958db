/**
 * What goes on all the time beside what people do: the probes of health checkers, and whatever comes of a probe. A turn in
 * which something changes because of them (a status, an alarm) is no background.
 */
import { memoised } from './memo.ts';
import type { PacketRecord, Trace, TurnId } from './trace.ts';

const NEWS: ReadonlySet<string> = new Set(['health', 'alarm', 'told', 'function']);

/** One octet for each turn, 1 for those in the background. */
const turnsOf: (trace: Trace) => Uint8Array = memoised((trace) => {
  const found = new Uint8Array(trace.turns.length);
  const checkers = new Set(trace.hosts.flatMap(({ id, role }) => (role === 'health-checker' ? [id] : [])));
  if (checkers.size === 0) return found;
  for (const { id, host, cause, causedBy, effects } of trace.turns) {
    if (cause.kind === 'stimulus' || effects.some((effect) => effect.kind === 'decide' && NEWS.has(effect.decision.about)))
      continue;
    found[id] = checkers.has(host) ? 1 : causedBy === undefined ? 0 : (found[causedBy] ?? 0);
  }
  return found;
});

/** Whether a turn belongs to the background. */
export const isBackground = (trace: Trace, turn: TurnId): boolean => turnsOf(trace)[turn] === 1;

/** The packets that do not. */
export const foregroundPackets: (trace: Trace) => readonly PacketRecord[] = memoised((trace) =>
  trace.packets.filter(({ turn }) => !isBackground(trace, turn)),
);

/** Whether a turn is worth a stop of its own: all but the background, of which only a checker's change of mind is. */
export const isEvent = (trace: Trace, turn: TurnId): boolean =>
  !isBackground(trace, turn) ||
  (trace.turns[turn]?.effects.some((effect) => effect.kind === 'tell' && effect.event === 'report') ?? false);
