/**
 * The name, read from the right: one piece for each zone on the way and one for what the last zone is asked about, each
 * with how far the search has come.
 */
import { labels, type Name, ROOT } from '../../../dns/name.ts';
import { zoneName } from '../../../trace/describe.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { SkipCause, StepNumber } from '../../../trace/steps.ts';
import type { Cast } from '../cast.ts';
import { shortened, squeezed, textWidth } from '../measure.ts';
import { type Hop, type HopStory, hasArrived, isUnderway } from './hops.ts';

export interface NamePiece {
  /** "www.", "example.", "com.". */
  readonly text: string;
  readonly label: string;
  /** How it is drawn: not reached, being asked, arriving, known, known without asking, denied, kept though the zone says otherwise by now. */
  readonly tone: 'todo' | 'query' | 'referral' | 'answer' | 'negative' | 'known' | 'skip' | 'old';
  readonly x: number;
  readonly width: number;
}

/** The pieces from left to right, placed for a type size; `old` when the resolver holds what the zone no longer says. */
export function nameWalk(
  scene: Scene,
  cast: Cast,
  stories: Readonly<Record<Hop, HopStory>>,
  x: number,
  size: number,
  labelSize: number,
  old = false,
): NamePiece[] {
  const parts = pieces(cast).map((part, _, all) => ({ ...part, text: short(part.text, all) }));
  const read = parts.map((part, i) => ({ ...part, ...told(scene, cast, stories, part, i, i === parts.length - 1, old) }));
  let left = x;
  return read.reverse().map((part, i) => {
    const width = textWidth(part.text, size, 'mono');
    // The last may run on to the right, unless the name has taken all the room.
    const last = i === parts.length - 1 && parts.reduce((sum, { text }) => sum + text.length, 0) < MOST - 4;
    const weight = ['query', 'referral', 'answer', 'negative', 'old'].includes(part.tone) ? BOLD : 1;
    const label =
      part.labels.find((text) => last || textWidth(text, labelSize) * weight <= width - labelSize * 0.32) ??
      shortened(part.labels.at(-1) ?? '', width - 4, labelSize);
    const piece = { text: part.text, label, tone: part.tone, x: left, width };
    left += width;
    return piece;
  });
}

/** How much wider the label of what is going on is: it is set in bold. */
const BOLD = 1.04;

/** The type size at which the whole name fits, not larger than `most`. */
export const fittingSize = (name: Name, most: number, room: number): number =>
  Math.min(most, Math.floor((room * 0.9) / (Math.min(name.length, MOST) * 0.6)));

/** Characters: a longer name is squeezed, since nobody reads smaller letters. */
const MOST = 44;

/** A piece as it is written: of a name that is too long, each has its share at most. */
const short = (text: string, all: readonly Part[]): string => {
  const others = all.reduce((sum, part) => sum + (part.text === text ? 0 : Math.min(part.text.length, MOST / all.length)), 0);
  return all.reduce((sum, part) => sum + part.text.length, 0) <= MOST ? text : squeezed(text, Math.floor(MOST - others));
};

interface Part {
  readonly text: string;
  /** The hop on which this piece is asked about. */
  readonly hop: Hop;
}

/** From the right: a piece for every zone below the root, then the rest of the name. */
function pieces(cast: Cast): Part[] {
  const all = labels(cast.name);
  const below = cast.zones.filter((role) => role.zone !== undefined && role.zone !== ROOT);
  const parts: Part[] = [];
  let used = 0;
  let parent: Hop = 'zone0';
  for (const role of below) {
    const count = labels(role.zone as Name).length;
    if (count <= used) continue;
    parts.push({ text: `${all.slice(all.length - count, all.length - used).join('.')}.`, hop: parent });
    parent = `zone${role.index}`;
    used = count;
  }
  if (used < all.length) parts.push({ text: `${all.slice(0, all.length - used).join('.')}.`, hop: parent });
  // A name that is itself a zone: its last piece is about the answer, which the zone's own server gives.
  else if (parts.length > 0) parts[parts.length - 1] = { ...(parts.at(-1) as Part), hop: parent };
  return parts.length > 0 ? parts : [{ text: cast.name, hop: 'zone0' }];
}

type Fate = Pick<NamePiece, 'tone'> & { readonly labels: readonly string[] };

