/** What the panel beside a statechart says: the move just made as a sentence, and its effects. */
import type { ChartNode } from '../../../actors/chart.ts';
import { formatDuration, type Instant, type seconds } from '../../../base/time.ts';
import { describeMessage, describePacket, type MessageKind, type SegmentKind } from '../../../trace/describe.ts';
import type { CacheEntry, Effect, MessageId, Trace } from '../../../trace/trace.ts';
import { hueOf, type Ink } from '../map/hops.ts';
import type { Taken } from './lives.ts';

/** "It read the reply, and now chooses whom to ask." */
export function headline({ from, to }: Pick<Taken, 'from' | 'to'>): string {
  if (!from || !to) return '';
  if (from.id === to.id) return `It stays where it is: ${captionOf(to)}.`;
  const did = past(captionOf(from));
  const does = present(captionOf(to));
  if (!did && !does) return `From “${captionOf(from)}” to “${captionOf(to)}”.`;
  const first = did ? `It ${did}` : `It leaves “${captionOf(from)}”`;
  return does ? `${first}, and now ${does}.` : `${first}, and comes to “${captionOf(to)}”.`;
}

const captionOf = (node: ChartNode): string => node.description || node.name;

/** Verbs that captions begin with: "reading" is "read", "reads". */
const VERBS: Readonly<Record<string, readonly [did: string, does: string]>> = {
  announcing: ['announced', 'announces'],
  asking: ['asked', 'asks'],
  bringing: ['brought', 'brings'],
  choosing: ['chose', 'chooses'],
  connecting: ['connected', 'connects'],
  finding: ['looked for', 'looks for'],
  forging: ['forged', 'forges'],
  giving: ['gave', 'gives'],
  greeting: ['greeted', 'greets'],
  knocking: ['knocked', 'knocks'],
  listening: ['listened', 'listens'],
  looking: ['looked', 'looks'],
  opening: ['opened', 'opens'],
  pointing: ['pointed', 'points'],
  reading: ['read', 'reads'],
  refusing: ['refused', 'refuses'],
  saying: ['said', 'says'],
  sending: ['sent', 'sends'],
  showing: ['showed', 'shows'],
  taking: ['took', 'takes'],
  waiting: ['waited', 'waits'],
};

function past(caption: string): string | undefined {
  if (caption === 'idle') return 'was idle';
  const [verb = '', ...rest] = caption.split(' ');
  const found = VERBS[verb];
  return found && [found[0], ...rest].join(' ');
}

function present(caption: string): string | undefined {
  if (caption === 'idle') return 'is idle again';
  if (caption === 'answering') return 'answers';
  const [verb = '', ...rest] = caption.split(' ');
  const found = VERBS[verb];
  return found && [found[1], ...rest].join(' ');
}

export interface Note {
  readonly text: string;
  /** A message that it opens. */
  readonly message?: MessageId;
}

/** What a machine asked for in a move, in words, by kind. */
export interface Notes {
  readonly kept: readonly Note[];
  readonly sent: readonly Note[];
  readonly else: readonly Note[];
}

export function notesOf(trace: Trace, effects: readonly Effect[]): Notes {
  const kept: Note[] = [];
  const sent: Note[] = [];
  const other: Note[] = [];
  for (const effect of effects) {
    switch (effect.kind) {
      case 'remember':
        kept.push({
          text: entryText(effect.entry),
          ...(effect.entry.learnedFrom === undefined ? {} : { message: effect.entry.learnedFrom }),
        });
        break;
      case 'forget':
        other.push({ text: `forgets ${effect.key ?? 'all that it kept'}` });
        break;
      case 'transmit':
        sent.push({ text: describeMessage(trace, effect.message).title, message: effect.message });
        break;
      case 'open':
        other.push({ text: `opens a connection to ${effect.to.address} port ${effect.to.port}` });
        break;
      case 'close':
        other.push({ text: `closes the connection to ${effect.to.address}` });
        break;
      case 'start':
        other.push({ text: `starts a job of its own: ${effect.title}` });
        break;
      case 'stop':
        other.push({ text: 'ends that job' });
        break;
      case 'timer':
        other.push({
          text: `sets a timer: ${effect.timer.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)}`,
        });
        break;
      case 'conclude':
        other.push({ text: `is done: ${concluded(effect.conclusion.kind)}` });
        break;
      default:
        break;
    }
  }
  return { kept, sent, else: other };
}

const concluded = (kind: string): string => kind.replace('-', ' ');

/** "example.com. NS 4, for 172 800 s". */
export function entryText({ kind, name, type, records, rcode, ttl }: CacheEntry): string {
  const what =
    kind === 'negative'
      ? rcode === 'NXDOMAIN'
        ? 'no such name'
        : `no ${type}`
      : kind === 'failure'
        ? 'no answer to be had'
        : `${type} ${records.length}`;
  return `${name} ${what}, for ${String(ttl).replace(/\B(?=(\d{3})+$)/g, ' ')} s`;
}

/** The hue of a move: of the message that it sends, else of the one that caused its turn; red when time ran out. */
export function hueOfMove(trace: Trace, taken: Taken): Ink['hue'] | undefined {
  const sent = taken.effects.find((effect) => effect.kind === 'transmit');
  if (sent?.kind === 'transmit') return hueOf(describeMessage(trace, sent.message).kind);
  if (taken.edges.some(({ delay }) => delay === 'retryTimer' || delay === 'patience' || delay === 'pagePatience')) return 'e';
  const { cause } = taken.move.turn;
  if (cause.kind !== 'packet') return undefined;
  const kind: MessageKind | SegmentKind = describePacket(trace, cause.packet).kind;
  return hueOf(kind);
}

/** A time since a visit began, as the panel says it. */
export const sinceText = (from: Instant, at: Instant): string => formatDuration((at - from) as ReturnType<typeof seconds>);
