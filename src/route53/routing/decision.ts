/** What a routing policy decided and why: every record that was considered, its standing, the draw, the rule. */

import type { Cidr } from '../../base/address.ts';
import type { Reason } from '../../base/reason.ts';
import type { Name } from '../../dns/name.ts';
import type { AliasResource } from '../aliases.ts';
import type { Asker, Place } from '../places/location.ts';
import type { LatencyTable } from '../places/regions.ts';
import type { AliasTarget, RecordGroup, RecordSet } from '../records.ts';
import type { RecordTable } from '../table.ts';
import type { CidrCollection } from './cidr.ts';

/** What a decision depends on besides the records. All of it is as it was last known: nothing is probed when asked. */
export interface Circumstances {
  readonly zone: ZoneView;
  readonly asker: Asker;
  /** Where the asker is; absent when the address is not mapped. */
  readonly place?: Place;
  healthOf(healthCheckId: string): HealthVerdict;
  /** The resource behind an alias to a service; one that stands in when this world has none. */
  resourceOf(target: AliasTarget): AliasResource;
  /** Measured round-trip times, where there are some. */
  readonly latencies?: LatencyTable;
  collectionOf(collectionId: string): CidrCollection | undefined;
  /** The records that a traffic policy made, hidden from the zone's list; undefined for an instance that is not known. */
  policyRecordsOf?(trafficPolicyInstanceId: string): { readonly root: RecordGroup; readonly records: RecordTable } | undefined;
  /** From 0 up to, not including, 1. */
  random(): number;
}

/** The zone in which aliases look for their targets. Without an id any id that is no service's is the zone's own. */
export interface ZoneView {
  readonly id?: string;
  readonly name: Name;
  readonly records: RecordTable;
}

/** The last known state of a health check, as the name servers have it. */
export interface HealthVerdict {
  readonly healthy: boolean;
  /** In words: "2 of 16 checkers say healthy", "no such check here: counts as healthy". */
  readonly why: string;
}

/** Whether a set counts as healthy, and why (Developer Guide, health-checks-how-route-53-chooses-records). */
export interface SetHealth {
  readonly healthy: boolean;
  readonly reason: Reason;
}

export interface Decision {
  readonly group: RecordGroup;
  /** Every set of the group, in its order. */
  readonly considered: readonly Standing[];
  /** What is given out: one set, up to eight of a multivalue group, none when the policy finds nothing for this asker. */
  readonly chosen: readonly RecordSet[];
  /** No set is healthy, so all count as healthy. */
  readonly failOpen: boolean;
  /** Present when chance decided. */
  readonly draw?: Draw;
  /** Present when the chosen set has no values of its own. */
  readonly branch?: Branch;
  /** Whether the answer depends on where the asker is, here or further down: then it is good for that network only. */
  readonly dependsOnLocation: boolean;
  readonly reasons: readonly Reason[];
}

/** One set among those that were considered. */
export interface Standing {
  readonly set: RecordSet;
  readonly health: SetHealth;
  /** Given out; could have been; or cannot be, now, for this asker. */
  readonly standing: 'chosen' | 'eligible' | 'out';
  /** How likely this asker is to get it, 0 to 1. */
  readonly share: number;
  /** Why it stands so: a short clause. */
  readonly why: string;
  readonly measure?: Measure;
}

/** The figure by which a policy compares sets. */
export type Measure =
  | { readonly kind: 'weight'; readonly weight: number }
  | { readonly kind: 'latency'; readonly milliseconds: number }
  | { readonly kind: 'distance'; readonly kilometres: number /** After the bias. */; readonly biased: number }
  | { readonly kind: 'block'; readonly block: Cidr }
  | { readonly kind: 'place'; readonly place: 'subdivision' | 'country' | 'continent' | 'default' };

/** A draw by lot. */
export interface Draw {
  /** From 0 up to, not including, `total`. */
  readonly drawn: number;
  readonly total: number;
  /** Which stretch of the total belongs to which set. */
  readonly stretches: readonly { readonly set: RecordSet; readonly from: number; readonly to: number }[];
}

/** Where a set without values leads. */
export type Branch =
  | { readonly kind: 'group'; readonly decision: Decision }
  | { readonly kind: 'resource'; readonly resource: AliasResource }
  /** A traffic policy's tree. */
  | { readonly kind: 'policy'; readonly decision: Decision }
  /** The target is not in the zone, or the policy record is not known. */
  | { readonly kind: 'missing'; readonly what: string }
  /** Aliases that lead in a circle, or on and on. */
  | { readonly kind: 'loop' };

/** The last decision of a tree: the one whose sets have the values. */
export function leafOf(decision: Decision): Decision {
  const { branch } = decision;
  return branch?.kind === 'group' || branch?.kind === 'policy' ? leafOf(branch.decision) : decision;
}
