/** The three zones as they are drawn at a position: which servers are known, which was asked, who handed over to whom. */

import type { Address } from '../../../base/address.ts';
import { isSubdomain, type Name, ROOT, sameName } from '../../../dns/name.ts';
import { zoneName } from '../../../trace/describe.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { SkipCause } from '../../../trace/steps.ts';
import type { Trace } from '../../../trace/trace.ts';
import type { Cast, ZoneRole } from '../cast.ts';
import { type Hop, type HopStory, hasArrived, isUnderway } from './hops.ts';
import { chosenServer, type Plate, serverLine, zonePlate } from './plates.ts';

export interface DrawnMark {
  readonly text: string;
  readonly host?: string;
  /** Asked now or last; asked and lost; else merely there. */
  readonly state: 'chosen' | 'lost' | 'known';
}

export interface DrawnZone {
  readonly role: ZoneRole;
  readonly state: 'todo' | 'inked' | 'skipped' | 'absent';
  readonly title: string;
  readonly subtitle: string;
  readonly marks: readonly DrawnMark[];
  readonly foot: string;
  readonly plate: Plate;
  /** Why it is not asked, in two lines; absent when it is. */
  readonly tag?: Tag;
}

/** On the line that is not taken; `short` where `text` finds no room. */
export interface Tag {
  readonly title: string;
  readonly text: string;
  readonly short: string;
}

/** Between one terrace and the next: who hands over to whom. */
export interface HandOver {
  readonly text: string;
  /** Where `text` finds no room. */
  readonly short: string;
  readonly state: 'none' | 'arriving' | 'done' | 'earlier' | 'refused';
}

export function drawnZones(
  trace: Trace,
  scene: Scene,
  cast: Cast,
  stories: Readonly<Record<Hop, HopStory>>,
  compact: boolean,
): DrawnZone[] {
  return cast.zones.map((role) => {
    const story = stories[`zone${role.index}`];
    const server = chosenServer(story);
    const skipped = story.state === 'skipped';
    const state = role.zone === undefined ? 'absent' : skipped ? 'skipped' : story.ask ? 'inked' : 'todo';
    const tag = skipped ? tagOf(scene, role) : undefined;
    return {
      role,
      state,
      title: role.zone ?? 'no zone',
      subtitle: role.zone !== undefined ? subtitleOf(role) : role.wanted === ROOT ? '' : `for ${role.wanted}`,
      marks: marksOf(scene, cast, role, story),
      foot: footOf(trace, scene, cast, role, story, server, compact),
      plate: zonePlate(scene, role, story, server),
      ...(tag ? { tag } : {}),
    };
  });
}

export function handOvers(scene: Scene, cast: Cast, stories: Readonly<Record<Hop, HopStory>>): readonly HandOver[] {
  const now = scene.position.at;
  return ([0, 1] as const).map((index) => {
    const story = stories[`zone${index}`];
    const next = cast.zones[index + 1] as ZoneRole;
    const { reply } = story;
    const told = reply && (hasArrived(reply, now) || isUnderway(reply, now)) ? reply : undefined;
    if (told?.kind === 'no-such-name')
      return { ...worded(`nobody to hand ${next.wanted} over to`, 'no such zone'), state: 'refused' };
    if (next.zone === undefined) return { ...worded(''), state: 'none' };
    const to = next.servers.length === 4 ? 'four servers' : next.kind === 'zone' ? 'its servers' : 'its own servers';
    if (told?.kind === 'referral')
      return {
        ...worded(`hands ${next.zone} over to ${to}`, `hands ${next.zone} over`),
        state: hasArrived(told, now) ? 'done' : 'arriving',
      };
    const cause = causeOf(scene, index) ?? 'answer';
    // Behind a “no” there may be no zone at all.
    const known = !NOES.has(cause) || isKnown(scene, cast, next, stories[`zone${index + 1}` as Hop]);
    if (story.state === 'skipped' && !UNASKED.has(cause) && known)
      return { ...worded(`handed ${next.zone} over earlier`, 'handed over earlier'), state: 'earlier' };
    return { ...worded(''), state: 'none' };
  });
}

/** Why nobody was asked for it, now or before: then nothing has been handed over either. */
const UNASKED: ReadonlySet<SkipCause> = new Set(['own-zone', 'forwarded', 'not-reached']);

const NOES: ReadonlySet<SkipCause> = new Set(['no-such-name', 'no-such-type', 'failure']);

const causeOf = (scene: Scene, index: ZoneRole['index']): SkipCause | undefined =>
  scene.steps.find(({ step }) => step.number === index + 3)?.step.because;

const worded = (text: string, short = text): Pick<HandOver, 'text' | 'short'> => ({ text, short });

function subtitleOf({ kind, servers, zone }: ZoneRole): string {
  if (kind === 'root') return `root zone, ${servers.length} server names`;
  if (kind === 'top-level') return zone !== undefined && zone.split('.').length > 2 ? 'a registry’s zone' : 'top-level domain';
  return 'hosted zone';
}

