/** `decide`: which sets of a group are given to an asker, down through alias records, with every reason on the way. */
import { reason } from '../../base/reason.ts';
import { resourceHealthy } from '../aliases.ts';
import { serviceName } from '../names.ts';
import type { AliasTarget, Policy, RecordGroup, RecordSet } from '../records.ts';
import { pointsIntoZone } from '../rules.ts';
import { groupAt } from '../table.ts';
import type { Candidate, Choice } from './choice.ts';
import type { Branch, Circumstances, Decision, SetHealth, Standing } from './decision.ts';
import { chooseFailover, chooseMultivalue, chooseSimple, chooseWeighted } from './policies.ts';
import { chooseGeolocation, chooseGeoproximity, chooseIpBased, chooseLatency } from './policiesByPlace.ts';

/** How deep alias records may lead before the tree counts as a loop. */
const MAX_DEPTH = 16;

/** Policies whose answer is good for the asker's network only. */
const BY_LOCATION: ReadonlySet<Policy> = new Set<Policy>(['geolocation', 'geoproximity', 'latency', 'ip-based']);

/** Decides a group. Total: every group and all circumstances give a decision. */
export const decide = (group: RecordGroup, circumstances: Circumstances): Decision =>
  decideAt(group, { circumstances, groupHealth: new Map() }, 0);

/** One decision with all its branches: a group's health is worked out once, and one that is being worked out is a loop. */
interface Session {
  readonly circumstances: Circumstances;
  readonly groupHealth: Map<RecordGroup, boolean | 'pending'>;
}

function decideAt(group: RecordGroup, session: Session, depth: number): Decision {
  const sets: readonly RecordSet[] = group.sets;
  const health = new Map<object, SetHealth>(sets.map((set) => [set, healthOfSet(set, session)]));
  const choice = choose(group, health, session.circumstances);
  const considered = sets.map((set): Standing => {
    const note = choice.notes.get(set);
    const setHealth = health.get(set);
    if (!note || !setHealth) throw new Error(`${group.name} ${group.type}: the policy has no word on a set`);
    const standing = choice.chosen.includes(set) ? 'chosen' : note.eligible ? 'eligible' : 'out';
    const measure = note.measure === undefined ? {} : { measure: note.measure };
    return { set, health: setHealth, standing, share: note.share, why: note.why, ...measure };
  });
  const [first] = choice.chosen;
  const branch = first && branchOf(first, session, depth);
  const below = branch?.kind === 'group' || branch?.kind === 'policy' ? branch.decision.dependsOnLocation : false;
  return {
    group,
    considered,
    chosen: choice.chosen,
    failOpen: choice.failOpen,
    ...(choice.draw === undefined ? {} : { draw: choice.draw }),
    ...(branch === undefined ? {} : { branch }),
    dependsOnLocation: BY_LOCATION.has(group.policy) || below,
    reasons: choice.reasons,
  };
}

function choose(group: RecordGroup, health: ReadonlyMap<object, SetHealth>, circumstances: Circumstances): Choice {
  const random = () => circumstances.random();
  switch (group.policy) {
    case 'simple':
      return chooseSimple(candidatesOf(group.sets, health));
    case 'weighted':
      return chooseWeighted(candidatesOf(group.sets, health), random);
    case 'latency':
      return chooseLatency(candidatesOf(group.sets, health), circumstances);
    case 'failover':
      return chooseFailover(candidatesOf(group.sets, health));
    case 'geolocation':
      return chooseGeolocation(candidatesOf(group.sets, health), circumstances.place);
    case 'geoproximity':
      return chooseGeoproximity(candidatesOf(group.sets, health), circumstances.place);
    case 'multivalue':
      return chooseMultivalue(candidatesOf(group.sets, health), random);
    case 'ip-based':
      return chooseIpBased(candidatesOf(group.sets, health), circumstances);
  }
}

function candidatesOf<P extends Policy>(sets: readonly RecordSet<P>[], health: ReadonlyMap<object, SetHealth>): Candidate<P>[] {
  return sets.map((set) => {
    const found = health.get(set);
    if (!found) throw new Error('every set has its health');
    return { set, health: found };
  });
}

