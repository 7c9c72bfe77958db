/** `rootwalk run`: plays a scenario, prints what happened, and says whether its expectations held. */
import { isSubdomain, parseName } from '../dns/name.ts';
import { checkRun } from '../scenario/check.ts';
import { ZONE_SERVERS } from '../scenario/route53/holdings.ts';
import { queryLog } from '../scenario/route53/queryLog.ts';
import { run } from '../scenario/run.ts';
import type { Line, Scenario } from '../scenario/schema.ts';
import { writeTrace } from '../trace/archive.ts';
import type { Trace } from '../trace/trace.ts';
import { transcript } from '../trace/transcript.ts';
import { complain, EXIT, type Exit, type Io } from './io.ts';
import { broughtZones, type OpenedZones, openScenario } from './open.ts';
import { writeCapture } from './pcap.ts';

export interface RunArguments {
  readonly zone?: readonly string[];
  readonly origin?: string;
  readonly json?: boolean;
  readonly pcap?: string;
  /** Where the query log of the hosted zones goes; "-" prints it in place of the transcript. */
  readonly queryLog?: string;
  readonly seed?: number;
}

export function runCommand(io: Io, name: string, given: RunArguments): Exit {
  const { json, pcap, queryLog: logFile, seed } = given;
  const opened = openScenario(io, name);
  if (!opened) return EXIT.badInput;
  const brought = broughtZones(io, given);
  if (!brought) return EXIT.badInput;
  const { zones } = brought;
  const overlay = zones?.world;
  const options = { name: opened.name, ...(overlay ? { overlay } : {}), ...(seed === undefined ? {} : { seed }) };
  const trace = run(zones ? about(io, opened.scenario, zones) : opened.scenario, options);
  if (pcap !== undefined && !writeCapture(io, pcap, trace)) return EXIT.badInput;
  if (logFile !== undefined && !writeLog(io, logFile, trace)) return EXIT.badInput;
  if (logFile !== '-') io.out(json ? `${writeTrace(trace, 2)}\n` : transcript(trace));
  // What a lesson expects is said of its own world and seed.
  if (overlay || seed !== undefined) return EXIT.held;
  const failures = checkRun(opened.scenario, trace);
  for (const { where, text } of failures) io.err(`${opened.name}: ${where}: ${text}\n`);
  const count = (opened.scenario.expect ?? []).length;
  if (failures.length === 0 && !json && logFile !== '-') io.out(`; All ${count} expectations hold.\n`);
  return failures.length === 0 ? EXIT.held : EXIT.failed;
}

/** The query log of every public zone on Route 53's servers, in order of time; false when the file cannot be written. */
function writeLog(io: Io, path: string, trace: Trace): boolean {
  const zones = new Set(
    trace.zoneChanges.flatMap(({ zone, servers, detail }) =>
      servers.some((server) => ZONE_SERVERS.includes(server)) ? [(detail as { id?: string } | undefined)?.id ?? zone] : [],
    ),
  );
  const logged = [...zones].flatMap((zone) => queryLog(trace, zone)).sort((a, b) => a.at - b.at || a.message - b.message);
  const text = logged.map(({ line }) => `${line}\n`).join('');
  if (path === '-') {
    io.out(text);
    return true;
  }
  const problem = io.write(path, new TextEncoder().encode(text));
  if (problem === undefined) return true;
  complain(io, `${path}: ${problem}`);
  return false;
}

/** The scenario, asking for a name of the zone that somebody brought where it asks for none of its own accord. */
function about(io: Io, scenario: Scenario, { names, ask }: OpenedZones): Scenario {
  const isInside = (text: string): boolean => {
    const name = parseName(`${text.replace(/^\w+:\/\//, '').split(/[\s/:]/)[0] ?? ''}`);
    return typeof name === 'string' && names.some((zone) => isSubdomain(name, zone));
  };
  const asked = scenario.stimuli.flatMap((line) => ('visit' in line ? [line.visit] : 'ask' in line ? [line.ask] : []));
  if (!ask || asked.length === 0 || asked.some(isInside)) return scenario;
  const instead = ask.name.replace(/\.$/, '');
  io.err(`The scenario asks for no name of ${names[0]?.replace(/\.$/, '')}: ${instead} takes the place of ${asked[0]}.\n`);
  const changed = scenario.stimuli.map((line): Line => {
    if ('visit' in line && line.visit === asked[0]) return { ...line, visit: instead };
    return 'ask' in line && line.ask === asked[0] ? { ...line, ask: `${instead} ${ask.type}` } : line;
  });
  return { ...scenario, stimuli: changed };
}
