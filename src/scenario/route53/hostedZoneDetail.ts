/** What a trace says of a hosted zone beside its records: written with every change of the zone, read by whatever shows it. */
import type { Instant } from '../../base/time.ts';
import type { writeRecordSets } from '../../route53/formats/recordSets.ts';
import type { VpcReference } from '../../route53/hostedZone.ts';
import type { dnssecDocument } from '../../route53/signing.ts';
import type { ZoneChange } from '../../trace/trace.ts';

/** The `detail` of a change of a hosted zone; a zone that is no hosted zone has none. */
export interface HostedZoneDetail {
  readonly key: string;
  readonly id: string;
  readonly private: boolean;
  /** The four names that it shows, with their final dots. */
  readonly nameServers: readonly string[];
  /** Of a private zone. */
  readonly vpcs?: readonly VpcReference[];
  /** A Lightsail zone. */
  readonly lightsail?: boolean;
  /** The zone is gone from this instant on. */
  readonly deleted?: boolean;
  /** As `list-resource-record-sets` prints it. */
  readonly document: ReturnType<typeof writeRecordSets>;
  /** As `get-dnssec` prints it; absent while the zone is not signed. */
  readonly dnssec?: ReturnType<typeof dnssecDocument>;
  readonly change: { readonly id: string; readonly comment?: string; readonly adoptedAt: readonly Instant[] };
}

export const hostedZoneDetail = ({ detail }: Pick<ZoneChange, 'detail'>): HostedZoneDetail | undefined =>
  detail as HostedZoneDetail | undefined;
