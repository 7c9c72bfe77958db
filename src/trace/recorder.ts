/** Writes a trace while a run goes on. It decides nothing; whoever drives the run says what happened, in order of time. */
import type { Instant } from '../base/time.ts';
import type { Fate, Packet, PacketId } from '../sim/packet.ts';
import type {
  Cause,
  Effect,
  HostId,
  HostRecord,
  MessageId,
  MessageRecord,
  Move,
  PacketRecord,
  StimulusRecord,
  Trace,
  Turn,
  TurnId,
  ZoneChange,
} from './trace.ts';

export interface Recorder {
  host(record: HostRecord): void;
  /** Opens a turn; all that is recorded until `endTurn` belongs to it. */
  beginTurn(at: Instant, host: HostId, cause: Cause, causedBy: TurnId | undefined): TurnId;
  move(move: Move): void;
  effect(effect: Effect): void;
  /** How many effects this turn has so far. */
  effectCount(): number;
  /** Closes the turn. A turn of TCP alone in which nothing happened leaves no record. */
  endTurn(keepEmpty: boolean): void;
  message(message: Omit<MessageRecord, 'packets'>): void;
  /** A packet on its way; when it is the first carrier of (a part of) a message, that message. */
  packet(packet: Packet, turn: TurnId, message: MessageId | undefined, first: boolean): void;
  fate(fate: Fate): void;
  stimulus(record: StimulusRecord): void;
  zoneChange(change: ZoneChange): void;
  /** What has been recorded up to this instant; packets still on their way get that as their fate. */
  trace(end: Instant): Trace;
}

/** A recorder of an empty log. */
export function makeRecorder(scenario: Trace['scenario']): Recorder {
  const hosts: HostRecord[] = [];
  const turns: Turn[] = [];
  const packets: Omit<PacketRecord, 'fate'>[] = [];
  const fates: Fate[] = [];
  const messages: { record: Omit<MessageRecord, 'packets'>; packets: PacketId[] }[] = [];
  const stimuli: (StimulusRecord | undefined)[] = [];
  const zoneChanges: ZoneChange[] = [];
  let open: { turn: Turn; moves: Move[]; effects: Effect[] } | undefined;

  const current = () => {
    if (!open) throw new Error('something happened outside of every turn');
    return open;
  };

  return {
    host: (record) => void hosts.push(record),
    beginTurn(at, host, cause, causedBy) {
      if (open) throw new Error('a turn began inside another');
      const moves: Move[] = [];
      const effects: Effect[] = [];
      const turn = { id: turns.length, at, host, cause, ...(causedBy === undefined ? {} : { causedBy }), moves, effects };
      open = { turn, moves, effects };
      return turn.id;
    },
    move: (move) => void current().moves.push(move),
    effect: (effect) => void current().effects.push(effect),
    effectCount: () => current().effects.length,
    endTurn(keepEmpty) {
      const { turn, moves, effects } = current();
      if (keepEmpty || moves.length > 0 || effects.length > 0) turns.push(turn);
      open = undefined;
    },
    message(record) {
      messages[record.id] = { record, packets: [] };
    },
    packet(packet, turn, message, first) {
      packets[packet.id] = { ...packet, turn, ...(message === undefined ? {} : { message }) };
      if (message !== undefined && first) messages[message]?.packets.push(packet.id);
    },
    fate(fate) {
      fates[fate.packet] = fate;
    },
    stimulus(record) {
      stimuli[record.id] = record;
    },
    zoneChange: (change) => void zoneChanges.push(change),
    trace: (end) => ({
      version: 1,
      scenario,
      hosts: [...hosts],
      turns: [...turns],
      packets: packets.map((packet) => ({
        ...packet,
        fate: fates[packet.id] ?? { kind: 'underway', packet: packet.id, at: end },
      })),
      messages: messages.map(({ record, packets }) => ({ ...record, packets: [...packets] })),
      stimuli: stimuli.filter((record) => record !== undefined),
      zoneChanges: [...zoneChanges],
      end,
    }),
  };
}
