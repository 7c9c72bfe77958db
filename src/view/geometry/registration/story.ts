/**
 * Registering, as a picture: a few stops from the order to a name that all can resolve, each with the thing that exists because
 * of it. Only what has happened is inked. Times are counted from the order.
 */
import { between, type Duration, type Instant } from '../../../base/time.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { Trace } from '../../../trace/trace.ts';
import { delegating, transferring } from './move.ts';
import { registering } from './order.ts';
import { type DomainStory, domainStory, type OrderKind } from './registered.ts';
import { lastCopy, type ResolverRow, resolverRows } from './resolvers.ts';
import type { Drawn, Maker, Stop } from './stops.ts';
import { whenWords } from './time.ts';

export interface RegistrationPicture {
  readonly story: DomainStory;
  readonly kind: OrderKind;
  /** "blue-otter." and "com." */
  readonly own: string;
  readonly above: string;
  /** "yours since 4:00". */
  readonly ownWords: string;
  readonly aboveWords: string;
  readonly stops: readonly Stop[];
  /** Which stop is at hand, counted from 0. */
  readonly at: number;
  /** How far the line is inked between the stop at hand and the next, 0 to 1. */
  readonly reached: number;
  /** "Two resolvers, asked at 5:30". */
  readonly resolversTitle: string;
  readonly resolvers: readonly ResolverRow[];
  /** Whether the registry has taken the name out again. */
  readonly onHold: boolean;
}

/** The picture at a moment; undefined before anybody has ordered anything. */
export function registrationPicture(trace: Trace, scene: Scene, now: Instant): RegistrationPicture | undefined {
  const story = domainStory(trace, scene, now);
  if (!story) return undefined;
  const { order, registry } = story;
  const stops = STOPS[order.kind](story, (old) => lastCopy(trace, scene, order.name, now, old), now);
  const onHold = story.heldSince !== undefined;
  const reachedLast = stops.findLastIndex((stop) => stop.state !== 'todo');
  const at = onHold ? stops.findIndex((stop) => stop.letter === 'c') : Math.max(0, reachedLast);
  const [here, next] = [timeOf(stops[at], order.at), timeOf(stops[at + 1], order.at)];
  const { title, rows } = resolverRows(trace, scene, story, now);
  return {
    story,
    kind: order.kind,
    own: `${order.domain.slice(0, order.domain.indexOf('.'))}.`,
    above: registry,
    ownWords: ownWords(story, onHold),
    aboveWords: 'run by its registry',
    stops: stops.map((stop, i) => ({ ...stop, state: stop.state === 'todo' ? 'todo' : i === at ? 'now' : 'done' })),
    at,
    reached: onHold
      ? 0
      : next === undefined || here === undefined || next <= here
        ? 0.35
        : Math.min(0.9, Math.max(0.1, (now - here) / (next - here))),
    resolversTitle: title,
    resolvers: rows,
    onHold,
  };
}

/** When a stop came or comes. */
const timeOf = (stop: Drawn | undefined, order: Instant): Instant | undefined =>
  stop?.at ?? stop?.due ?? (stop ? order : undefined);

function ownWords({ order, news }: DomainStory, onHold: boolean): string {
  const since = news.find(({ rule }) => rule === 'listed')?.at;
  if (order.refusal !== undefined) return 'refused';
  if (onHold) return 'on hold';
  if (order.kind === 'register') return since === undefined ? 'ordered' : `yours since ${whenWords(order.at, since).short}`;
  if (order.kind === 'delegate') return 'yours';
  const moved = news.find(({ rule }) => rule === 'transferred')?.at;
  return moved === undefined ? 'with another registrar' : `with Route 53 since ${whenWords(order.at, moved).short}`;
}

const STOPS: Readonly<Record<OrderKind, Maker>> = { register: registering, delegate: delegating, transfer: transferring };

/** How long it is from one instant to another, for what one waits for; never negative. */
export const waitUntil = (now: Instant, due: Instant): Duration => Math.max(0, between(now, due)) as Duration;
