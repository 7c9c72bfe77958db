/**
 * The resolver's cache as it hangs under the ring: one row for each thing kept, servers' addresses of one family gathered
 * into one row, rows on their way pencilled, and no more rows than there is room for.
 */
import { formatDuration, type Instant, seconds } from '../../../base/time.ts';
import { key, labels, type Name, sameName } from '../../../dns/name.ts';
import { dataOf, rrsets } from '../../../dns/record.ts';
import { describeMessage } from '../../../trace/describe.ts';
import { type CacheEntryScene, entryAt, type Scene } from '../../../trace/scene.ts';
import type { MessageId, Trace } from '../../../trace/trace.ts';
import type { Cast } from '../cast.ts';
import { squeezed } from '../measure.ts';
import { bare } from '../slips/text.ts';
import type { Hop, HopStory } from './hops.ts';

export interface LedgerRow {
  readonly id: string;
  readonly name: string;
  /** The whole name, for those who hear it. */
  readonly full: string;
  /** "NS 13", "none". */
  readonly type: string;
  /** Part of its TTL that is left, 0 to 1; absent for what was built in or has not arrived. */
  readonly fraction?: number;
  /** "47 h 59 m", "built in", "arriving", "ran out". */
  readonly left: string;
  readonly state: 'kept' | 'arriving' | 'gone';
  readonly negative: boolean;
  /** The step at hand goes by it. */
  readonly used: boolean;
  /** It entered in the turn at hand. */
  readonly fresh: boolean;
  readonly learnedFrom?: MessageId;
  /** About the very name that is looked up, not about a server on the way. */
  readonly own: boolean;
}

export interface Ledger {
  readonly rows: readonly LedgerRow[];
  /** How many more there are. */
  readonly hidden: number;
}

/** What hangs under the resolver at a position, its clocks read at `at`; `most` rows at the most, names of `characters` letters. */
export function ledger(
  trace: Trace,
  scene: Scene,
  cast: Cast,
  stories: Readonly<Record<Hop, HopStory>>,
  at: Instant,
  most: number,
  characters: number,
): Ledger {
  const entries = (scene.caches.find((cache) => cache.cache === cast.resolver?.id)?.entries ?? []).map(({ entry }) =>
    entryAt(entry, at),
  );
  // The root servers' addresses came with their names: one row stands for what the resolver was born with.
  const kept = entries.filter(
    ({ entry }) => entry.learnedFrom !== undefined || entry.type === 'NS' || entry.kind === 'delegation',
  );
  const used = usedKeys(scene, cast, stories);
  const rows = gathered(kept).map((group) => keptRow(scene, cast, group, used, characters));
  const coming = arriving(trace, scene, cast, stories, characters).filter(
    (row) => !rows.some((r) => r.id === row.id && r.state === 'kept'),
  );
  const all = [...rows.filter((row) => !coming.some((c) => c.id === row.id)), ...coming];
  const chosen = [...all].sort((a, b) => weight(b, all) - weight(a, all)).slice(0, most);
  return { rows: toldApart(all.filter((row) => chosen.includes(row))), hidden: all.length - chosen.length };
}

/** Answers kept for different networks (RFC 7871) agree in name and type; each row is still its own. */
function toldApart(rows: readonly LedgerRow[]): LedgerRow[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const before = seen.get(row.id) ?? 0;
    seen.set(row.id, before + 1);
    return before === 0 ? row : { ...row, id: `${row.id} ${before}` };
  });
}

