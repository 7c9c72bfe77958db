/** Quotas and size limits of Route 53 and Lightsail: one table, so that a limit is written once. */

/** One limit: the number that counts, what it counts, and where it is written. */
export interface Limit {
  readonly most: number;
  /** What is counted, in plain words, plural. */
  readonly what: string;
  readonly source: string;
}

const limit = (most: number, what: string, source = 'Developer Guide, DNSLimitations'): Limit => ({ most, what, source });

export const LIMITS = {
  hostedZones: limit(500, 'hosted zones per account'),
  recordSets: limit(10_000, 'records per hosted zone'),
  valuesPerSet: limit(400, 'values in one record'),
  setsPerGroup: limit(100, 'records with the same name and type'),
  geoproximitySetsPerGroup: limit(30, 'geoproximity records with the same name and type'),
  cidrCollections: limit(5, 'CIDR collections per account'),
  cidrBlocks: limit(1_000, 'CIDR blocks per collection'),
  keySigningKeys: limit(2, 'key-signing keys per hosted zone'),
  vpcsPerZone: limit(300, 'VPCs per private hosted zone'),
  healthChecks: limit(200, 'health checks per account'),
  childHealthChecks: limit(255, 'children of a calculated health check'),
  trafficPolicies: limit(50, 'traffic policies per account'),
  trafficPolicyVersions: limit(1_000, 'versions of a traffic policy'),
  policyRecords: limit(5, 'policy records per account'),
  delegationSets: limit(100, 'reusable delegation sets per account'),
  zonesPerDelegationSet: limit(100, 'hosted zones per reusable delegation set'),
  changeElements: limit(1_000, 'values per change request, those of UPSERT counted twice'),
  changeCharacters: limit(32_000, 'characters in all values of a change request, those of UPSERT counted twice'),
  valueCharacters: limit(4_000, 'characters in one value', 'API Reference, RData'),
  characterString: limit(255, 'characters in one quoted string', 'Developer Guide, ResourceRecordTypes'),
  setIdentifier: limit(128, 'characters in a SetIdentifier', 'API Reference, ResourceRecordSetIdentifier'),
  weight: limit(255, 'the weight of a record', 'API Reference, ResourceRecordSetWeight'),
  ttl: limit(2_147_483_647, 'seconds of TTL', 'API Reference, TTL'),
  comment: limit(256, 'characters in a comment', 'API Reference, ResourceDescription'),
  callerReference: limit(128, 'characters in a CallerReference', 'API Reference, Nonce'),
  resourceId: limit(32, 'characters in an id', 'API Reference, ResourceId'),
  healthCheckId: limit(64, 'characters in a health check id', 'API Reference, HealthCheckId'),
  trafficPolicyDocument: limit(102_400, 'characters in a traffic policy document', 'API Reference, TrafficPolicyDocument'),
  multivalueAnswers: limit(8, 'records in one multivalue answer', 'Developer Guide, routing-policy-multivalue'),
  importedRecords: limit(1_000, 'records in one zone file import', 'Developer Guide, resource-record-sets-creating-import'),
  endpointAddresses: limit(6, 'addresses per Resolver endpoint'),
  lightsailZones: limit(6, 'Lightsail DNS zones', 'Lightsail Developer Guide, understanding-dns-in-amazon-lightsail'),
} as const satisfies Readonly<Record<string, Limit>>;
