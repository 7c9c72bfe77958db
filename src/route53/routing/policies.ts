/**
 * Routing policies that do not ask where somebody is: simple, weighted, failover, multivalue. Each is a function from
 * sets with their health to a choice; those that do ask stand in `policiesByPlace.ts`.
 *
 * What all share: pick by policy, leave out what is unhealthy, and when nothing is healthy take all as healthy, so
 * that health never empties an answer.
 */
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import { LIMITS } from '../limits.ts';
import type { RecordSet } from '../records.ts';
import { setLabel } from '../records.ts';
import type { Candidate, Choice, Note } from './choice.ts';
import { FAIL_OPEN } from './choice.ts';

/** The one set with all its values; a health check on it changes nothing. */
export function chooseSimple(candidates: readonly Candidate<'simple'>[]): Choice {
  const [only] = candidates;
  if (!only) throw new Error('a simple group has one set');
  const page = 'Developer Guide, routing-policy-simple';
  return {
    chosen: [only.set],
    failOpen: !only.health.healthy,
    notes: new Map([[only.set, { share: 1, eligible: true, why: 'the only record of this name and type' }]]),
    reasons: [
      reason('simple', 'One record, always given out, its values in random order', page),
      ...(only.health.healthy ? [] : [FAIL_OPEN]),
    ],
  };
}

/**
 * Drawn by lot, in proportion to the weights of the healthy sets. Weight 0 is used when all weights are 0, or when
 * every other set is unhealthy (Developer Guide, routing-policy-weighted, dns-failover-simple-configs).
 */
export function chooseWeighted(candidates: readonly Candidate<'weighted'>[], random: () => number): Choice {
  const page = 'Developer Guide, routing-policy-weighted';
  const isWeighted = candidates.some(({ set }) => set.routing.weight > 0);
  const inUse = candidates.filter(({ set }) => !isWeighted || set.routing.weight > 0);
  const weightOf = (candidate: Candidate<'weighted'>): number => candidate.set.routing.weight || 1;
  let pool = inUse.filter(({ health }) => health.healthy);
  const reasons: Reason[] = [];
  if (pool.length === 0) {
    pool = candidates.filter(({ health }) => health.healthy);
    if (pool.length > 0)
      reasons.push(reason('zero-weight-standby', 'Every record with a weight is unhealthy, so those of weight 0 are used', page));
  }
  const failOpen = pool.length === 0;
  if (failOpen) {
    pool = inUse;
    reasons.push(FAIL_OPEN);
  }
  const total = pool.reduce((sum, candidate) => sum + weightOf(candidate), 0);
  const drawn = random() * total;
  let from = 0;
  const stretches = pool.map((candidate) => {
    const stretch = { set: candidate.set as RecordSet, from, to: from + weightOf(candidate) };
    from = stretch.to;
    return stretch;
  });
  const hit = stretches.find(({ to }) => drawn < to) ?? stretches.at(-1);
  if (!hit) throw new Error('a weighted group has a set');
  const notes = new Map<RecordSet, Note>();
  for (const candidate of candidates) {
    const { set, health } = candidate;
    const eligible = pool.includes(candidate);
    const share = eligible ? weightOf(candidate) / total : 0;
    const why = eligible
      ? `${weightOf(candidate)} of ${total} in the draw`
      : !health.healthy
        ? 'unhealthy: leaves the draw'
        : 'weight 0: used only when all others are unhealthy';
    notes.set(set, { share, eligible, why, measure: { kind: 'weight', weight: set.routing.weight } });
  }
  reasons.push(reason('weighted', `Drew ${drawn.toFixed(1)} of ${total}: ${setLabel(hit.set)}`, page));
  return { chosen: [hit.set], failOpen, draw: { drawn, total, stretches }, notes, reasons };
}

/** The primary while it is healthy, else the secondary if that is, else the primary (Developer Guide, routing-policy-failover). */
export function chooseFailover(candidates: readonly Candidate<'failover'>[]): Choice {
  const page = 'Developer Guide, routing-policy-failover';
  const primary = candidates.find(({ set }) => set.routing.failover === 'PRIMARY');
  const secondary = candidates.find(({ set }) => set.routing.failover === 'SECONDARY');
  const healthy = [primary, secondary].find((candidate) => candidate?.health.healthy);
  const pick = healthy ?? primary ?? secondary;
  if (!pick) throw new Error('a failover group has a primary or a secondary');
  const rule =
    healthy === undefined
      ? reason('both-unhealthy', 'Neither is healthy: the primary is given', page)
      : pick === primary
        ? reason('primary', 'The primary is healthy', page)
        : reason('secondary', primary ? 'The primary is unhealthy, so the secondary takes over' : 'There is no primary', page);
  const notes = new Map<RecordSet, Note>();
  for (const { set, health } of candidates) {
    const why = set === pick.set ? rule.text : health.healthy ? 'waits until the primary is unhealthy' : 'unhealthy';
    notes.set(set, { share: set === pick.set ? 1 : 0, eligible: health.healthy, why });
  }
  return { chosen: [pick.set], failOpen: healthy === undefined, notes, reasons: healthy ? [rule] : [rule, FAIL_OPEN] };
}

/** Up to eight healthy sets, drawn by lot (Developer Guide, routing-policy-multivalue). */
export function chooseMultivalue(candidates: readonly Candidate<'multivalue'>[], random: () => number): Choice {
  const page = 'Developer Guide, routing-policy-multivalue';
  const healthy = candidates.filter(({ health }) => health.healthy);
  const failOpen = healthy.length === 0;
  const pool = failOpen ? candidates : healthy;
  const most = LIMITS.multivalueAnswers.most;
  const chosen = shuffled(
    pool.map(({ set }) => set as RecordSet),
    random,
  ).slice(0, most);
  const share = Math.min(1, most / pool.length);
  const notes = new Map<RecordSet, Note>();
  for (const candidate of candidates) {
    const eligible = pool.includes(candidate);
    const why = !eligible
      ? 'unhealthy: left out'
      : pool.length > most
        ? `${most} of ${pool.length} are drawn`
        : 'always among the answer';
    notes.set(candidate.set, { share: eligible ? share : 0, eligible, why });
  }
  const text = pool.length > most ? `${most} of ${pool.length} by lot` : `All ${pool.length}: ${most} fit into an answer`;
  return { chosen, failOpen, notes, reasons: [...(failOpen ? [FAIL_OPEN] : []), reason('multivalue', text, page)] };
}

/** A copy in random order (Fisher and Yates). One thing needs no chance. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}
