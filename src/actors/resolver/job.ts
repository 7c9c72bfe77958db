/** One question in work: what a resolution knows. */
import type { Address, Cidr } from '../../base/address.ts';
import type { Explained, Reason } from '../../base/reason.ts';
import type { Duration, Instant } from '../../base/time.ts';
import type { Step, Verdict } from '../../dns/dnssec/chain.ts';
import type { Replies } from '../../dns/dnssec/evidence.ts';
import type { Subject } from '../../dns/dnssec/judge.ts';
import type { Question } from '../../dns/message.ts';
import type { Name, NameKey } from '../../dns/name.ts';
import type { CachedSet } from '../../dns/resolve/cache.ts';
import type { AskedQuestion, Kind } from '../../dns/resolve/classify.ts';
import type { Outcome } from '../../dns/resolve/compose.ts';
import type { Delegation } from '../../dns/resolve/delegation.ts';
import type { Cookie } from '../../dns/resolve/disguise.ts';
import { isIgnored, mappedReverse } from '../../dns/resolve/dns64.ts';
import type { Learned, Lesson } from '../../dns/resolve/learn.ts';
import type { Found } from '../../dns/resolve/lookup.ts';
import { SHOWING_ALL, SHOWING_FROM_START, type Showing } from '../../dns/resolve/minimise.ts';
import type { Standings } from '../../dns/resolve/rtt.ts';
import type { Scrubbed } from '../../dns/resolve/scrub.ts';
import type { Target, Tries } from '../../dns/resolve/select.ts';
import type { ResolverSettings } from '../../dns/resolve/settings.ts';
import type { CacheId, InstancePath, MessageId } from '../../trace/trace.ts';

/** Why a question is worked on. */
export type Purpose =
  /** A client asks. */
  | 'client'
  /** The address of a name server is needed. */
  | 'server-address'
  /** The list of root servers, or of a configured zone's servers, is needed. */
  | 'priming'
  /** Something in the cache is to be renewed. */
  | 'renewal'
  /** A key, or word of one, is needed to check signatures; what comes is evidence, and not checked itself. */
  | 'evidence'
  /** Somebody is to be told of an error. */
  | 'report';

/** What a resolution is started with. */
export interface ResolutionInput {
  readonly path: InstancePath;
  readonly resolver: InstancePath;
  readonly cache: CacheId;
  readonly settings: ResolverSettings;
  /** The host's own addresses, of which queries leave. */
  readonly addresses: readonly Address[];
  readonly question: Question;
  readonly purpose: Purpose;
  /** CD: the client wants the data as they are. */
  readonly checkingDisabled: boolean;
  /** For a renewal: how long what is renewed is still good; the cache is read as it will be then. */
  readonly leeway: Duration;
  /** How many resolutions wait for this one in a row. */
  readonly depth: number;
  /** How many queries it may cause. */
  readonly quota: number;
  readonly standings: Standings;
  /** The part of the client's address that may be passed on (RFC 7871). */
  readonly subnet?: Cidr | undefined;
  /** For `priming`: the delegation to ask. */
  readonly delegation?: Delegation | undefined;
  /** For `evidence` that did not fit before: fetch it anew, and not from these servers. */
  readonly instead?: Instead | undefined;
}

/** What is to be done otherwise than before, since what came did not fit. */
export interface Instead {
  readonly avoid: readonly Address[];
}

