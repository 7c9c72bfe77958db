/** What is told between visits where health is checked: how far the checkers are, who still has the old answer, and how long it takes. */
import { capital } from '../../../base/text.ts';
import { between, formatDuration, type Instant, milliseconds } from '../../../base/time.ts';
import { key, type Name } from '../../../dns/name.ts';
import { enoughHealthy } from '../../../route53/health/checkers.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { HostId, StimulusRecord, Trace, TurnId } from '../../../trace/trace.ts';
import { wedgesOf } from '../clock/wedges.ts';
import { timeLeftInWords } from '../map/ledger.ts';
import { type Choice, givenAt, givenOf } from './given.ts';
import { type CheckStory, countAt, healthOf, patienceIn, statusAt } from './health.ts';
import { checkInQuestion } from './panel.ts';

/** Headline, plain words, a sentence with the protocol's terms, and what the clock counts from. */
export interface Between {
  readonly headline: string;
  readonly plain: string;
  readonly term: string;
  readonly sentence: true;
  readonly since: string;
}

/** The moment: after a turn, at an instant, for the name and the resolver at hand. */
interface At {
  readonly trace: Trace;
  readonly turn: TurnId;
  readonly at: Instant;
  readonly name: Name | undefined;
  readonly resolver: HostId | undefined;
}

/** What goes on between visits since a probed server stopped or started; undefined when neither has happened. */
export function betweenVisits(moment: At): Between | undefined {
  const { trace, turn, at } = moment;
  const check = checkInQuestion(healthOf(trace), turn);
  const last = check && lastChange(trace, check, at);
  if (!check || !last) return undefined;
  const title = trace.hosts.find(({ id }) => id === last.host)?.title ?? 'the server';
  const stopped = last.action === 'stop';
  const since = `${formatDuration(between(last.at, at))} since ${title} ${stopped ? 'stopped' : 'started again'}`;
  const { healthy } = statusAt(check, turn);
  const rule = `Interval ${check.every} s, threshold ${check.threshold}: a check is healthy while more than 18 % of its checkers say so.`;
  const told = stopped
    ? healthy
      ? counting(check, turn, title)
      : switched(moment, check)
    : healthy
      ? {
          headline: 'Route 53 has switched back.',
          plain: `${title} is given again. Copies of the other answer live until they run out.`,
        }
      : recovering(check, turn, title);
  return { term: rule, ...told, sentence: true, since };
}

type Words = Pick<Between, 'headline' | 'plain'> & { readonly term?: string };

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const count = (n: number): string => COUNTS[n] ?? String(n);

function counting(check: CheckStory, turn: TurnId, title: string): Words {
  const whole = check.checkers.length;
  const well = countAt(check, turn);
  const headline = `${title} has stopped. Nobody tells the checkers.`;
  const misses = check.threshold === 1 ? 'One miss changes' : `${capital(count(check.threshold))} misses in a row change`;
  if (well === whole)
    return { headline, plain: `Each of the ${whole} finds out by itself, at its own time. ${misses} a checker’s mind.` };
  const enough = check.checkers.findIndex((_, i) => enoughHealthy(i, whole));
  return {
    headline,
    plain: `${capital(count(whole - well))} of ${whole} ${whole - well === 1 ? 'has changed its mind' : 'have changed their minds'}. ${capital(count(well))} still ${well === 1 ? 'says' : 'say'} healthy, and ${count(enough)} are enough.`,
  };
}

function recovering(check: CheckStory, turn: TurnId, title: string): Words {
  const well = countAt(check, turn);
  return {
    headline: `${title} is back. The checkers count again.`,
    plain: `${well === 0 ? 'None' : capital(count(well))} of ${check.checkers.length} ${well === 1 ? 'says' : 'say'} healthy. It takes as many good probes in a row as it took bad ones.`,
  };
}