/** Time left, rounded down: never more than is left. Two units at the most, and short. */
export function timeLeft(micros: number): string {
  const whole = Math.floor(micros / 1_000_000);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} m`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** The same in the words of a sentence: "10 min 49 s". */
export const timeLeftInWords = (micros: number): string => formatDuration(seconds(Math.floor(micros / 1_000_000)));

type Group = readonly [CacheEntryScene, ...CacheEntryScene[]];

/** Address sets of servers under one domain that run out together make one row: "a to m.gtld-servers.net". */
function gathered(entries: readonly CacheEntryScene[]): Group[] {
  const groups = new Map<string, [CacheEntryScene, ...CacheEntryScene[]]>();
  for (const scene of entries) {
    const { entry } = scene;
    const address = (entry.type === 'A' || entry.type === 'AAAA') && entry.kind === 'rrset' && entry.trust !== 'answer';
    const parent = labels(entry.name).slice(1).join('.');
    const id = address ? `${parent} ${entry.storedAt} ${entry.ttl}` : entry.key;
    const group = groups.get(id);
    if (group) group.push(scene);
    else groups.set(id, [scene]);
  }
  return [...groups.values()];
}

function keptRow(scene: Scene, cast: Cast, group: Group, used: ReadonlySet<string>, characters: number): LedgerRow {
  const [first] = group;
  const { entry } = first;
  const negative = entry.kind === 'negative' || entry.kind === 'failure';
  const counted = (type: string): number =>
    group.reduce((sum, { entry: e }) => sum + (e.type === type ? Math.max(1, e.records.length) : 0), 0);
  const count = counted(entry.type);
  const last = group.findLast(({ entry: e }) => e.type === entry.type) as CacheEntryScene;
  const several = group.some(({ entry: e }) => !sameName(e.name, entry.name));
  const name = several ? `${labels(entry.name)[0]} to ${bare(last.entry.name)}` : entry.name;
  const both = !several && group.some(({ entry: e }) => e.type !== entry.type);
  const type = negative
    ? entry.kind === 'failure'
      ? 'fail'
      : entry.rcode === 'NXDOMAIN'
        ? 'none'
        : `no ${entry.type}`
    : both
      ? 'A, AAAA'
      : `${entry.type} ${count}`;
  const builtIn = entry.learnedFrom === undefined;
  return {
    id: `${key(entry.name)} ${type}`,
    name: several ? `${name.slice(0, characters - 1)}…` : squeezed(name, characters),
    full: several && entry.type === 'A' && counted('AAAA') > 0 ? `${name}, and ${counted('AAAA')} AAAA` : name,
    type,
    ...(builtIn ? {} : { fraction: first.fraction }),
    left: first.expired ? 'ran out' : builtIn ? 'built in' : timeLeft(first.left),
    state: first.expired ? 'gone' : 'kept',
    negative,
    own: sameName(entry.name, cast.name),
    used: !first.expired && group.some(({ entry: e }) => used.has(e.key)),
    fresh: scene.turn !== undefined && entry.storedAt === scene.turn.at && scene.position.at === entry.storedAt && !builtIn,
    ...(entry.learnedFrom === undefined ? {} : { learnedFrom: entry.learnedFrom }),
  };
}

/** The keys of the entries that the step at hand goes by: washed while the question they led to is on its way. */
function usedKeys(scene: Scene, cast: Cast, stories: Readonly<Record<Hop, HopStory>>): ReadonlySet<string> {
  const used = new Set<string>();
  const entries = scene.caches.find((cache) => cache.cache === cast.resolver?.id)?.entries ?? [];
  const now = scene.position.at;
  for (const { index, zone } of cast.zones) {
    const { ask } = stories[`zone${index}`];
    if (!ask || zone === undefined || ask.packet.sentAt > now || ask.due <= now || ask.lostAt !== undefined) continue;
    const server = ask.packet.to.address;
    for (const { entry } of entries) {
      if ((entry.type === 'NS' || entry.kind === 'delegation') && sameName(entry.name, zone)) used.add(entry.key);
      if (entry.records.some((r) => dataOf(r, 'A')?.address === server || dataOf(r, 'AAAA')?.address === server))
        used.add(entry.key);
    }
  }
  const seventh = scene.steps.find(({ step }) => step.number === 7);
  const fromCache = scene.steps.some(({ step, state }) => step.number === 6 && state === 'skipped');
  if (fromCache && seventh && seventh.state === 'active')
    for (const { entry, expired } of entries)
      if (!expired && sameName(entry.name, cast.name) && entry.type !== 'NS') used.add(entry.key);
  return used;
}

/** What a response on its way to the resolver will bring, in pencil. */
function arriving(
  trace: Trace,
  scene: Scene,
  cast: Cast,
  stories: Readonly<Record<Hop, HopStory>>,
  characters: number,
): LedgerRow[] {
  const now = scene.position.at;
  const rows: LedgerRow[] = [];
  for (const { index } of cast.zones) {
    const { reply } = stories[`zone${index}`];
    if (!reply || reply.packet.message === undefined || reply.packet.sentAt > now || reply.lostAt !== undefined) continue;
    if (reply.due < now && !scene.readings.some((reading) => reading.packet.id === reply.packet.id)) continue;
    const { dns } = describeMessage(trace, reply.packet.message);
    if (!dns || dns.flags.tc) continue;
    const row = (name: Name, type: string, negative: boolean): LedgerRow => ({
      id: `${key(name)} ${type}`,
      name: squeezed(name, characters),
      full: name,
      type,
      left: 'arriving',
      state: 'arriving',
      negative,
      own: sameName(name, cast.name),
      used: false,
      fresh: false,
      ...(reply.packet.message === undefined ? {} : { learnedFrom: reply.packet.message }),
    });
    const question = dns.question[0];
    if (reply.kind === 'no-such-name' && question) rows.push(row(question.name, 'none', true));
    else if (reply.kind === 'no-such-type' && question) rows.push(row(question.name, `no ${question.type}`, true));
    else
      for (const set of rrsets(reply.kind === 'referral' ? dns.authority : dns.answer))
        if (set.type !== 'RRSIG' && set.type !== 'DS') rows.push(row(set.name, `${set.type} ${set.records.length}`, false));
  }
  return rows;
}

/** What is shown first when there is little room: what is used or new, delegations and answers before addresses of servers. */
function weight(row: LedgerRow, all: readonly LedgerRow[]): number {
  const late = all.indexOf(row) / (all.length + 1);
  const address = row.type.startsWith('A') && !row.own;
  const kind = row.left === 'built in' ? 1 : address ? 1.5 : 3;
  return (row.used ? 20 : 0) + (row.fresh ? 12 : 0) + (row.state === 'arriving' ? 10 : 0) + kind + late;
}
