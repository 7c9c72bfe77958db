/** A run's packets as a capture file: every packet as it left its sender. */
import { writePcap } from '../sim/pcap.ts';
import type { Trace } from '../trace/trace.ts';
import { complain, type Io } from './io.ts';

/** Writes the capture; false when the file cannot be written. */
export function writeCapture(io: Io, path: string, trace: Trace): boolean {
  const problem = io.write(path, writePcap(trace.packets.map((packet) => ({ packet, at: packet.sentAt }))));
  if (problem === undefined) return true;
  complain(io, `${path}: ${problem}`);
  return false;
}