/** Route 53 gives something else now; whoever keeps the old answer does not know. */
function switched({ trace, turn, at, name, resolver }: At, check: CheckStory): Words {
  const whole = check.checkers.length;
  const lost = whole - countAt(check, turn);
  const given = name === undefined ? undefined : givenAt(trace, name, at);
  const live = given?.choices.filter((choice) => choice.live) ?? [];
  const out = given?.choices.find((choice) => !choice.live && !choice.healthy);
  const gets = live.length === 0 ? 'what is left' : live.length > 2 ? 'one of the others' : live.map(called).join(' or ');
  const minds = `${lost === whole ? `All ${whole} checkers` : `Of ${whole} checkers, ${lost}`} have changed their minds${out ? `, so ${called(out)} is out` : ''}.`;
  const kept = wedgesOf(trace).findLast(
    (wedge) =>
      wedge.host === resolver &&
      wedge.kind === 'answer' &&
      name !== undefined &&
      key(wedge.name) === key(name) &&
      wedge.from <= at,
  );
  const term = `Interval ${check.every} s, threshold ${check.threshold}. Nobody calls an answer back: ${kept ? `its TTL of ${kept.ttl} s` : 'its TTL'} ends it.`;
  if (!kept) return { headline: 'Route 53 has switched.', plain: `${minds} Whoever asks now gets ${gets}.`, term };
  if (kept.end <= at || !given)
    return {
      headline: 'Route 53 has switched. The old answer has run out.',
      plain: `${minds} Whoever asks now gets ${gets}.`,
      term,
    };
  if (kept.from < given.at)
    return {
      headline: 'Route 53 has switched. The resolver has not.',
      plain: `${minds} New questions get ${gets}. The resolver still holds the old answer, for ${kept.end - at < 1e6 ? 'less than a second' : timeLeftInWords(kept.end - at)}.`,
      term,
    };
  return {
    headline: 'Route 53 has switched, and so has the resolver.',
    plain: `${minds} The resolver holds the new answer.`,
    term,
  };
}

const called = ({ id, role }: Choice): string => (role === 'primary' || role === 'secondary' ? `the ${role}` : `“${id}”`);

/** When the server that a check probes was last stopped or started. */
const lastChange = (trace: Trace, check: CheckStory, at: number): StimulusRecord | undefined =>
  trace.stimuli.findLast((one) => one.at <= at && one.host === check.target && (one.action === 'stop' || one.action === 'start'));

/** One line of the account of a move. */
export interface MoveLine {
  readonly what: string;
  readonly time: string;
}

/** How long it takes until users move to another server: what each clock may take, and what it took this time. */
export interface Moves {
  readonly lines: readonly MoveLine[];
  readonly total: MoveLine;
}

export function movesOf({ trace, turn, at, name }: At, visits: readonly Visit[]): Moves | undefined {
  const check = checkInQuestion(healthOf(trace), turn);
  const stop = check && lastChange(trace, check, at);
  if (!check || stop?.action !== 'stop' || name === undefined) return undefined;
  if (!givenOf(trace, name).some(({ choices }) => choices.length > 1)) return undefined;
  const { threshold, every } = check;
  // A silent server is a miss only when a checker's patience ends (dns-failover-determining-health-of-endpoints).
  const missed = check.checkers.flatMap(({ probes }) => probes.filter((probe) => !probe.passes && probe.at >= stop.at))[0];
  const patience = patienceIn(missed?.found ?? '');
  const least = (threshold - 1) * (every + patience) + patience;
  const kept = wedgesOf(trace).filter((wedge) => wedge.kind === 'answer' && key(wedge.name) === key(name));
  const longest = (own: boolean): number =>
    Math.max(0, ...kept.filter(({ cache }) => cache.endsWith('/browser') === own).map(({ ttl }) => ttl));
  const line = (what: string, seconds: number): MoveLine[] => (seconds > 0 ? [{ what, time: `at most ${seconds} s` }] : []);
  const moved = visits.find(
    ({ from, conclusion }) =>
      from >= stop.at && conclusion?.kind === 'page' && !addressesOf(trace, stop.host).includes(conclusion.address),
  );
  const done = moved?.to !== undefined && moved.to <= at;
  return {
    lines: [
      { what: threshold === 1 ? 'one miss' : `${threshold} misses, ${every} s apart`, time: `${least} to ${least + every} s` },
      ...line('then the old answer drains', longest(false)),
      ...line('the browser’s own copy', longest(true)),
    ],
    total: {
      what: 'this time, from stop to page',
      time: done ? formatDuration(milliseconds(Math.round((moved.to - stop.at) / 1e5) * 100)) : 'not yet',
    },
  };
}

const addressesOf = (trace: Trace, host: HostId | undefined): readonly string[] =>
  trace.hosts.find(({ id }) => id === host)?.addresses ?? [];
