/** What Route 53 takes but the documentation advises against: hints beside a form, never refusals. */
import type { Reason } from '../base/reason.ts';
import { reason } from '../base/reason.ts';
import { sameName } from '../dns/name.ts';
import type { AliasResource } from './aliases.ts';
import { serviceName } from './names.ts';
import type { RecordGroup, RecordSet } from './records.ts';

/** Seconds: the range that is recommended, and the most beside a health check (best-practices-dns). */
const RECOMMENDED_TTL = { least: 60, most: 172_800 };
const CHECKED_TTL = 60;

/** Hints on a group of records; `resourceOf` knows the resources behind alias records, where there are some. */
export function adviceOn(
  group: RecordGroup,
  resourceOf: (set: RecordSet) => AliasResource | undefined = () => undefined,
): Reason[] {
  const sets: readonly RecordSet[] = group.sets;
  return [
    ...sets.flatMap((set) => [...adviceOnTtl(set), ...adviceOnValues(set), ...adviceOnAlias(set, resourceOf(set))]),
    ...adviceOnGroup(group),
  ];
}

function adviceOnTtl({ content, healthCheckId }: RecordSet): Reason[] {
  if (content.kind !== 'values') return [];
  const page = 'Developer Guide, best-practices-dns';
  if (healthCheckId !== undefined && content.ttl > CHECKED_TTL)
    return [
      reason(
        'ttl-with-health-check',
        `With a health check a TTL of at most ${CHECKED_TTL} lets clients notice a failover soon; this one is ${content.ttl}`,
        page,
      ),
    ];
  if (content.ttl >= RECOMMENDED_TTL.least && content.ttl <= RECOMMENDED_TTL.most) return [];
  return [
    reason(
      'ttl-range',
      `A TTL from ${RECOMMENDED_TTL.least} to ${RECOMMENDED_TTL.most} is recommended; this one is ${content.ttl}`,
      page,
    ),
  ];
}

function adviceOnValues({ type, routing, content }: RecordSet): Reason[] {
  const hints: Reason[] = [];
  if (type === 'SPF')
    hints.push(reason('spf-type', 'Type SPF is no longer read: use a TXT record', 'Developer Guide, ResourceRecordTypes'));
  if (content.kind === 'values' && content.values.length > 1 && ONE_VALUE.has(routing.policy))
    hints.push(
      reason(
        'several-values',
        `A ${routing.policy} record should have one value; all ${content.values.length} are given out together`,
        'API Reference, ResourceRecordSet',
      ),
    );
  return hints;
}

const ONE_VALUE: ReadonlySet<string> = new Set(['weighted', 'latency', 'multivalue']);

function adviceOnAlias(set: RecordSet, resource: AliasResource | undefined): Reason[] {
  if (!resource?.accepts || resource.accepts.some((name) => sameName(name, set.name))) return [];
  const what =
    resource.service === 'S3 website'
      ? 'The bucket’s name must equal the record’s'
      : `The ${resource.service} must know the record’s name`;
  return [
    reason(
      'alias-name',
      `${what}: ${serviceName(set.name)} is not among its names`,
      'Developer Guide, resource-record-sets-values-alias-common',
    ),
  ];
}

function adviceOnGroup(group: RecordGroup): Reason[] {
  switch (group.policy) {
    case 'geolocation':
      return group.sets.some(({ routing }) => routing.geoLocation.kind === 'default') ? [] : [NO_DEFAULT];
    case 'ip-based':
      return group.sets.some(({ routing }) => routing.cidrRoutingConfig.locationName === '*') ? [] : [NO_LOCATION];
    case 'failover': {
      const isUnchecked = group.sets.some(
        ({ routing, healthCheckId, content }) =>
          routing.failover === 'PRIMARY' && healthCheckId === undefined && content.kind === 'values',
      );
      return isUnchecked ? [PRIMARY_UNCHECKED] : [];
    }
    case 'weighted': {
      const hasAlias = group.sets.some(({ content }) => content.kind === 'alias');
      const odd = group.sets.some(({ content }) => content.kind === 'values' && content.ttl !== 60);
      return hasAlias && odd ? [MIXED_TTL] : [];
    }
    case 'simple':
      return group.sets.some(({ healthCheckId }) => healthCheckId !== undefined) ? [LONE_HEALTH_CHECK] : [];
    default:
      return [];
  }
}

const NO_DEFAULT = reason(
  'no-default',
  'Without a default location, askers from elsewhere get an empty answer',
  'Developer Guide, routing-policy-geo',
);
const NO_LOCATION = reason(
  'no-default',
  'Without the location *, askers from other networks get an empty answer',
  'Developer Guide, routing-policy-ipbased',
);
const PRIMARY_UNCHECKED = reason(
  'primary-unchecked',
  'A primary without a health check counts as healthy: the secondary is never used',
  'Developer Guide, dns-failover-types',
);
const MIXED_TTL = reason(
  'mixed-ttl',
  'Beside alias records to load balancers, plain records need TTL 60, or the weights are distorted',
  'API Reference, ResourceRecordSet',
);
const LONE_HEALTH_CHECK = reason(
  'lone-health-check',
  'A health check on a simple record changes nothing: it is given out anyway',
  'Developer Guide, dns-failover-problems',
);
