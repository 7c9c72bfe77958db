/**
 * The decisions behind "checking the signatures": what is judged, which key is needed first, and what a verdict means for the
 * job. The judge itself is `nextStep` in `src/dns/dnssec/chain.ts`; here it is given what the job and the cache know.
 */
import { type Reason, reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import { judgedSets, validationRules, validatorOf } from '../../dns/dnssec/apply.ts';
import type { ChainLink, Step, Verdict } from '../../dns/dnssec/chain.ts';
import { nextStep } from '../../dns/dnssec/chain.ts';
import { checkedCopy, checkedMessage } from '../../dns/dnssec/checked.ts';
import type { Reply as EvidenceReply } from '../../dns/dnssec/delegation.ts';
import { evidenceKey, evidenceOf } from '../../dns/dnssec/evidence.ts';
import type { Subject } from '../../dns/dnssec/judge.ts';
import type { Question } from '../../dns/message.ts';
import { sameName } from '../../dns/name.ts';
import type { CachedSet, CacheView } from '../../dns/resolve/cache.ts';
import type { Shown } from '../../dns/resolve/compose.ts';
import { knownAddresses } from '../../dns/resolve/delegation.ts';
import type { Learned } from '../../dns/resolve/learn.ts';
import { type Found, isUnchecked } from '../../dns/resolve/lookup.ts';
import type { SignedRRset } from '../../dns/resolve/sets.ts';
import type { DecisionRecord } from '../../trace/trace.ts';
import type { Given } from '../effects.ts';
import type { Checking, Job, Pending, RawLesson, ReadReply } from './job.ts';
import { foundOf } from './look.ts';
import type { ResolverView } from './memory.ts';
import { learn } from './read.ts';
import type { Needed, Resolved } from './talk.ts';

type Change = Partial<Job>;

/** The chain of trust as the record of a decision carries it. */
export interface TrustRecord {
  readonly kind: 'chain-of-trust';
  readonly question: Question;
  /** `open`: something must be known first. */
  readonly status: Verdict['status'] | 'open';
  /** From the trust anchor down, as far as it went. */
  readonly chain: readonly ChainLink[];
  readonly error: Verdict['error'];
}

// --- what is to be judged

/** Whether a reply is to be checked before anything is made of it. */
export const isToBeChecked = ({ checking, reply }: Job): boolean => checking !== undefined && reply?.lesson !== undefined;

/** Whether something was found that nobody has checked so far: it came as evidence, or on the way to a server. */
export const isUncheckedCopy = (job: Job): boolean => job.checking !== undefined && isUnchecked(foundOf(job));

/** What was read, or else what was found, is to be judged. */
export function takenUp(job: Job): Change {
  const checking = job.checking as Checking;
  return { checking: { ...checking, subject: subjectOf(job), step: undefined, learned: undefined } };
}

function subjectOf({ asking, reply, found }: Job): Subject {
  const { scrubbed } = reply?.lesson ?? {};
  if (scrubbed) {
    const { answer, authority, additional, message } = scrubbed;
    return { question: asking, rcode: message.rcode, answer, authority, additional };
  }
  const value = found?.value;
  if (value?.kind === 'message') {
    const { answer, authority, additional, message } = value;
    return { question: asking, rcode: message.rcode, answer, authority, additional };
  }
  const sets = value?.kind === 'alias' ? value.sets : [];
  return { question: asking, rcode: 'NOERROR', answer: sets, authority: [], additional: [] };
}

/** Asks the judge: the next question, or the verdict and what it makes of the data. */
export function judged(job: Job, { view, at }: Given<ResolverView>): Change {
  const checking = job.checking as Checking;
  const { settings } = job;
  const rules = validationRules(settings.validation, validatorOf(settings.validation), at);
  const step = nextStep(checking.subject as Subject, evidenceOf(checking.replies, view, at), rules);
  if (step.kind === 'ask') return { checking: { ...checking, step } };
  if (step.status === 'bogus') {
    const bogus = checking.bogus ?? step;
    const withStep = { checking: { ...checking, step, bogus } };
    return job.checkingDisabled && job.reply ? { ...withStep, reply: withLesson(job.reply, step, view, at) } : withStep;
  }
  const proofs = [...checking.proofs];
  const kept = { ...checking, step, bogus: undefined, proofs };
  if (!job.reply) {
    const { found, learned } = checkedFound(foundOf(job), step, at);
    return { found: { value: found, reasons: job.found?.reasons ?? [] }, checking: { ...kept, learned } };
  }
  const reply = withLesson(job.reply, step, view, at);
  if (reply.kind !== 'cname') return { reply, checking: kept };
  const shown = reply.learned?.authority.filter(({ key }) => step.proofs.some((proof) => 'key' in proof && proof.key === key));
  return { reply: withProofsKept(reply, shown ?? []), checking: { ...kept, proofs: [...proofs, ...(shown ?? [])] } };
}

/** What proves that an alias had to be made from a wildcard is kept with it, for answers from the cache. */
function withProofsKept(reply: ReadReply, shown: readonly CachedSet[]): ReadReply {
  const { learned } = reply;
  if (!learned || shown.length === 0) return reply;
  const proofs = shown.map(({ key }) => key);
  const sets = learned.sets.map((set) => (set.type === 'CNAME' ? { ...set, proofs } : set));
  return { ...reply, learned: { ...learned, sets } };
}

/** What a reply teaches after the verdict. */
function withLesson(reply: ReadReply, verdict: Verdict, view: CacheView, at: Instant): ReadReply {
  const { scrubbed, question, lesson } = reply.lesson as RawLesson;
  const { answer, authority, additional } = scrubbed;
  const left = {
    ...scrubbed,
    answer: judgedSets(answer, verdict),
    authority: judgedSets(authority, verdict),
    additional: judgedSets(additional, verdict),
  };
  const learned = learn(reply.kind, left, question, view, { ...lesson, at, security: verdict.status });
  return { ...reply, learned };
}

function checkedFound(found: Found, verdict: Verdict, at: Instant): { found: Found; learned: Learned | undefined } {
  if (found.kind === 'message') {
    const checked = checkedMessage(found, verdict, at);
    return { found: checked.found, learned: checked.learned };
  }
  if (found.kind !== 'alias') return { found, learned: undefined };
  const sets = found.sets.map((set) => checkedCopy(set, verdict, at));
  return {
    found: { ...found, sets },
    learned: { sets, beside: [], answer: sets, authority: [], additional: [] },
  };
}

/** Where evidence is wanted, an alias is the answer: at its name no zone begins. */
export const isWordOfAlias = ({ purpose, reply }: Job): boolean => purpose === 'evidence' && reply?.kind === 'cname';

// --- what follows

const stepOf = ({ checking }: Job): Step | undefined => checking?.step;
const verdictOf = (job: Job): Verdict | undefined => {
  const step = stepOf(job);
  return step?.kind === 'verdict' ? step : undefined;
};

/**
 * Whether the reply of a signed zone's server has no signature at all, though the zone has keys, and another server is at hand:
 * some servers, and boxes before them, leave signatures out. Else it is asked whether an unsigned zone begins below.
 */
export function isStripped(job: Job, { view, at }: Given<CacheView>): boolean {
  const step = stepOf(job);
  const { subject } = job.checking ?? {};
  const { delegation, pending, tries } = job;
  if (step?.kind !== 'ask' || step.type !== 'DS' || !job.reply || !subject || !delegation || !pending) return false;
  const zone = step.chain.at(-1);
  if (job.checkingDisabled || !zone || zone.status !== 'secure' || !sameName(zone.zone, delegation.zone)) return false;
  if ([...subject.answer, ...subject.authority].some((set) => set.signatures.length > 0)) return false;
  if (tries[pending.target.address]?.aside) return false;
  return delegation.servers.some(({ name, addresses }) => {
    const known = addresses.length > 0 ? addresses : knownAddresses(view, name, at, job.settings);
    return known.some((address) => !tries[address]);
  });
}

/** The server that leaves signatures out is asked again only when no other is left. */
export function putAside(job: Job): Change {
  const { target } = job.pending as Pending;
  const times = job.tries[target.address]?.times ?? 1;
  return { tries: { ...job.tries, [target.address]: { times, out: STRIPPED, aside: 'unsigned' } }, pending: undefined };
}

const STRIPPED = reason('no-signatures', 'The zone is signed, but this reply carries no signature.', 'RFC 4035 §4.2');

/** Whether a signed zone says that a name stands for itself: such an alias leads nowhere (RFC 1034 §3.6.2). */
export function isCircle(job: Job): boolean {
  if (verdictOf(job)?.status !== 'secure' || job.reply?.kind !== 'answer' || job.asking.type === 'CNAME') return false;
  const sets = job.reply.learned?.answer ?? [];
  return job.asking.type !== 'ANY' && sets.length > 0 && sets.every((set) => set.type === 'CNAME');
}

export const needsEvidence = (job: Job): boolean => stepOf(job)?.kind === 'ask';

const isBogus = (job: Job): boolean => verdictOf(job)?.status === 'bogus';
const hasRetries = ({ checking, settings }: Job): boolean => (checking?.retries ?? 0) < settings.validation.retries;

/** Whether a key, or word of one, is what does not fit: then it may be had elsewhere. */
export const blamesEvidence = (job: Job): boolean => isBogus(job) && hasRetries(job) && blamed(job) !== undefined;

/** The judge's question whose reply is to blame; undefined when it is the very subject. */
function blamed(job: Job): { readonly name: Question['name']; readonly type: 'DNSKEY' | 'DS' } | undefined {
  const blame = verdictOf(job)?.blame;
  const { question } = job.checking?.subject ?? {};
  if (!blame || (blame.type !== 'DNSKEY' && blame.type !== 'DS')) return undefined;
  return blame.type === question?.type && blame.name === question.name ? undefined : { name: blame.name, type: blame.type };
}

/** Whether what does not fit was in the cache: it is left there, and asked for afresh. */
export const isBogusCopy = (job: Job): boolean => isBogus(job) && job.reply === undefined;

/** Whether another server may be asked: not for a client that wants the data as they are (RFC 4035 §3.2.2). */
export const mayAskElsewhere = (job: Job): boolean => isBogus(job) && hasRetries(job) && !job.checkingDisabled;

/** Whether the data must be kept back. */
export const isToBeWithheld = (job: Job): boolean => isBogus(job) && !job.checkingDisabled;

/** Whether data that do not fit are handed out all the same: the client checks by itself (CD), or nobody else does. */
export const isHandedOutUnfit = (job: Job): boolean => isBogus(job) && job.checkingDisabled;

/** The question that the judge has, for the resolver to answer. */
export function evidenceNeeded(job: Job): Needed {
  const step = stepOf(job);
  const wanted = step?.kind === 'ask' ? step : blamed(job);
  if (!wanted) throw new Error('evidence is fetched that nobody needs');
  const { name, type } = wanted;
  const { path, depth, quota, queries, checking } = job;
  const avoid = checking?.avoid[evidenceKey(name, type)];
  return {
    type: 'needed',
    by: path,
    question: { name, type, class: 'IN' },
    purpose: 'evidence',
    depth: depth + 1,
    quota: quota - queries,
    leeway: 0 as Needed['leeway'],
    ...(avoid ? { instead: { avoid } } : {}),
  };
}

/** What was needed has come, or could not be had. */
export function tookEvidence(job: Job, { question, outcome, queries, server, standings }: Resolved): Change {
  const checking = job.checking as Checking;
  const id = evidenceKey(question.name, question.type as 'DNSKEY' | 'DS');
  const reply: EvidenceReply =
    outcome && (outcome.rcode === 'NOERROR' || outcome.rcode === 'NXDOMAIN')
      ? {
          kind: 'reply',
          rcode: outcome.rcode,
          answer: outcome.answer.map(signed),
          authority: outcome.authority.map(signed),
        }
      : { kind: 'failure', text: outcome?.errors[0]?.text ?? 'No server gave an answer.' };
  return {
    queries: job.queries + queries,
    standings,
    checking: {
      ...checking,
      replies: { ...checking.replies, [id]: reply },
      sources: { ...checking.sources, [id]: server },
    },
  };
}

const signed = (set: Shown): SignedRRset => ({ ...set, class: set.records[0]?.class ?? 'IN' });

/** A key does not fit: it is fetched once more, not from the server that gave it. */
export function blamedEvidence(job: Job): Change {
  const checking = job.checking as Checking;
  const wanted = blamed(job);
  if (!wanted) return {};
  const id = evidenceKey(wanted.name, wanted.type);
  const source = checking.sources[id];
  const avoid = [...(checking.avoid[id] ?? []), ...(source === undefined ? [] : [source])];
  return { checking: { ...checking, retries: checking.retries + 1, avoid: { ...checking.avoid, [id]: avoid } } };
}

/** What is in the cache does not fit: as if it were not there. */
export const distrustedCopy = (job: Job): Change => ({
  found: { value: { kind: 'miss' }, reasons: verdictOf(job)?.reasons ?? [] },
});

/** The reply does not fit: this server is not asked again. */
export function blamedServer(job: Job): Change {
  const checking = job.checking as Checking;
  const { target } = job.pending as Pending;
  const why = verdictOf(job)?.reasons.at(-1) as Reason;
  const times = job.tries[target.address]?.times ?? 1;
  return {
    tries: { ...job.tries, [target.address]: { times, out: why } },
    trouble: [...job.trouble, why],
    pending: undefined,
    checking: { ...checking, retries: checking.retries + 1 },
  };
}

/** A verdict has been used: what comes next is another subject. The proofs of an alias are kept for the response. */
export function settled({ checking, found }: Job): Change {
  if (!checking) return {};
  const proofs = found?.value.kind === 'alias' ? (found.value.proofs ?? []) : [];
  return {
    checking: {
      ...checking,
      subject: undefined,
      step: undefined,
      learned: undefined,
      proofs: proofs.length === 0 ? checking.proofs : [...checking.proofs, ...proofs],
    },
  };
}

// --- for the record

/** The judge's decision, with the chain of trust link by link. */
export function trustRecord(job: Job): DecisionRecord {
  const step = stepOf(job) as Step;
  const { subject } = job.checking as Checking;
  const { question } = subject as Subject;
  const status = step.kind === 'ask' ? 'open' : step.status;
  const detail: TrustRecord = {
    kind: 'chain-of-trust',
    question,
    status,
    chain: step.chain,
    error: step.kind === 'verdict' ? step.error : undefined,
  };
  return {
    about: 'validate',
    outcome: step.kind === 'ask' ? `first needs ${step.name} ${step.type}` : IN_WORDS[step.status],
    asked: [...step.chain.flatMap(linkRows), lastRow(step, question)],
    reasons: step.reasons,
    ...(job.reply ? { message: job.reply.message } : {}),
    detail,
  };
}

type Row = DecisionRecord['asked'][number];

function linkRows({ zone, status, vouchedBy, keys, signs, fault }: ChainLink): Row[] {
  const where = zone === '.' ? 'the root zone' : zone;
  const named = keys.find((key) => key.named);
  const by = vouchedBy === 'anchor' ? 'a trust anchor names' : 'the parent names';
  const found = status === 'secure' && named ? `${by} key ${named.keyTag}` : (fault?.reason.text ?? 'it is not signed');
  const row = { question: `The keys of ${where}?`, found, yes: status === 'secure' };
  if (!signs) return [row];
  const signature = signs.signatures.find((one) => !one.fault);
  const by2 = signature ? `signed with key ${signature.keyTag}` : signs.holds ? 'proven' : 'no signature fits';
  return [row, { question: `${signs.name} ${signs.type}, by ${where}?`, found: by2, yes: signs.holds }];
}

function lastRow(step: Step, { name, type }: Question): Row {
  if (step.kind === 'ask') return { question: 'Is all there?', found: `${step.name} ${step.type} is not`, yes: false };
  return { question: `Does it hold for ${name} ${type}?`, found: step.status, yes: step.status === 'secure' };
}

const IN_WORDS: Readonly<Record<Verdict['status'], string>> = {
  secure: 'secure: every link holds',
  insecure: 'insecure: it is proven that no chain leads there',
  bogus: 'bogus: it should fit, and does not',
  indeterminate: 'indeterminate: nothing vouches for it',
};
