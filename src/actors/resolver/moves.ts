/** How a job changes with each move of its chart: pure functions from a job and what came to what is different. */
import type { Address } from '../../base/address.ts';
import { type Reason, reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import { key, parent, sameName } from '../../dns/name.ts';
import type { CacheView } from '../../dns/resolve/cache.ts';
import { fresh } from '../../dns/resolve/cache.ts';
import type { Delegation, NameServer } from '../../dns/resolve/delegation.ts';
import { addressesOf } from '../../dns/resolve/delegation.ts';
import type { Learned } from '../../dns/resolve/learn.ts';
import { messageKey } from '../../dns/resolve/learn.ts';
import { nextShown, SHOWING_ALL, type Showing } from '../../dns/resolve/minimise.ts';
import { backedOff, type Standing } from '../../dns/resolve/rtt.ts';
import type { Tries } from '../../dns/resolve/select.ts';
import type { Given } from '../effects.ts';
import { makeQuery } from './ask.ts';
import { type Chosen, lookupKey } from './choose.ts';
import { type Job, type Pending, type ReadReply, startShowing } from './job.ts';
import { foundOf } from './look.ts';
import { answeredByServer, answeredFromCache } from './outcome.ts';
import type { Noticed, Resolved } from './talk.ts';

type Change = Partial<Job>;

/** There is no AAAA record, or none that counts: A records are asked for (RFC 6147 §5.1.6). */
export function askedForA(job: Job, at: Instant): Change {
  if (job.synthesising === 'ignored') return { ...afresh(job), asking: { ...job.asking, type: 'AAAA' }, synthesising: 'real' };
  const found = foundOf(job);
  const no = found.kind === 'message' ? answeredFromCache(job, at).outcome : answeredByServer(job, at).outcome;
  return { ...afresh(job), asking: { ...job.asking, type: 'A' }, synthesising: no };
}

/** Goes on with the name that the alias leads to, from the beginning (RFC 1034 §5.3.3 step 4c). */
export function followed(job: Job): Change {
  const found = foundOf(job);
  const alias = job.reply ?? (found.kind === 'alias' ? found : undefined);
  const target = alias?.target;
  if (alias === undefined || target === undefined) throw new Error('an alias is followed that nobody has given');
  const sets = 'sets' in alias ? alias.sets : (alias.learned as Learned).answer;
  return {
    // A DNAME may serve twice in one chain; it is shown once.
    links: [...job.links, ...sets.filter((set) => !job.links.some((link) => link.key === set.key))],
    asking: { ...job.asking, name: target },
    restarts: job.restarts + 1,
    ...afresh(job),
  };
}

/** Everything about the way to an answer, forgotten. */
const afresh = (job: Job): Change => ({
  sends: 0,
  delegation: undefined,
  tries: {},
  lookups: {},
  triedParentSide: false,
  emptyBefore: false,
  ignoreConfigured: false,
  refetched: [],
  showing: startShowing(job.settings),
  part: undefined,
});

/** Nearer to the name: the servers of the referral are asked from now on (RFC 1034 §5.3.3 step 4b). */
export function referred(job: Job): Change {
  const delegation = (job.reply as ReadReply).next as Delegation;
  const showing = job.settings.minimisation === 'off' || !job.showing.on ? job.showing : { ...job.showing, labels: undefined };
  // Servers that were tried before the delegation was fetched anew are not tried all over again.
  const again = job.refetched.includes(key(delegation.zone));
  return {
    delegation,
    referrals: job.referrals + 1,
    emptyBefore: false,
    showing,
    part: undefined,
    sends: again ? job.sends : 0,
    tries: again ? job.tries : {},
    triedParentSide: again && job.triedParentSide,
  };
}

/** What comes next has been chosen; when that is a server, the query to it is made. */
export function chosen(job: Job, { step, change }: Chosen, given: Given<CacheView>): Change {
  if (step.value.kind !== 'ask') return { ...change, step };
  const { target, delegation } = step.value;
  const { sends, queries, tries } = job;
  const part = job.part
    ? { question: job.part, showing: job.showing }
    : nextPart(job, delegation, change.showing ?? job.showing, given);
  const pending = makeQuery(job, part.question, target, delegation, given);
  return {
    ...change,
    step,
    pending,
    part: part.question,
    showing: part.showing,
    sends: sends + 1,
    queries: queries + 1,
    tries: tried(change.tries ?? tries, target.address),
  };
}

/** What of the name to show; what the cache knows of its parts need not be asked (RFC 9156 §3). */
function nextPart(job: Job, delegation: Delegation, showing: Showing, { view, at }: Given<CacheView>) {
  const { asking, settings } = job;
  if (!showing.on || delegation.origin === 'forward') return { question: asking, showing };
  let next = nextShown(asking, delegation.zone, showing, settings.minimisationType);
  for (; next.showing.on; next = nextShown(asking, delegation.zone, next.showing, settings.minimisationType)) {
    const known = fresh(view.message(messageKey(next.question)), at);
    if (known?.rcode !== 'NOERROR') break;
  }
  return next;
}

/** The part of the name exists, or the server says something odd about it: more of it is shown. */
export function showedMore(job: Job): Change {
  const all = job.reply?.kind === 'nxdomain';
  return { part: undefined, showing: all ? SHOWING_ALL : job.showing, tries: {}, emptyBefore: false, pending: undefined };
}

/** The same question to the same server, by TCP. */
export function askedAgain(job: Job, given: Given): Change {
  const { target, question } = job.pending as Pending;
  const pending = makeQuery(job, question, target, job.delegation as Delegation, given, 'tcp');
  return { pending, sends: job.sends + 1, queries: job.queries + 1 };
}

const tried = (tries: Tries, address: Address): Tries => ({
  ...tries,
  [address]: { ...tries[address], times: (tries[address]?.times ?? 0) + 1 },
});

/** No reply came in time: this server's next timeout is twice as long (RFC 6298 §5.5). */
export function timedOut(job: Job, at: Instant): Change {
  const { target } = job.pending as Pending;
  const why = reason('timeout', `${target.server} (${target.address}) did not reply in time.`, 'RFC 1035 §4.2.1');
  return {
    ...withStanding(job, backedOff(target.standing, at)),
    trouble: withTrouble(job, why),
    pending: undefined,
    ...afterTimeout(job),
  };
}

/** RFC 9156 §3 lets a resolver show the whole name when a part of it leads nowhere; how often it tries before is Unbound's. */
const MOST_TIMEOUTS = 3;

function afterTimeout(job: Job): Change {
  const { showing, settings } = job;
  if (!showing.on) return {};
  if (showing.timeouts + 1 >= MOST_TIMEOUTS && settings.minimisation !== 'strict')
    return { showing: SHOWING_ALL, part: undefined };
  return { showing: { ...showing, timeouts: showing.timeouts + 1 } };
}

/** The reply was of no use: this server is not asked again for this zone (RFC 1034 §5.3.3 step 4d). */
export function passedOver(job: Job): Change {
  const { target } = job.pending as Pending;
  const { kind, reasons } = job.reply as ReadReply;
  const [why] = reasons;
  const times = job.tries[target.address]?.times ?? 1;
  const aside = why?.rule === 'empty' ? 'empty' : kind === 'recursion-lame' ? 'recursive' : undefined;
  // A reply that is none says nothing against the server.
  const tries =
    why && kind !== 'malformed'
      ? { ...job.tries, [target.address]: { times, out: why, ...(aside ? { aside } : {}) } }
      : job.tries;
  const whole = job.showing.on && job.settings.minimisation !== 'strict';
  return {
    tries: whole ? {} : tries,
    trouble: why ? withTrouble(job, why) : job.trouble,
    emptyBefore: job.emptyBefore || why?.rule === 'empty',
    pending: undefined,
    ...(whole ? { showing: SHOWING_ALL, part: undefined } : {}),
  };
}

/** TCP did not work with this server. */
export function disconnected(job: Job, why: Reason): Change {
  const { target } = job.pending as Pending;
  return {
    tries: { ...job.tries, [target.address]: { times: job.tries[target.address]?.times ?? 1, out: why } },
    trouble: withTrouble(job, why),
    pending: undefined,
  };
}

const CIRCLE = reason('circle', 'The address is needed to find the address: that leads in a circle.', 'RFC 1034 §5.3.3');

const MOST_TROUBLE = 16;
const withTrouble = (job: Job, why: Reason) => (job.trouble.length < MOST_TROUBLE ? [...job.trouble, why] : job.trouble);

/** The server may not know EDNS: it is asked again, without. */
export function withoutEdns(job: Job, at: Instant): Change {
  const { target } = job.pending as Pending;
  return withStanding(job, { ...target.standing, noEdns: true, at });
}

/** Whether a server was of use without EDNS that was of none with it: that is worth remembering (RFC 6891 §6.2.2). */
export const isBetterWithoutEdns = ({ pending, reply, standings }: Job): boolean =>
  pending?.edns === false &&
  standings.get(pending.target.address)?.noEdns !== true &&
  reply !== undefined &&
  !OF_NO_USE.has(reply.kind);

const OF_NO_USE: ReadonlySet<ReadReply['kind']> = new Set<ReadReply['kind']>(['throw-away', 'malformed', 'no-edns']);

const withStanding = (job: Job, standing: Standing): Change => ({
  standings: new Map(job.standings).set((job.pending as Pending).target.address, standing),
});

/** What the resolver is to know of a server from now on, whoever asks it next. */
export function notice(job: Job, at: Instant, what: 'timeout' | 'no-edns' | 'lame'): Noticed {
  const { target } = job.pending as Pending;
  const { standing } = target;
  const zone = job.delegation ? key(job.delegation.zone) : '.';
  const changed: Standing =
    what === 'timeout'
      ? backedOff(standing, at)
      : what === 'no-edns'
        ? { ...standing, noEdns: true, at }
        : { ...standing, lameFor: [...(standing.lameFor ?? []), zone], at };
  return { type: 'noticed', server: target.address, standing: changed };
}

/** Whether the reply shows that the server does not have the zone: then others need not find that out again (RFC 4697 §2.2). */
export const isLame = ({ reply }: Job): boolean =>
  reply?.kind === 'lame' || (reply?.kind === 'throw-away' && reply.reasons[0]?.rule === 'refused');

/** The zone's own server was asked for what its parent holds: the parent's servers are to be found (RFC 4035 §3.1.4.1). */
export const wentAbove = (job: Job): Change => ({
  ...afresh(job),
  cutNeeded: parent(job.asking.name),
});

/** What was needed has come, or has not. */
export function resolved(job: Job, event: Resolved): Change {
  const { question, outcome, queries, standings } = event;
  const found = outcome?.rcode === 'NOERROR' ? outcome.answer.filter((set) => set.type === question.type) : [];
  const asked = lookupKey(question.name, question.type);
  const addresses = found.flatMap((set) => addressesOf(set.records));
  // A name server's name must not be an alias (RFC 2181 §10.3). Where it is one all the same, the way on is known by now.
  const good = found.length > 0;
  return {
    lookups: { ...job.lookups, [asked]: good ? 'found' : outcome?.rcode === 'NXDOMAIN' ? 'missing' : 'failed' },
    queries: job.queries + queries,
    standings,
    trouble: outcome ? job.trouble : withTrouble(job, CIRCLE),
    ...(good && job.delegation ? { delegation: withAddresses(job.delegation, question.name, addresses) } : {}),
  };
}

function withAddresses(delegation: Delegation, server: NameServer['name'], addresses: readonly Address[]): Delegation {
  const servers = delegation.servers.map((known) =>
    sameName(known.name, server) ? { ...known, addresses: [...new Set([...known.addresses, ...addresses])] } : known,
  );
  return { ...delegation, servers };
}
