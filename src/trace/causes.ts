/**
 * What led to what: for every turn the stimulus at its root, for every message who sent it, who read it and what answers it.
 * Worked out once per trace, in one pass.
 */
import type { PacketId } from '../sim/packet.ts';
import { memoised } from './memo.ts';
import type { InstancePath, MachineId, MessageId, StimulusId, Trace, Turn, TurnId } from './trace.ts';

export interface Causes {
  /** By turn: the stimulus that all of it goes back to; undefined for what happens by itself. */
  readonly stimulus: readonly (StimulusId | undefined)[];
  /** By message: the machine instance that sent it. */
  readonly sender: readonly (InstancePath | undefined)[];
  /** By message: which effect of its turn, counted from 1, asked for it. */
  readonly effect: readonly (number | undefined)[];
  /** By message: the turn in which its receiver dealt with it; undefined when it never arrived. */
  readonly readIn: readonly (TurnId | undefined)[];
  /** By message: the first response to it. */
  readonly response: readonly (MessageId | undefined)[];
  /** Machine instances that were started during the run, with who started them. A path may be used again. */
  readonly starts: ReadonlyMap<InstancePath, readonly Start[]>;
}

export interface Start {
  /** Who needs it: the instance that asked for it to be started, or the one that had asked that one. */
  readonly by: InstancePath;
  readonly machine: MachineId;
  readonly title: string;
  readonly turn: TurnId;
}

export const causesOf: (trace: Trace) => Causes = memoised((trace) => {
  const stimulus: (StimulusId | undefined)[] = [];
  const sender: (InstancePath | undefined)[] = [];
  const effects: (number | undefined)[] = [];
  const starts = new Map<InstancePath, Start[]>();
  const turnsOfPacket = new Map<PacketId, Turn[]>();
  for (const turn of trace.turns) {
    stimulus.push(turn.cause.kind === 'stimulus' ? turn.cause.stimulus : stimulus[beganIn(trace, turn) ?? -1]);
    if (turn.cause.kind === 'packet') push(turnsOfPacket, turn.cause.packet, turn);
    /** Who asked an instance for something, in this turn. */
    const needs = new Map<InstancePath, InstancePath>();
    for (const [i, effect] of turn.effects.entries()) {
      if (effect.kind === 'transmit') {
        sender[effect.message] = effect.instance;
        effects[effect.message] = i + 1;
      } else if (effect.kind === 'tell' && effect.event === 'needed') needs.set(effect.to, effect.instance);
      else if (effect.kind === 'start') {
        const { by, machine, title } = effect;
        push(starts, effect.instance, { by: needs.get(by) ?? by, machine, title, turn: turn.id });
      }
    }
  }
  const readIn: (TurnId | undefined)[] = [];
  const response: (MessageId | undefined)[] = [];
  for (const message of trace.messages) {
    const carriers = [...message.packets, ...copiesOf(trace, message.packets)];
    const turns = carriers.flatMap((packet) => turnsOfPacket.get(packet) ?? []).filter((turn) => turn.moves.length > 0);
    readIn[message.id] = message.transport === 'udp' ? turns[0]?.id : turns.at(-1)?.id;
    if (message.answers !== undefined) response[message.answers] ??= message.id;
  }
  return { stimulus, sender, effect: effects, readIn, response, starts };
});

/**
 * The turn that a turn goes on with: where a response is read, the one that sent the query, for a resolver may answer several
 * clients at once; else the one that caused it.
 */
function beganIn(trace: Trace, turn: Turn): TurnId | undefined {
  const message = turn.cause.kind === 'packet' ? trace.packets[turn.cause.packet]?.message : undefined;
  const query = message === undefined ? undefined : trace.messages[message]?.answers;
  return (query === undefined ? undefined : trace.messages[query]?.turn) ?? turn.causedBy;
}

/** Packets sent later that carry the same octets of a TCP stream again, or that the network made. */
function copiesOf(trace: Trace, packets: readonly PacketId[]): PacketId[] {
  return packets.flatMap((id) => copies(trace).get(id) ?? []);
}

const copies: (trace: Trace) => ReadonlyMap<PacketId, readonly PacketId[]> = memoised((trace) => {
  const found = new Map<PacketId, PacketId[]>();
  const firsts = new Map<string, PacketId>();
  for (const packet of trace.packets) {
    if (packet.copyOf !== undefined) push(found, packet.copyOf, packet.id);
    if (packet.tcp === undefined || packet.payload.length === 0) continue;
    const { from, to } = packet;
    const octets = `${from.address} ${from.port} ${to.address} ${to.port} ${packet.tcp.sequence}`;
    const first = firsts.get(octets);
    if (first === undefined) firsts.set(octets, packet.id);
    else push(found, first, packet.id);
  }
  return found;
});

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