/** The servers of a zone are known once the cache has their names; those of the root always are. */
function isKnown(scene: Scene, cast: Cast, role: ZoneRole, story: HopStory): boolean {
  if (role.zone === undefined) return false;
  if (role.kind === 'root' || story.ask) return true;
  const entries = scene.caches.find((c) => c.cache === cast.resolver?.id)?.entries ?? [];
  return entries.some(({ entry, expired }) => !expired && entry.type === 'NS' && sameName(entry.name, role.zone as Name));
}

function marksOf(scene: Scene, cast: Cast, role: ZoneRole, story: HopStory): DrawnMark[] {
  if (!isKnown(scene, cast, role, story))
    return Array.from({ length: role.kind === 'zone' ? 4 : 1 }, () => ({ text: '?', state: 'known' as const }));
  const chosen = story.ask?.server;
  const given = (address: Address): string | undefined =>
    role.servers.find(({ host }) => scene.hosts.find((h) => h.host.id === host)?.host.addresses.includes(address))?.host;
  const lost = new Set(scene.losses.flatMap(({ packet }) => given(packet.to.address) ?? given(packet.from.address) ?? []));
  return role.servers.map(({ host, mark }) => ({
    text: mark,
    host,
    state: host === chosen && !lost.has(host) ? 'chosen' : lost.has(host) ? 'lost' : 'known',
  }));
}

function footOf(
  trace: Trace,
  scene: Scene,
  cast: Cast,
  role: ZoneRole,
  story: HopStory,
  server: string | undefined,
  compact: boolean,
): string {
  if (role.zone === undefined) return absence(role, cast.zones[1]);
  if (story.state === 'skipped') return '';
  if (server !== undefined) return serverLine(trace, server, compact);
  if (role.kind === 'root') return 'names built in';
  const asked = scene.steps.find(({ step }) => step.number === role.index + 3)?.state;
  if (role.kind === 'zone' && (asked === 'active' || asked === 'done')) return 'asked past the resolver';
  if (isKnown(scene, cast, role, story))
    return role.servers.length === 4 ? 'four names known, not asked' : 'names known, not asked';
  return scene.visit ? 'names not known yet' : 'not known yet';
}

/** Why there is no zone: registered is only what lies right below a registry's zone, and not every name can be. */
function absence({ wanted, index }: ZoneRole, { zone: above }: ZoneRole): string {
  // What was typed may be no name at all, or only the root's.
  if (wanted === ROOT) return 'no name to ask for';
  if (SET_APART.test(wanted)) return 'set apart, never delegated';
  if (index === 1 || above === undefined) return 'not in this small Internet';
  return sameName(wanted, above) ? 'not needed for this name' : 'nobody has registered it';
}

/** Special-use names, of which the stub knows more; here they are words of the first load (RFC 6761, RFC 6762, RFC 7686). */
const SET_APART = /(^|\.)(localhost|invalid|onion|local)\.$/i;

/** "Not asked / answered from cache, 47 h 54 m left". */
function tagOf(scene: Scene, role: ZoneRole): Tag {
  const step = scene.steps.find(({ step: s }) => s.number === role.index + 3);
  const kept = step?.step.kept;
  const because = step?.step.because;
  const fromCache = { title: 'Not asked', text: leftText(kept, 'answered from cache'), short: leftText(kept, 'in cache') };
  const noNeed = (what: string): Tag => ({
    title: 'Not asked',
    text: `no need: the cache has ${what}`,
    short: `cache has ${what}`,
  });
  const isNo = because === 'no-such-name' || because === 'no-such-type';
  // The no came from a server further up, and not from the cache.
  if (isNo && kept === undefined) return { title: 'Not asked', text: 'no such name, says the one above', short: 'no such name' };
  if (isNo) return role.index === 0 ? noNeed('the “no”') : fromCache;
  if (because === 'answer') return role.index === 0 ? noNeed('the answer') : fromCache;
  if (because === 'delegation') {
    const zone = kept?.entry.name;
    return zone !== undefined && role.zone !== undefined && isSubdomain(zone, role.zone) && role.index === 0
      ? noNeed(zone)
      : fromCache;
  }
  const brief = because && BRIEFLY[because];
  const text = brief ?? step?.why ?? `${zoneName(role.wanted)} is not needed`;
  return { title: 'Not asked', text, short: text };
}

/** What the step itself says at length. */
const BRIEFLY: Readonly<Partial<Record<SkipCause, string>>> = {
  'browser-cache': 'the browser has the address',
  failure: 'the failure is in the cache',
  forwarded: 'the question was handed on',
  'own-zone': 'the resolver has the zone',
  shared: 'it is being asked already',
};

function leftText(kept: { readonly left: number } | undefined, words: string): string {
  if (!kept) return words;
  const whole = Math.floor(kept.left / 1e6);
  const left =
    whole >= 3600
      ? `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} m`
      : whole >= 60
        ? `${Math.floor(whole / 60)} min ${whole % 60} s`
        : `${whole} s`;
  return `${words}, ${left} left`;
}
