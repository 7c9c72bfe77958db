/** Asking a zone without the network, as `test-dns-answer` does: once, a hundred times, from everywhere. */

import { describeResponse } from '../../../actors/servers/describe.ts';
import { routeRecord } from '../../../actors/servers/describeRoute.ts';
import type { Instant } from '../../../base/time.ts';
import { query } from '../../../dns/message.ts';
import { type HostedZone, isPrivate } from '../../../route53/hostedZone.ts';
import { serviceName } from '../../../route53/names.ts';
import { type RecordGroup, setLabel } from '../../../route53/records.ts';
import type { ZoneServices } from '../../../route53/respond.ts';
import type { Decision, Measure } from '../../../route53/routing/decision.ts';
import { leafOf } from '../../../route53/routing/decision.ts';
import { type TestInput, type TestOutput, type TestResult, testDnsAnswer } from '../../../route53/testAnswer.ts';
import { draw } from '../../../sim/random.ts';
import { type AnswerStory, storyOf } from './answer.ts';
import { rowId, thousands } from './records.ts';

/** A zone at an instant, with what its servers know. */
export interface Bench {
  readonly zone: HostedZone;
  readonly services: ZoneServices;
  readonly now: Instant;
  readonly seed: number;
}

/** Chance for the n-th question: the same question asked again draws anew, the same page shown again does not. */
export function asking({ now, seed }: Bench, label: string, round: number): { readonly now: Instant; random(): number } {
  let drawn = 0;
  return { now, random: () => draw(seed, `console ${label} ${drawn++}`, round) };
}

export type Tested =
  | { readonly ok: true; readonly output: TestOutput; readonly story: AnswerStory }
  | { readonly ok: false; readonly faults: readonly { readonly field: string; readonly words: string }[] };

/** Asks once. `round` counts the questions asked before. */
export function test(bench: Bench, input: TestInput, round: number): Tested {
  const result = testDnsAnswer(bench.zone, bench.services, input, asking(bench, 'test', round));
  if (!result.ok)
    return {
      ok: false,
      faults: result.faults.map(({ path, text, expected }) => ({
        field: String(path[0]),
        words: `${text}. Needed: ${expected}.`,
      })),
    };
  return { ok: true, output: result.output, story: storyOfTest(input, result) };
}

function storyOfTest(input: TestInput, { answered }: Extract<TestResult, { ok: true }>): AnswerStory {
  const response = answered.value;
  const question = response.question[0];
  if (!question) throw new Error('a test has a question');
  const [decision] = answered.decisions;
  const from = input.edns0ClientSubnetIp ? ` for a client at ${input.edns0ClientSubnetIp}` : '';
  return storyOf({
    sentence: `A test: ${input.resolverIp ?? 'a resolver in us-east-1'} asks${from} for ${question.name.replace(/\.$/, '')} ${question.type}. Nothing is sent.`,
    question,
    find: { ...describeResponse(query(0, question), response), reasons: answered.reasons },
    ...(decision ? { route: routeRecord(decision, 0) } : {}),
    response,
  });
}

// --- a hundred times

/** How often each record was given. */
export interface Tally {
  /** One for each question, in order: the place of its record in `records`. */
  readonly dots: readonly number[];
  readonly records: readonly { readonly id: string; readonly label: string; readonly given: number; readonly share: number }[];
}

/** Whether asking again may bring another answer. */
export const dependsOnChance = (decision: Decision | undefined): boolean =>
  decision !== undefined && leafOf(decision).draw !== undefined;

/** Asks a hundred times; `round` counts the hundreds asked before. */
export function hundred(bench: Bench, input: TestInput, round: number): Tally | undefined {
  const dots: number[] = [];
  let records: { id: string; label: string; given: number; share: number }[] = [];
  for (let i = 0; i < 100; i++) {
    const result = testDnsAnswer(bench.zone, bench.services, input, asking(bench, 'hundred', round * 100 + i));
    const decision = result.ok ? result.answered.decisions[0] : undefined;
    if (!decision) return undefined;
    const leaf = leafOf(decision);
    if (i === 0) records = leaf.considered.map(({ set, share }) => ({ id: rowId(set), label: setLabel(set), given: 0, share }));
    const place = records.findIndex(({ id }) => leaf.chosen.some((set) => rowId(set) === id));
    const record = records[place];
    if (record) record.given++;
    dots.push(place);
  }
  return { dots, records };
}

// --- to this resolver

/** What a record is to an asker. */
export interface RowShare {
  /** How likely it is to be given, 0 to 1. */
  readonly share: number;
  /** By what it is compared with the others: "24 ms", "1 204 km". */
  readonly measure?: string;
}

/** What each record is to an asker, by row; simple records are always given and have no share. */
export function sharesFor(bench: Bench, resolverIp: string): Map<string, RowShare> {
  const shares = new Map<string, RowShare>();
  if (isPrivate(bench.zone)) return shares;
  for (const groups of bench.zone.records.groups.values())
    for (const group of groups) {
      if (group.policy === 'simple') continue;
      const decision = decisionOn(bench, group, resolverIp);
      for (const { set, share, measure } of decision?.considered ?? []) {
        const figure = measure && figureOf(measure);
        shares.set(rowId(set), { share, ...(figure === undefined ? {} : { measure: figure }) });
      }
    }
  return shares;
}

function figureOf(measure: Measure): string | undefined {
  if (measure.kind === 'latency') return `${measure.milliseconds} ms`;
  return measure.kind === 'distance' ? `${thousands(Math.round(measure.biased))} km` : undefined;
}

function decisionOn(bench: Bench, group: RecordGroup, resolverIp: string): Decision | undefined {
  const input = { recordName: serviceName(group.name), recordType: group.type, resolverIp };
  const result = testDnsAnswer(bench.zone, bench.services, input, asking(bench, 'share', 0));
  return result.ok
    ? result.answered.decisions.find((one) => one.group.name === group.name && one.group.type === group.type)
    : undefined;
}
