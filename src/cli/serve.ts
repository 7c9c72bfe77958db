/** `rootwalk serve`: a scenario's servers on real sockets, until somebody ends it. */
import { makeLive } from '../scenario/live.ts';
import { EXIT, type Exit, type Io } from './io.ts';
import { broughtZones, openScenario } from './open.ts';
import type { Served } from './sockets.ts';

export interface ServeArguments {
  readonly port: number;
  readonly zone?: readonly string[];
  readonly origin?: string;
  readonly seed?: number;
}

/** Starts serving, and gives at once: the world goes on until the program is told to end. */
export function serveCommand(io: Io, name: string, options: ServeArguments): Exit {
  const { port, seed } = options;
  const opened = openScenario(io, name);
  if (!opened) return EXIT.badInput;
  const brought = broughtZones(io, options);
  if (!brought) return EXIT.badInput;
  const { zones } = brought;
  const live = makeLive(opened.scenario, {
    name: opened.name,
    ...(zones ? { overlay: zones.world } : {}),
    ...(seed === undefined ? {} : { seed }),
  });
  io.serve(live, port, (served) => io.out(`${greeting(opened.name, served, zones?.ask?.name ?? 'www.example.com')}\n`));
  return EXIT.held;
}

/** Who is where, and how to ask. */
function greeting(name: string, { endpoints }: Served, asked: string): string {
  const [first] = endpoints;
  const width = Math.max(...endpoints.map(({ title }) => title.length));
  const rows = endpoints.map(({ port, title, zones, role }) => {
    const about =
      role === 'resolver'
        ? 'finds anything'
        : `has ${zones.map((zone) => (zone === '.' ? 'the root' : zone.replace(/\.$/, ''))).join(', ') || 'no zone'}`;
    return `127.0.0.1 port ${String(port).padEnd(5)}  ${title.padEnd(width)}  ${about}`;
  });
  const hint = first ? [`; Try: dig @127.0.0.1 -p ${first.port} ${asked}`] : [];
  return [`; ${name} is served by UDP and TCP, its clock going as yours does. Ctrl+C ends it.`, ...hint, ...rows].join('\n');
}
