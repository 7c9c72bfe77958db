/**
 * How a change reaches the four name servers: PENDING until the last has it, then INSYNC, normally within a minute
 * (API Reference, ChangeResourceRecordSets, GetChange). Until then two servers may answer differently.
 */
import type { Duration, Instant } from '../base/time.ts';
import { between, later, seconds } from '../base/time.ts';
import type { Fault } from './faults.ts';
import type { HostedZone } from './hostedZone.ts';

/** Within this time all servers of a zone have a change. */
const PROPAGATION: Duration = seconds(60);

export interface ZoneChange {
  /** "C0EXAMPLE00000001". */
  readonly id: string;
  readonly comment?: string;
  readonly submittedAt: Instant;
  /** When each of the four servers has it. */
  readonly adoptedAt: readonly Instant[];
}

/** All versions of a zone, oldest first. */
export type Publication = readonly { readonly zone: HostedZone; readonly change: ZoneChange }[];

/**
 * Submits a version. Each server adopts it at a moment of its own within a minute, and none goes back behind a version
 * that it has. `random` gives four numbers, one per server; all zero makes it immediate.
 */
export function publish(
  publication: Publication,
  zone: HostedZone,
  change: { readonly id: string; readonly comment?: string; readonly at: Instant },
  random: () => number,
): Publication {
  const last = publication.at(-1)?.change.adoptedAt;
  const adoptedAt = [0, 1, 2, 3].map((server) => {
    const own = later(change.at, Math.round(random() * PROPAGATION) as Duration);
    const before = last?.[server];
    return before !== undefined && before > own ? before : own;
  });
  const comment = change.comment === undefined ? {} : { comment: change.comment };
  return [...publication, { zone, change: { id: change.id, ...comment, submittedAt: change.at, adoptedAt } }];
}

/** PENDING until every server has the change. */
export const statusOf = (change: ZoneChange, now: Instant): 'PENDING' | 'INSYNC' =>
  change.adoptedAt.every((at) => at <= now) ? 'INSYNC' : 'PENDING';

/** The version that a server (0 to 3) answers from; undefined before it has the first one. */
export const versionOn = (publication: Publication, server: number, now: Instant): HostedZone | undefined =>
  publication.findLast(({ change }) => (change.adoptedAt[server] ?? change.submittedAt) <= now)?.zone;

/** The newest version: what lists show, also while it is PENDING (API Reference, ListResourceRecordSets). */
export const newest = (publication: Publication): HostedZone | undefined => publication.at(-1)?.zone;

/** Requests that an account may make in a second (Developer Guide, DNSLimitations). */
const REQUESTS_PER_SECOND = 5;

/** The refusal of a request that comes too soon after others, `earlier` being their instants. */
export function throttled(earlier: readonly Instant[], now: Instant): Fault | undefined {
  const recent = earlier.filter((at) => between(at, now) < seconds(1) && at <= now).length;
  if (recent < REQUESTS_PER_SECOND) return undefined;
  return {
    code: 'Throttling',
    text: 'Rate exceeded',
    expected: `at most ${REQUESTS_PER_SECOND} requests in a second`,
    path: [],
    source: 'Developer Guide, DNSLimitations',
  };
}

/** The refusal of a change while the one before it is still being taken in, which lasts `processing`. */
export function priorRequestPending(publication: Publication, now: Instant, processing: Duration): Fault | undefined {
  const last = publication.at(-1)?.change.submittedAt;
  if (last === undefined || now >= later(last, processing)) return undefined;
  return {
    code: 'PriorRequestNotComplete',
    text: 'The request was rejected because Route 53 was still processing a prior request.',
    expected: 'the change before this one to be taken in',
    path: [],
    source: 'Developer Guide, DNSLimitations',
  };
}