/** How far the search has come, and of what was found whether it is still so. */
function told(
  scene: Scene,
  cast: Cast,
  stories: Readonly<Record<Hop, HopStory>>,
  part: Part,
  i: number,
  leftmost: boolean,
  old: boolean,
): Fate {
  const now = fate(scene, cast, stories, part, i, leftmost);
  return old && leftmost && (now.tone === 'known' || now.tone === 'skip') ? { tone: 'old', labels: ['kept, old', 'old'] } : now;
}

/** How far the search for a piece has come; `i` counts pieces from the right. */
function fate(
  scene: Scene,
  cast: Cast,
  stories: Readonly<Record<Hop, HopStory>>,
  part: Part,
  i: number,
  leftmost: boolean,
): Fate {
  const story = stories[part.hop];
  const who = serverName(cast, part.hop);
  const now = scene.position.at;
  const begun = scene.visit !== undefined && scene.steps.some(({ step, state }) => step.number > 1 && state !== 'pending');
  const { ask, reply } = story;
  const arrived = hasArrived(reply, now);
  if (reply && (arrived || isUnderway(reply, now))) {
    if (reply.kind === 'no-such-name' || reply.kind === 'no-such-type') {
      const what = reply.kind === 'no-such-name' ? 'no such name' : 'no such type';
      return { tone: 'negative', labels: arrived ? [what, 'a “no”'] : [`arriving now: ${what}`, 'arriving: “no”', 'a “no”'] };
    }
    if (reply.kind === 'referral') {
      if (arrived) return { tone: 'known', labels: [`learned from ${who}`, `from ${who}`, 'known'] };
      return { tone: 'referral', labels: ['arriving now: who runs it', 'arriving now', 'arriving'] };
    }
    if (reply.kind === 'answer' || reply.kind === 'cname') {
      if (!arrived) return { tone: 'answer', labels: ['arriving'] };
      return { tone: 'known', labels: [foundLabel(scene), 'found'] };
    }
  }
  if (ask && ask.packet.sentAt <= now && story.state === 'live') {
    const again = story.asks.filter((leg) => leg.kind === 'query').length > 1 ? ', second try' : '';
    return {
      tone: 'query',
      labels: leftmost ? [`asking now${again}`, 'asking'] : [`asking ${who}${again}`, `asking ${who}`, 'asking'],
    };
  }
  const step = scene.steps.find((s) => s.step.number === stepOf(part.hop));
  if (!ask && step?.state === 'skipped') {
    if (step.step.because === 'no-such-name' || step.step.because === 'no-such-type')
      return leftmost ? { tone: 'negative', labels: ['a “no”, kept', 'a “no”'] } : { tone: 'skip', labels: ['not asked'] };
    const otherwise = UNCACHED[step.step.because ?? 'answer'];
    return { tone: 'skip', labels: otherwise ? (leftmost ? otherwise : ['not asked']) : ['from cache', 'kept'] };
  }
  // A server may be asked past the resolver: then no slip has gone along this hop.
  if (!ask && step?.state === 'done') return { tone: 'known', labels: ['asked directly', 'asked'] };
  if (!ask && step?.state === 'active') return { tone: 'query', labels: ['asking directly', 'asking'] };
  if (begun) return { tone: 'todo', labels: ['still to ask', 'to ask'] };
  return { tone: 'todo', labels: [['found first', 'second', 'third', 'fourth'][i] ?? 'later', ['first', '2nd', '3rd'][i] ?? ''] };
}

/** Skipped, but not because of a cache. */
const UNCACHED: Readonly<Partial<Record<SkipCause, readonly string[]>>> = {
  'not-reached': ['not asked'],
  forwarded: ['handed on'],
  'own-zone': ['known here'],
  shared: ['asked already'],
};

const stepOf = (hop: Hop): StepNumber => (hop === 'zone0' ? 3 : hop === 'zone1' ? 4 : hop === 'zone2' ? 5 : 2);

function serverName(cast: Cast, hop: Hop): string {
  const zone = cast.zones[Number(hop[4])]?.zone;
  return zone === undefined ? 'the server' : zoneName(zone);
}

/** What was found, once the client has it: the address itself. */
function foundLabel(scene: Scene): string {
  const { visit } = scene;
  const conclusion = visit?.conclusion;
  if (visit?.addressAt !== undefined && visit.addressAt <= scene.position.at) {
    if (conclusion?.kind === 'page') return conclusion.address;
    if (conclusion?.kind === 'answered') {
      const record = conclusion.records.find((r) => r.type === 'A' || r.type === 'AAAA');
      if (record && 'address' in record.data) return record.data.address;
    }
  }
  return 'found';
}
