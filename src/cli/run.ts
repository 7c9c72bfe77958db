/** `rootwalk run`: plays a scenario, prints what happened, and says whether its expectations held. */
import { checkRun } from '../scenario/check.ts';
import { run } from '../scenario/run.ts';
import { writeTrace } from '../trace/archive.ts';
import { transcript } from '../trace/transcript.ts';
import { EXIT, type Exit, type Io } from './io.ts';
import { openScenario, openZone } from './open.ts';
import { writeCapture } from './pcap.ts';

export interface RunArguments {
  readonly zone?: string;
  readonly json?: boolean;
  readonly pcap?: string;
  readonly seed?: number;
}

export function runCommand(io: Io, name: string, { zone, json, pcap, seed }: RunArguments): Exit {
  const opened = openScenario(io, name);
  if (!opened) return EXIT.badInput;
  const overlay = zone === undefined ? undefined : openZone(io, zone);
  if (zone !== undefined && !overlay) return EXIT.badInput;
  const options = { name: opened.name, ...(overlay ? { overlay } : {}), ...(seed === undefined ? {} : { seed }) };
  const trace = run(opened.scenario, options);
  if (pcap !== undefined && !writeCapture(io, pcap, trace)) return EXIT.badInput;
  io.out(json ? `${writeTrace(trace, 2)}\n` : transcript(trace));
  // What a lesson expects is said of its own world and seed.
  if (overlay || seed !== undefined) return EXIT.held;
  const failures = checkRun(opened.scenario, trace);
  for (const { where, text } of failures) io.err(`${opened.name}: ${where}: ${text}\n`);
  const count = (opened.scenario.expect ?? []).length;
  if (failures.length === 0 && !json) io.out(`; All ${count} expectations hold.\n`);
  return failures.length === 0 ? EXIT.held : EXIT.failed;
}
