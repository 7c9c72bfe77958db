/** Weights as stretches of one bar, whose boundaries are drawn to and fro. */
import type { Member } from './form.ts';

/** The most that a weight may be (API Reference, ResourceRecordSetWeight). */
const MOST_WEIGHT = 255;

const weightOf = ({ apart }: Member): number => Math.min(MOST_WEIGHT, Math.max(0, Math.round(Number(apart)) || 0));

/** The weights of a group as stretches of one bar, each from 0 to 1; equal stretches when all weights are 0. */
export function weightStretches(members: readonly Member[]): { readonly from: number; readonly to: number }[] {
  const weights = members.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let from = 0;
  return weights.map((weight) => {
    const to = from + (total === 0 ? 1 / weights.length : weight / total);
    const stretch = { from, to };
    from = to;
    return stretch;
  });
}

/**
 * The members after the boundary behind the i-th has been drawn to a place on the bar, 0 to 1: what one gains the next one
 * loses, so that all other shares stay. Weights stay whole numbers from 0 to 255.
 */
export function withBoundary(members: readonly Member[], i: number, place: number): readonly Member[] {
  const [one, next] = [members[i], members[i + 1]];
  const total = members.reduce((sum, member) => sum + weightOf(member), 0);
  if (!one || !next || total === 0) return members;
  const before = members.slice(0, i).reduce((sum, member) => sum + weightOf(member), 0);
  const both = weightOf(one) + weightOf(next);
  const least = Math.max(0, both - MOST_WEIGHT);
  const weight = Math.min(both - least, Math.max(least, Math.round(place * total) - before));
  return members.map((member, at) =>
    at === i ? { ...member, apart: String(weight) } : at === i + 1 ? { ...member, apart: String(both - weight) } : member,
  );
}
