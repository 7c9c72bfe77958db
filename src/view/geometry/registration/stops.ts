/** The stops of a registration: what each is called, when it comes, and the thing that exists because of it. */
import type { Instant } from '../../../base/time.ts';
import type { DomainStory } from './registered.ts';
import type { LastCopy } from './resolvers.ts';
import { whenWords } from './time.ts';

export interface Stop {
  readonly letter: string;
  readonly title: string;
  /** "at 2:10 min", "by 14:00 min", "to come". */
  readonly when: string;
  readonly state: 'done' | 'now' | 'todo';
  readonly body: StopBody;
  /** The instant at which it comes by itself, if it is still to come. */
  readonly due?: Instant;
}

export type StopBody =
  | { readonly kind: 'words'; readonly text: string; readonly note?: string }
  | { readonly kind: 'facts'; readonly rows: readonly Fact[]; readonly note: string }
  | { readonly kind: 'zone'; readonly name: string; readonly rows: readonly ZoneRow[]; readonly note: string }
  | { readonly kind: 'listing'; readonly text: string; readonly entry: string; readonly ttl: string; readonly note: string }
  | {
      readonly kind: 'record';
      /** "www.blue-otter.com A 192.0.2.44". */
      readonly record: string;
      readonly text: string;
      readonly servers: readonly { readonly mark: string; readonly at?: string }[];
      readonly status: 'PENDING' | 'INSYNC';
      readonly note: string;
    };

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone?: 'good' | 'bad';
  readonly mono?: boolean;
}

export interface ZoneRow {
  readonly type: string;
  readonly owner?: string;
  readonly values: readonly string[];
  readonly ttl: string;
  /** It came with the last change. */
  readonly fresh: boolean;
}

/** A stop, and when it came. */
export type Drawn = Stop & { readonly at?: Instant };
/** Makes the stops of a story; `copies` tells of the last no that resolvers keep, or of the last list of old servers. */
export type Maker = (story: DomainStory, copies: (old?: readonly string[]) => LastCopy, now: Instant) => readonly Drawn[];

const unitOf = (order: Instant, at: Instant): string => {
  const { short, long } = whenWords(order, at);
  return long.slice(short.length);
};

/** A stop from when it came, or is to come. */
export function stop(
  letter: string,
  title: string,
  order: Instant,
  body: StopBody,
  at: Instant | undefined,
  due?: Instant,
): Drawn {
  const common = { letter, title, body };
  if (at !== undefined) return { ...common, when: `${whenWords(order, at).at}${unitOf(order, at)}`, state: 'done', at };
  if (due === undefined) return { ...common, when: 'to come', state: 'todo' };
  return { ...common, when: `by ${whenWords(order, due).long}`, state: 'todo', due };
}

/** When something became of the domain; when a clock of the registrar rings. */
export const whenOf = ({ news }: DomainStory, rule: string): Instant | undefined => news.find((one) => one.rule === rule)?.at;
export const dueOf = ({ timers }: DomainStory, timer: string): Instant | undefined =>
  timers.find((one) => one.timer === timer)?.due;

/** "172 800": thousands set apart by a thin blank. */
export const grouped = (n: number): string => String(n).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f');