const HEALTH_PAGE = 'Developer Guide, health-checks-how-route-53-chooses-records';

/** A set is healthy without a health check, else as its check says; an alias may have to follow its target as well. */
function healthOfSet(set: RecordSet, session: Session): SetHealth {
  if (set.healthCheckId !== undefined) {
    const verdict = session.circumstances.healthOf(set.healthCheckId);
    const followsTarget = set.content.kind === 'alias' && set.content.target.evaluateTargetHealth;
    if (!verdict.healthy || !followsTarget)
      return { healthy: verdict.healthy, reason: reason('health-check', verdict.why, HEALTH_PAGE) };
  }
  if (set.content.kind !== 'alias')
    return { healthy: true, reason: reason('no-health-check', 'No health check: counts as healthy', HEALTH_PAGE) };
  const { target } = set.content;
  if (target.evaluateTargetHealth) return healthOfTarget(set, target, session);
  const text = 'The target’s health is not evaluated: counts as healthy';
  return { healthy: true, reason: reason('target-not-evaluated', text, 'API Reference, AliasTarget') };
}

/** An alias that evaluates target health is healthy when one record of the target is, or the resource is. */
function healthOfTarget(set: RecordSet, target: AliasTarget, session: Session): SetHealth {
  const { circumstances } = session;
  const say = (healthy: boolean, rule: string, text: string): SetHealth => ({
    healthy,
    reason: reason(rule, text, 'API Reference, AliasTarget'),
  });
  if (!pointsIntoZone(target, circumstances.zone)) {
    const resource = circumstances.resourceOf(target);
    const healthy = resourceHealthy(resource);
    return say(healthy, 'target-health', `The ${resource.service} behind it is ${healthy ? 'healthy' : 'unhealthy'}`);
  }
  const group = groupAt(circumstances.zone.records, target.dnsName, set.type);
  const shown = `${serviceName(target.dnsName)} ${set.type}`;
  if (!group) return say(false, 'target-missing', `There is no ${shown}`);
  const healthy = groupHealthy(group, session);
  if (healthy === 'pending') return say(false, 'alias-loop', `The alias records of ${shown} lead in a circle`);
  return say(
    healthy,
    'target-health',
    healthy ? `At least one record of ${shown} is healthy` : `No record of ${shown} is healthy`,
  );
}

function groupHealthy(group: RecordGroup, session: Session): boolean | 'pending' {
  const known = session.groupHealth.get(group);
  if (known !== undefined) return known;
  session.groupHealth.set(group, 'pending');
  const sets: readonly RecordSet[] = group.sets;
  const healthy = sets.some((set) => healthOfSet(set, session).healthy);
  session.groupHealth.set(group, healthy);
  return healthy;
}

function branchOf(set: RecordSet, session: Session, depth: number): Branch | undefined {
  const { content } = set;
  const { circumstances } = session;
  if (content.kind === 'values') return undefined;
  if (depth >= MAX_DEPTH) return { kind: 'loop' };
  if (content.kind === 'policy-record') {
    const made = circumstances.policyRecordsOf?.(content.trafficPolicyInstanceId);
    if (!made) return { kind: 'missing', what: `traffic policy instance ${content.trafficPolicyInstanceId}` };
    const inside: Circumstances = { ...circumstances, zone: { ...circumstances.zone, records: made.records } };
    return { kind: 'policy', decision: decideAt(made.root, { circumstances: inside, groupHealth: new Map() }, depth + 1) };
  }
  const { target } = content;
  if (!pointsIntoZone(target, circumstances.zone)) return { kind: 'resource', resource: circumstances.resourceOf(target) };
  const group = groupAt(circumstances.zone.records, target.dnsName, set.type);
  if (!group) return { kind: 'missing', what: `${serviceName(target.dnsName)} ${set.type}` };
  return { kind: 'group', decision: decideAt(group, session, depth + 1) };
}