/** What a resolution knows. Immutable; each move replaces it. */
export interface Job extends ResolutionInput {
  readonly startedAt: Instant;
  /** The question as it stands after aliases. */
  readonly asking: Question;
  /** The aliases followed so far, in order. */
  readonly links: readonly CachedSet[];
  readonly restarts: number;
  readonly referrals: number;
  /** Queries since the last referral or restart. */
  readonly sends: number;
  /** All queries so far, those of others that worked for this one included. */
  readonly queries: number;
  readonly found: Explained<Found> | undefined;
  /** Whom to ask; undefined before that is known. */
  readonly delegation: Delegation | undefined;
  readonly tries: Tries;
  readonly step: Explained<NextStep> | undefined;
  readonly pending: Pending | undefined;
  readonly reply: ReadReply | undefined;
  readonly emptyBefore: boolean;
  /** Name servers whose addresses were looked for: how that went. */
  readonly lookups: Readonly<Record<string, LookupState>>;
  readonly outcome: Outcome | undefined;
  /** Why it fails, if it does. */
  readonly trouble: readonly Reason[];
  /** The configured zones have failed and are passed over (`first`). */
  readonly ignoreConfigured: boolean;
  /** The parent's list of servers has been tried. */
  readonly triedParentSide: boolean;
  /** Zones whose delegation was fetched anew from the parent, since no way in was left. */
  readonly refetched: readonly NameKey[];
  /** How much of the name the present zone has been shown, and the part that is being asked for. */
  readonly showing: Showing;
  readonly part: Question | undefined;
  /** A name whose zone cut must be found before the servers can be chosen: the parent of a name whose DS set is asked for. */
  readonly cutNeeded: Name | undefined;
  /**
   * DNS64: A records are asked for, to make AAAA records of them. This is what was said of AAAA, or `ignored` when that was not
   * even asked; `real`: there is nothing to make any of, so the real ones are asked for after all.
   */
  readonly synthesising: Outcome | 'ignored' | 'real' | undefined;
  /** How far the check of signatures has come; undefined when nothing is checked. */
  readonly checking: Checking | undefined;
  /** The first instant at which something used from the cache runs out that is worth renewing. */
  readonly renewBefore: Instant | undefined;
}

/** The check of what one question has brought, and what earlier links of its chain of aliases were found to be. */
export interface Checking {
  /** What is being judged. */
  readonly subject: Subject | undefined;
  /** What the judge says to it so far. */
  readonly step: Step | undefined;
  /** What a check has taught of something that was in the cache. */
  readonly learned: Learned | undefined;
  /** Replies to the judge's questions, and whom they came from. */
  readonly replies: Replies;
  readonly sources: Readonly<Record<string, Address | undefined>>;
  /** Servers whose replies did not fit, by the judge's question. */
  readonly avoid: Readonly<Record<string, readonly Address[]>>;
  /** How often something was asked again. */
  readonly retries: number;
  /** The first verdict that something does not fit, until something does. */
  readonly bogus: Verdict | undefined;
  /** What shows that wildcards had to serve, of aliases followed. */
  readonly proofs: readonly CachedSet[];
}

/** What became of the look-up of a server's address; `missing`: there is no such name. */
export type LookupState = 'found' | 'failed' | 'missing';

/** What comes next. */
export type NextStep =
  | { readonly kind: 'ask'; readonly target: Target; readonly delegation: Delegation }
  | { readonly kind: 'find'; readonly question: Question; readonly purpose: Purpose; readonly delegation?: Delegation }
  | { readonly kind: 'give-up' };

/** A query under way. */
export interface Pending {
  readonly target: Target;
  readonly id: number;
  readonly port: number;
  /** As sent: the name may be shortened, its letter case changed. */
  readonly question: Question;
  readonly transport: 'udp' | 'tcp';
  readonly sentAt: Instant;
  readonly edns: boolean;
  readonly cookie: Cookie | undefined;
  /** What of the client's address went along. */
  readonly subnet: Cidr | undefined;
  /** A resolver is asked: RD 1, and its answers need no AA. */
  readonly forwarder: boolean;
}

/** A reply, read. */
export interface ReadReply {
  readonly kind: Kind | 'truncated' | 'no-edns' | 'bad-cookie' | 'doubtful' | 'too-low';
  /** Only a part of the name was asked for, and the reply says nothing final about the whole. */
  readonly onlyPart: boolean;
  /** For an alias: where it leads. */
  readonly target: Name | undefined;
  readonly asked: readonly AskedQuestion[];
  readonly reasons: readonly Reason[];
  readonly learned: Learned | undefined;
  /** What `learned` is made of, for the time after the check. */
  readonly lesson: RawLesson | undefined;
  readonly next: Delegation | undefined;
  /** Whom the server wants to be told of errors (RFC 9567). */
  readonly agent: Name | undefined;
  readonly message: MessageId;
}

