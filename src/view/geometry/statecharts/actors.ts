/** The actors whose charts can be looked at: everyone who has a turn in the visit at hand, servers of one zone as one. */
import type { Name } from '../../../dns/name.ts';
import { describeMessage, hostOf, zoneAsked, zoneName } from '../../../trace/describe.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { HostId, HostRecord, Trace, Turn, TurnId } from '../../../trace/trace.ts';
import { visitsOf } from '../../../trace/visits.ts';
import { hasBegun, type Life, type LifeScene, lifeAt, livesOf } from './lives.ts';

export interface Actor {
  /** The same whichever server of a zone is asked. */
  readonly id: string;
  readonly label: string;
  readonly host: HostId;
  /** The live state in words. */
  readonly plate: string;
  readonly idle: boolean;
}

interface Part {
  readonly id: string;
  readonly label: string;
  readonly rank: number;
  /** Hosts that play it, each with the turns in which it does. */
  readonly turns: { readonly host: HostId; readonly turn: TurnId }[];
}

/** Everyone in the visit, in the order of the map. */
export function actorsOf(trace: Trace, scene: Scene): Actor[] {
  const visit = scene.visit ?? visitsOf(trace)[0];
  if (!visit) return [];
  const now = scene.turn?.id ?? -1;
  return partsOf(trace, visit).map(({ id, label, turns }) => {
    const host = (turns.findLast(({ turn }) => turn <= now) ?? turns[0])?.host ?? '';
    const life = liveLife(trace, host, scene);
    const state = life && lifeAt(trace, life, scene.position);
    const plate = state ? plateOf(state) : 'idle';
    const idle = plate === 'idle' || state === undefined || state.chart.machine === 'resolver';
    return { id, label, host, plate: idle ? 'idle' : plate, idle };
  });
}

/** The live state in few words: a frame's own when it says what is being done, else the innermost state's. */
function plateOf({ chart, live, leaf }: LifeScene): string {
  const frame = chart.nodes.find(
    ({ id, type, description }) => live.has(id) && type === 'compound' && /^\w+ing\b/.test(description),
  );
  return (frame ?? leaf)?.description ?? 'idle';
}

/** The actor that is looked at: the chosen one, else the resolver, else the first. */
export const chosenActor = (trace: Trace, actors: readonly Actor[], chosen: string | undefined): Actor | undefined =>
  actors.find(({ id, host }) => id === chosen || host === chosen) ??
  actors.find(({ host }) => hostOf(trace, host).role === 'resolver') ??
  actors[0];

/** The machines of a host that can be looked at: its own, and the jobs of this visit, the newest last. */
export function livesShown(trace: Trace, host: HostId, scene: Scene): Life[] {
  const since = scene.visit?.turn ?? 0;
  const begun = livesOf(trace, host).filter((life) => hasBegun(trace, life, scene.position));
  const own = begun.filter(({ begun: at, moves }, i) => at.turn < 0 && (i === 0 || moves.length > 0));
  const jobs = begun.filter(({ begun: at }) => at.turn >= since).slice(-5);
  return [...own, ...jobs];
}

/** The life that is looked at: the chosen one, else the one that does the work. */
export function chosenLife(lives: readonly Life[], chosen: string | undefined): Life | undefined {
  const wanted = chosen === undefined ? undefined : lives.findLast(({ path }) => path === chosen);
  return wanted ?? lives.findLast(({ machine }) => machine === 'resolution' || machine === 'mailsession') ?? busiest(lives);
}

/** "Listener", "Stub resolver", or what the job is about: "www.example.com. A". */
export const lifeName = ({ machine, title, begun }: Life): string => (begun.turn < 0 ? (NAMES[machine] ?? title) : title);

const NAMES: Readonly<Record<string, string>> = {
  browser: 'Browser',
  program: 'Program',
  mailer: 'Mail sender',
  stub: 'Stub resolver',
  resolver: 'Listener',
  mailserver: 'Listener',
};

/** Of a client's programs the one that has something to do. */
const busiest = (lives: readonly Life[]): Life | undefined =>
  lives.find(({ machine, moves }) => machine !== 'stub' && moves.length > 0) ?? lives[0];

/** The machine that stands for a host now: a job that is not done yet, else its first. */
function liveLife(trace: Trace, host: HostId, scene: Scene): Life | undefined {
  const lives = livesShown(trace, host, scene);
  const job = lives.findLast((life) => life.machine === 'resolution' && lifeAt(trace, life, scene.position)?.ended === false);
  return (
    job ??
    chosenLife(
      lives.filter(({ machine }) => machine !== 'resolution'),
      undefined,
    )
  );
}

const memory = new WeakMap<Visit, readonly Part[]>();

function partsOf(trace: Trace, visit: Visit): readonly Part[] {
  let parts = memory.get(visit);
  if (!parts) {
    parts = partsIn(trace, visit);
    memory.set(visit, parts);
  }
  return parts;
}

function partsIn(trace: Trace, visit: Visit): Part[] {
  const end = visitsOf(trace).find((other) => other.turn > visit.turn)?.turn ?? trace.turns.length;
  const parts = new Map<string, Part>();
  for (const turn of trace.turns.slice(visit.turn, end)) {
    const host = hostOf(trace, turn.host);
    if (host.instances.length === 0 || turn.moves.length === 0) continue;
    const { id, label, rank } = partOf(host, askedIn(trace, turn));
    const part = parts.get(id) ?? { id, label, rank, turns: [] };
    part.turns.push({ host: host.id, turn: turn.id });
    parts.set(id, part);
  }
  return [...parts.values()].sort((a, b) => a.rank - b.rank);
}

function partOf(host: HostRecord, about: Name | undefined): Omit<Part, 'turns'> {
  const rank = RANKS[host.role] ?? 110;
  if (host.role !== 'authoritative') return { id: host.id, label: host.title, rank };
  const zone = zoneAsked(host, about);
  if (zone === undefined) return { id: host.id, label: host.title, rank: 60 };
  return {
    id: `zone ${zone}`,
    label: zone === '.' ? 'Root server' : `${zoneName(zone)} server`,
    rank: zone === '.' ? 2 : 2 + zone.split('.').length,
  };
}

const RANKS: Readonly<Partial<Record<HostRecord['role'], number>>> = {
  browser: 0,
  program: 0,
  resolver: 1,
  authoritative: 2,
  attacker: 90,
  web: 100,
  mail: 100,
};

/** The name that a turn's packet asks about. */
function askedIn(trace: Trace, { cause }: Turn): Name | undefined {
  const message = cause.kind === 'packet' ? trace.packets[cause.packet]?.message : undefined;
  return message === undefined ? undefined : describeMessage(trace, message).dns?.question[0]?.name;
}
