/** What two resolvers side by side teach, in words and figures. */

import { bare } from '../slips/text.ts';
import type { ResolverLane, TwoResolvers } from './resolvers.ts';
import { type Lesson, roughly } from './words.ts';

/** "asked before the change", "asked for the first time 1 min after it". */
export function askedWords({ change }: TwoResolvers, { kept, held }: ResolverLane): string {
  const first = kept[0]?.from;
  if (first === undefined) return 'never asked';
  if (change === undefined) return `first asked at ${roughly(first)}`;
  if (held) return 'asked before the change';
  return first < change ? 'asked before, its copy had run out' : `asked for the first time ${roughly(first - change)} after it`;
}

export function resolversLesson({ lanes, change, name }: TwoResolvers): Lesson {
  const [a, b] = lanes;
  const known = `Both resolvers ask the servers of ${bare(name)}’s zone.`;
  if (change === undefined)
    return {
      headline: 'Each keeps a copy of its own.',
      plain: 'Nobody tells one resolver what another knows. Each asks when it is asked, and each counts down by itself.',
      term: ['The ', 'TTL', ' of a copy begins when that resolver hears the answer.'],
    };
  return {
    headline: 'Nothing spreads. Old answers run out.',
    plain: `${known} ${heldWords(a, b)}`,
    term: ['People call it ', 'propagation', '. It is a TTL ending, in each cache by itself.'],
  };
}

function heldWords({ held: a }: ResolverLane, { held: b }: ResolverLane): string {
  if (a && b) return `At the change A may use the old answer for another ${roughly(a.left)}, B for another ${roughly(b.left)}.`;
  if (a || b)
    return `${a ? 'A' : 'B'} was given the old answer before the change and may use it for another ${roughly((a ?? b)?.left ?? 0)}. ${a ? 'B' : 'A'} has nothing to forget.`;
  return 'Neither holds the old answer any more, so both hear the new one when they are next asked.';
}

/** A row of the table: what it is about, then A and B. */
export type ResolverRow = readonly [title: string, a: string, b: string];

export function resolverRows({ lanes, change }: TwoResolvers): { rows: readonly ResolverRow[]; total?: ResolverRow } {
  const both = (said: (lane: ResolverLane) => string): [string, string] => [said(lanes[0]), said(lanes[1])];
  const users: ResolverRow = ['times its users asked', ...both(({ users }) => String(users.length))];
  const asked: ResolverRow = ['times it asked the zone', ...both(({ kept }) => String(kept.length))];
  if (change === undefined) return { rows: [users, asked] };
  const next = (lane: ResolverLane): string => {
    const after = lane.kept.find(({ from }) => from >= change);
    return after ? roughly(after.from) : 'not yet';
  };
  return {
    rows: [
      ['held at the change', ...both(({ held }) => held?.value ?? 'nothing')],
      ['could use it for another', ...both(({ held }) => (held ? roughly(held.left) : '0 s'))],
      ['next asked the zone at', ...both(next)],
      users,
      asked,
    ],
    total: ['late by', ...both(({ heard }) => (heard === undefined ? 'not heard yet' : roughly(heard - change)))],
  };
}