/** A reply that is to be checked before it teaches anything. */
export interface RawLesson {
  readonly scrubbed: Scrubbed;
  readonly question: Question;
  readonly lesson: Lesson;
}

/** With DNS64 some questions are put differently from the start (RFC 6147 §5.1.4, §5.3.1). */
function firstQuestion({ question, settings, checkingDisabled }: ResolutionInput): Question {
  const { dns64 } = settings;
  if (!dns64 || checkingDisabled) return question;
  if (question.type === 'AAAA' && isIgnored(question.name, dns64)) return { ...question, type: 'A' };
  return mappedReverse(question, dns64) ?? question;
}

export const startShowing = (settings: ResolverSettings): Showing =>
  settings.minimisation === 'off' ? SHOWING_ALL : SHOWING_FROM_START;

/** Whether what the question brings is checked: not evidence, nor the way to a server, of which nothing is handed out. */
const isChecked = ({ settings, purpose }: ResolutionInput): boolean =>
  settings.validation.trustAnchors.length > 0 && (purpose === 'client' || purpose === 'renewal');

const NOTHING_CHECKED: Checking = {
  subject: undefined,
  step: undefined,
  learned: undefined,
  replies: {},
  sources: {},
  avoid: {},
  retries: 0,
  bogus: undefined,
  proofs: [],
};

/** A job at its start. */
export function newJob(given: ResolutionInput, at: Instant): Job {
  // Of all classes there is only the Internet's here (RFC 1035 §3.2.5).
  const input = given.question.class === 'ANY' ? { ...given, question: { ...given.question, class: 'IN' as const } } : given;
  const asking = firstQuestion(input);
  return {
    path: input.path,
    resolver: input.resolver,
    cache: input.cache,
    settings: input.settings,
    addresses: input.addresses,
    question: input.question,
    purpose: input.purpose,
    checkingDisabled: input.checkingDisabled,
    leeway: input.leeway,
    depth: input.depth,
    quota: input.quota,
    standings: input.standings,
    subnet: input.subnet,
    instead: input.instead,
    startedAt: at,
    asking,
    links: [],
    restarts: 0,
    referrals: 0,
    sends: 0,
    queries: 0,
    found: undefined,
    delegation: input.delegation,
    tries: {},
    step: undefined,
    pending: undefined,
    reply: undefined,
    emptyBefore: false,
    lookups: {},
    outcome: undefined,
    trouble: [],
    ignoreConfigured: false,
    triedParentSide: false,
    refetched: [],
    showing: startShowing(input.settings),
    part: undefined,
    cutNeeded: undefined,
    synthesising: asking === input.question ? undefined : 'ignored',
    checking: isChecked(input) ? NOTHING_CHECKED : undefined,
    renewBefore: undefined,
  };
}

/** A job with some fields changed. Spelt out, since V8 gives each copy made by spreading a hidden class of its own. */
export function changed(job: Job, change: Partial<Job>): Job {
  const copy: Job = {
    path: job.path,
    resolver: job.resolver,
    cache: job.cache,
    settings: job.settings,
    addresses: job.addresses,
    question: job.question,
    purpose: job.purpose,
    checkingDisabled: job.checkingDisabled,
    leeway: job.leeway,
    depth: job.depth,
    quota: job.quota,
    standings: job.standings,
    subnet: job.subnet,
    instead: job.instead,
    startedAt: job.startedAt,
    asking: job.asking,
    links: job.links,
    restarts: job.restarts,
    referrals: job.referrals,
    sends: job.sends,
    queries: job.queries,
    found: job.found,
    delegation: job.delegation,
    tries: job.tries,
    step: job.step,
    pending: job.pending,
    reply: job.reply,
    emptyBefore: job.emptyBefore,
    lookups: job.lookups,
    outcome: job.outcome,
    trouble: job.trouble,
    ignoreConfigured: job.ignoreConfigured,
    triedParentSide: job.triedParentSide,
    refetched: job.refetched,
    showing: job.showing,
    part: job.part,
    cutNeeded: job.cutNeeded,
    synthesising: job.synthesising,
    checking: job.checking,
    renewBefore: job.renewBefore,
  };
  return Object.assign(copy, change);
}
