/** The lesson library: which scenarios come with the site, in teaching order, and how to get one. */
import { capital } from '../../base/text.ts';
import { CHAPTERS } from '../../scenario/library.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { readTrace } from '../../trace/archive.ts';
import type { Trace } from '../../trace/trace.ts';

export interface Card {
  /** The file's name: "first-visit". */
  readonly name: string;
  /** The name in the index: "First visit". */
  readonly short: string;
  readonly title: string;
  readonly lesson: number;
  readonly chapter: number;
}

export interface Chapter {
  readonly number: number;
  readonly title: string;
  readonly cards: readonly Card[];
}

/** Names that are not their file's name with blanks. */
const SHORT: Readonly<Record<string, string>> = {
  'neighbours-visit': 'A neighbour’s visit',
  'ip-based': 'IP-based',
  'far-resolver': 'A far resolver',
  'truncated-then-tcp': 'Truncated, then TCP',
  'lightsail-zone': 'A Lightsail zone',
  'record-change': 'A record change',
  'dnssec-secure': 'DNSSEC, secure',
  'dnssec-bogus': 'DNSSEC, bogus',
};

/** What is written in capitals wherever it stands. */
const ABBREVIATION = /\b(cname|dns|dnssec|http|https|ip|mx|ns|qname|soa|tcp|tls|ttl|udp|vpc)\b/g;

type RawCard = {
  readonly name: string;
  readonly title: string;
  readonly lesson?: number;
  readonly chapter?: number;
};

const cards = import.meta.glob<RawCard>('/scenarios/*.yaml', { query: '?card', import: 'default', eager: true });
/** The address of each scenario's data. */
const files = import.meta.glob<string>('/scenarios/*.yaml', { import: 'default' });

export const library: readonly Card[] = Object.values(cards)
  .map((raw) => ({
    name: raw.name,
    short: shortName(raw.name),
    title: raw.title,
    lesson: raw.lesson ?? 99,
    chapter: raw.chapter ?? CHAPTERS.length,
  }))
  .sort((a, b) => a.lesson - b.lesson || a.name.localeCompare(b.name));

export const chapters: readonly Chapter[] = CHAPTERS.map((title, i) => ({
  number: i + 1,
  title,
  cards: library.filter((card) => card.chapter === i + 1),
})).filter((chapter) => chapter.cards.length > 0);

/** The trace of the first lesson, made when the site was built. */
const made = import.meta.glob<string>('/scenarios/first-visit.yaml', { query: '?trace', import: 'default' });

export async function fetchTrace(name: string): Promise<Trace | undefined> {
  const address = await made[`/scenarios/${name}.yaml`]?.();
  if (address === undefined) return undefined;
  const trace = readTrace(await (await fetch(address)).text());
  // What is drawn of it comes in a task of its own: between the two a slow telephone answers a finger.
  await new Promise((done) => setTimeout(done));
  return trace;
}

/** The scenario of a lesson; undefined when there is none of that name. */
export async function fetchScenario(name: string): Promise<Scenario | undefined> {
  const address = await files[`/scenarios/${name}.yaml`]?.();
  return address === undefined ? undefined : ((await (await fetch(address)).json()) as Scenario);
}

/** "first-visit" as people say it: "First visit". */
export function shortName(name: string): string {
  const known = SHORT[name];
  if (known) return known;
  const words = name
    .replaceAll('-', ' ')
    .replaceAll(ABBREVIATION, (word) => word.toUpperCase())
    .replace('ipv6', 'IPv6');
  return capital(words);
}

/** The lessons whose name, title or chapter holds every word typed. */
export function matching(typed: string): readonly Card[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return library.filter((card) => {
    const text = `${card.short} ${card.title} ${CHAPTERS[card.chapter - 1]} ${card.lesson}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
