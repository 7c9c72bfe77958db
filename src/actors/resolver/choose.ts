/** The decision behind the state "choosing whom to ask": a server, an errand, or the end. */
import type { Address } from '../../base/address.ts';
import type { Explained, Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import { later } from '../../base/time.ts';
import type { Question } from '../../dns/message.ts';
import { isSubdomain, key, type Name, ROOT, sameName } from '../../dns/name.ts';
import type { RecordType } from '../../dns/record.ts';
import type { CacheView } from '../../dns/resolve/cache.ts';
import type { Delegation } from '../../dns/resolve/delegation.ts';
import {
  addressTypes,
  confirmedAddresses,
  deepestDelegation,
  knownAddresses,
  parentSideOf,
  rootHints,
} from '../../dns/resolve/delegation.ts';
import { chooseServer, type Tried, type Tries, takeBack } from '../../dns/resolve/select.ts';
import { setKey } from '../../dns/resolve/sets.ts';
import type { ResolverSettings } from '../../dns/resolve/settings.ts';
import type { DecisionRecord } from '../../trace/trace.ts';
import type { Given } from '../effects.ts';
import type { Job, NextStep } from './job.ts';
import type { Needed } from './talk.ts';

/** What comes next for a job, and what it has learned in deciding. */
export interface Chosen {
  readonly step: Explained<NextStep>;
  readonly change: Partial<Job>;
}

/** Decides whom to ask next (RFC 1034 §5.3.3 steps 2 and 3). */
export function chooseNext(job: Job, given: Given<CacheView>): Chosen {
  const spent = overBudget(job);
  if (spent) return giveUp(job, spent);
  const { cutNeeded, lookups } = job;
  if (cutNeeded !== undefined && lookups[lookupKey(cutNeeded, 'NS')] === undefined) {
    const step = { kind: 'find', question: { name: cutNeeded, type: 'NS', class: 'IN' }, purpose: 'server-address' } as const;
    return { step: { value: step, reasons: [CUT_NEEDED] }, change: {} };
  }
  const found = job.delegation ? { value: job.delegation, reasons: [] } : findDelegation(job, given);
  if (!found) return prime(job, given);
  return fromDelegation(job, withKnown(found.value, given, job.settings), found.reasons, given, {});
}

/** Addresses that have become known since the list of servers came. */
function withKnown(delegation: Delegation, { view, at }: Given<CacheView>, settings: ResolverSettings): Delegation {
  if (delegation.servers.every((server) => server.addresses.length > 0)) return delegation;
  const servers = delegation.servers.map((server) => {
    if (server.addresses.length > 0) return server;
    const known = server.unverified ? confirmedAddresses : knownAddresses;
    const addresses = known(view, server.name, at, settings);
    return addresses.length === 0 ? server : { ...server, addresses };
  });
  return { ...delegation, servers };
}

function findDelegation(job: Job, { view, at }: Given<CacheView>): Explained<Delegation> | undefined {
  const { asking, settings, ignoreConfigured, leeway } = job;
  const known = deepestDelegation(view, asking.name, later(at, leeway), settings, {
    above: asking.type === 'DS',
    ignoreConfigured,
  });
  if (known) return known;
  if (settings.priming && !(asking.name === ROOT && asking.type === 'NS')) return undefined;
  return { value: rootHints(settings), reasons: [HINTS] };
}

/** The list of root servers is not known, or has run out: it is fetched first (RFC 9609 §3). */
function prime(job: Job, given: Given<CacheView>): Chosen {
  const question: Question = { name: ROOT, type: 'NS', class: 'IN' };
  const primed = job.lookups[lookupKey(ROOT, 'NS')];
  if (primed === 'found') return fromDelegation(job, rootHints(job.settings), [BARE_LIST], given, {});
  if (primed !== undefined) return giveUp(job, NO_ROOT);
  const step = { kind: 'find', question, purpose: 'priming', delegation: rootHints(job.settings) } as const;
  return { step: { value: step, reasons: [PRIMING] }, change: {} };
}

function fromDelegation(
  job: Job,
  delegation: Delegation,
  before: readonly Reason[],
  given: Given<CacheView>,
  change: Partial<Job>,
): Chosen {
  const { settings, standings, path, queries } = job;
  const tries = withAvoided(job);
  const draw = (): number => given.draw(`${path}/server/${queries}`);
  const chosen = chooseServer({ delegation, tries, standings, at: given.at, settings, draw });
  const { target, unknown } = chosen.value;
  const reasons = before.length === 0 ? chosen.reasons : [...before, ...chosen.reasons];
  // A server that has let one query go unanswered is asked again when no other can be found.
  const isFresh = target !== undefined && tries[target.address] === undefined;
  const errand = isFresh ? undefined : nextErrand(job, unknown, given);
  if (target && !errand)
    return { step: { value: { kind: 'ask', target, delegation }, reasons }, change: { ...change, delegation } };
  if (errand) {
    const step = { kind: 'find', question: errand, purpose: 'server-address' } as const;
    return { step: { value: step, reasons: [ERRAND] }, change: { ...change, delegation } };
  }
  const trusting = unverified(delegation);
  if (trusting) return fromDelegation(job, trusting, [UNVERIFIED], given, change);
  const again = takeBack(job.tries);
  if (again) return fromDelegation({ ...job, tries: again }, delegation, [TAKEN_BACK], given, { ...change, tries: again });
  return lastResort({ ...job, ...change }, delegation, given, change);
}

/** Servers whose reply did not fit once are not asked again for the same. */
function withAvoided({ tries, instead }: Job): Tries {
  if (!instead || instead.avoid.length === 0) return tries;
  const out: Record<Address, Tried> = { ...tries };
  for (const server of instead.avoid) out[server] = { times: 1, out: DID_NOT_FIT };
  return out;
}

/** The address that is looked for next: one server at a time, in an order that chance sets (RFC 1034 §5.3.3 step 2). */
function nextErrand(job: Job, unknown: readonly Name[], given: Given): Question | undefined {
  const { settings, lookups } = job;
  const states = Object.values(lookups);
  if (states.length >= settings.maxTargets) return undefined;
  // Lists full of names that do not exist make a resolver work for others ("NXNS").
  const most = settings.maxTargetFailures + (job.triedParentSide ? settings.maxTargetFailuresLater : 0);
  if (states.filter((state) => state === 'missing').length >= most) return undefined;
  const open: Question[] = [];
  for (const type of addressTypes(settings)) {
    for (const name of unknown) if (lookups[lookupKey(name, type)] === undefined) open.push({ name, type, class: 'IN' });
    if (open.length > 0) break;
  }
  return open[Math.floor(given.draw(`${job.path}/errand/${job.queries}`) * open.length)];
}

/** The addresses that came with the referral and could not be confirmed; undefined when there are none. */
function unverified(delegation: Delegation): Delegation | undefined {
  if (!delegation.servers.some((server) => server.unverified)) return undefined;
  const servers = delegation.servers.map(({ name, addresses, unverified: given }) => ({
    name,
    addresses: addresses.length > 0 ? addresses : (given ?? addresses),
  }));
  return { ...delegation, servers };
}

/** All servers have failed: there may be another list of them. */
function lastResort(job: Job, delegation: Delegation, given: Given<CacheView>, change: Partial<Job>): Chosen {
  const { settings } = job;
  const configured = delegation.stub ?? delegation.forward;
  if (configured) {
    if (!configured.first) return giveUp(job, NONE_LEFT);
    return chooseNext({ ...job, ignoreConfigured: true, delegation: undefined, tries: {} }, given);
  }
  const parents = job.triedParentSide ? undefined : parentSideOf(given.view, delegation.zone, given.at, settings);
  if (parents)
    return fromDelegation({ ...job, triedParentSide: true }, parents, [PARENT_SIDE], given, { ...change, triedParentSide: true });
  return refetch(job, delegation, given, change) ?? giveUp(job, NONE_LEFT);
}

/**
 * Some server's address cannot be had otherwise: the parent is asked anew, and may send it along. Once for each zone.
 */
function refetch(job: Job, delegation: Delegation, given: Given<CacheView>, change: Partial<Job>): Chosen | undefined {
  const { zone, servers } = delegation;
  const zoneKey = key(zone);
  if (zone === ROOT || job.refetched.includes(zoneKey) || servers.every((server) => server.addresses.length > 0))
    return undefined;
  const above = deepestDelegation(given.view, zone, given.at, job.settings, { above: true });
  if (!above) return undefined;
  const showing = job.showing.on ? { ...job.showing, labels: undefined } : job.showing;
  const again = { ...change, refetched: [...job.refetched, zoneKey], showing, part: undefined };
  return fromDelegation({ ...job, ...again }, above.value, [REFETCH], given, again);
}

function overBudget(job: Job): Reason | undefined {
  const { settings } = job;
  if (job.queries >= job.quota) return limit('queries', job.quota, 'queries for one question');
  if (job.sends >= settings.maxSends) return limit('sends', settings.maxSends, 'queries without getting nearer');
  if (job.referrals > settings.maxReferrals) return limit('referrals', settings.maxReferrals, 'referrals');
  return undefined;
}

const limit = (rule: string, most: number, what: string): Reason =>
  reason(`too-many-${rule}`, `It has come to ${most} ${what}, and stops there.`, 'RFC 1034 §5.3.3');

const giveUp = (job: Job, why: Reason): Chosen => ({
  step: { value: { kind: 'give-up' }, reasons: [why] },
  change: { trouble: [...job.trouble, why] },
});

/** Names an errand in `Job.lookups`. */
export const lookupKey = (name: Name, type: RecordType): string => setKey(name, type);

/** The decision for the record. */
export function choiceRecord(job: Job): DecisionRecord {
  const step = job.step as Explained<NextStep>;
  const { delegation } = job;
  const { value } = step;
  const outcome =
    value.kind === 'ask'
      ? `asks ${value.target.server} at ${value.target.address}`
      : value.kind === 'find'
        ? `first needs ${value.question.name} ${value.question.type}`
        : 'gives up';
  const asked = delegation
    ? [
        { question: 'Deepest zone whose servers are known?', found: delegation.zone, yes: true },
        { question: 'A server with a known address?', found: knownCount(delegation), yes: value.kind === 'ask' },
      ]
    : [{ question: 'Deepest zone whose servers are known?', found: 'none', yes: false }];
  return { about: 'choose-server', outcome, asked, reasons: step.reasons };
}

function knownCount({ servers }: Delegation): string {
  let known = 0;
  for (const server of servers) if (server.addresses.length > 0) known++;
  return `${known} of ${servers.length}`;
}

const HINTS = reason('root-hints', 'Nothing is known yet, so it begins with the root servers that are built in.', 'RFC 9609 §2');
const PRIMING = reason('priming', 'It first asks a root server for the present list of root servers.', 'RFC 9609 §3');
const BARE_LIST = reason(
  'list-without-addresses',
  'The list of root servers came without addresses, so those that are built in serve once more.',
  'RFC 9609 §4.2',
);
const NO_ROOT = reason('no-root', 'No root server gave the list of root servers.', 'RFC 9609 §3');
const ERRAND = reason(
  'address-needed',
  'No server’s address is known, so that of one is looked up first.',
  'RFC 1034 §5.3.3 step 2',
);
const PARENT_SIDE = reason(
  'parent-side',
  'The zone’s own list of servers is of no use; the parent’s list is tried.',
  'RFC 1034 §5.3.3 step 3',
);
const REFETCH = reason(
  'ask-parent-again',
  'No way to a server is left, so the parent is asked for the list anew.',
  'RFC 1034 §5.3.3 step 3',
);
const TAKEN_BACK = reason('second-best', 'All others have failed, so a server that was put aside is asked again.');
const UNVERIFIED = reason('unverified-glue', 'No address could be confirmed, so those of the referral are used.');
const CUT_NEEDED = reason('parent-needed', 'First it must be known which zone lies above.', 'RFC 4035 §3.1.4.1');
const DID_NOT_FIT = reason('did-not-fit', 'What it gave did not fit its signatures.', 'RFC 4035 §5.5');
const NONE_LEFT = reason('no-server-left', 'No server is left that could be asked.', 'RFC 1034 §5.3.3 step 3');

/** Errands that nobody waits for: to look at a referral's own data, and for addresses ahead of need. */
function errand(job: Job, question: Question): Needed {
  const { path, depth, quota, queries, leeway } = job;
  return {
    type: 'needed',
    by: path,
    question,
    purpose: 'server-address',
    depth: depth + 1,
    quota: quota - queries,
    leeway,
    detached: true,
  };
}

/** What is looked up for itself when a referral is not to be believed alone: the zone's NS set, and its servers' addresses. */
export function referralChecks(job: Job): Needed[] {
  const { settings, delegation, depth, asking } = job;
  if (!settings.hardenReferralPath || !delegation || depth > 0) return [];
  const { zone, servers } = delegation;
  const questions: Question[] = [{ name: zone, type: 'NS', class: 'IN' }];
  for (const { name } of servers) if (isSubdomain(name, zone)) questions.push({ name, type: 'A', class: 'IN' });
  return questions.filter(({ name, type }) => type !== asking.type || !sameName(name, asking.name)).map((q) => errand(job, q));
}

/** Addresses to be looked up ahead of need, as many as the policy allows at this depth; -1 stands for all. */
export function aheadOfNeed(job: Job): Needed[] {
  const { settings, delegation, depth, lookups } = job;
  const most = settings.targetFetchPolicy[depth] ?? 0;
  if (most === 0 || !delegation) return [];
  const questions: Question[] = [];
  for (const { name, addresses } of delegation.servers) {
    if (addresses.length > 0 || name === ROOT) continue;
    for (const type of addressTypes(settings))
      if (lookups[lookupKey(name, type)] === undefined) questions.push({ name, type, class: 'IN' });
  }
  return (most < 0 ? questions : questions.slice(0, most)).map((question) => errand(job, question));
}
