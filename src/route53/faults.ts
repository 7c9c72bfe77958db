/** What Route 53 refuses, with the code and text that the service returns and, beside it, what would be right. */
import type { Name } from '../dns/name.ts';
import type { JsonPath } from './formats/json.ts';
import { serviceName } from './names.ts';

/** Error codes of the services, as programs see them. */
export type ErrorCode =
  | 'AccessDenied'
  | 'CidrBlockInUseException'
  | 'CidrCollectionAlreadyExistsException'
  | 'CidrCollectionInUseException'
  | 'CidrCollectionVersionMismatchException'
  | 'ConflictingDomainExists'
  | 'ConflictingTypes'
  | 'DNSSECNotFound'
  | 'DelegationSetAlreadyCreated'
  | 'DelegationSetAlreadyReusable'
  | 'DelegationSetInUse'
  | 'DelegationSetNotAvailable'
  | 'HealthCheckAlreadyExists'
  | 'HealthCheckInUse'
  | 'HealthCheckVersionMismatch'
  | 'HostedZoneAlreadyExists'
  | 'HostedZoneNotEmpty'
  | 'InvalidArgument'
  | 'InvalidChangeBatch'
  | 'InvalidDomainName'
  | 'InvalidInput'
  | 'InvalidKeySigningKeyName'
  | 'InvalidKeySigningKeyStatus'
  | 'InvalidSigningStatus'
  | 'InvalidTrafficPolicyDocument'
  | 'InvalidVPCId'
  | 'KeySigningKeyAlreadyExists'
  | 'KeySigningKeyInParentDSRecord'
  | 'KeySigningKeyInUse'
  | 'LastVPCAssociation'
  | 'LimitsExceeded'
  | 'NoSuchChange'
  | 'NoSuchCidrCollectionException'
  | 'NoSuchDelegationSet'
  | 'NoSuchHealthCheck'
  | 'NoSuchHostedZone'
  | 'NoSuchKeySigningKey'
  | 'NoSuchTrafficPolicy'
  | 'NoSuchTrafficPolicyInstance'
  | 'PriorRequestNotComplete'
  | 'PublicZoneVPCAssociation'
  | 'Throttling'
  | 'TooManyHealthChecks'
  | 'TooManyHostedZones'
  | 'TooManyKeySigningKeys'
  | 'TooManyTrafficPolicies'
  | 'TooManyTrafficPolicyInstances'
  | 'TrafficPolicyAlreadyExists'
  | 'TrafficPolicyInUse'
  | 'TrafficPolicyInstanceAlreadyExists'
  | 'UnsupportedTLD'
  | 'VPCAssociationNotFound';

/** One thing that is wrong in what someone asked for. */
export interface Fault {
  readonly code: ErrorCode;
  /** As the service says it, without the brackets that `refusalText` adds. */
  readonly text: string;
  /** What would be right, so that it reads well after "expected". */
  readonly expected: string;
  /** Where in the request: `['Changes', 0, 'ResourceRecordSet', 'TTL']`; empty for the whole of it. */
  readonly path: JsonPath;
  /** Page of the documentation in which the rule stands. */
  readonly source: string;
}

/** A fault inside a part of a request, seen from the whole of it. */
export const within = (path: JsonPath, fault: Fault): Fault => ({ ...fault, path: [...path, ...fault.path] });

/**
 * The message that a client gets: the text of an InvalidChangeBatch stands in brackets, several are listed.
 * Without faults there is no message: do not ask for it.
 */
export function refusalText(faults: readonly Fault[]): string {
  const [first] = faults;
  if (!first) throw new Error('a refusal has at least one fault');
  if (first.code !== 'InvalidChangeBatch') return first.text;
  return `[${faults
    .filter((fault) => fault.code === first.code)
    .map((fault) => fault.text)
    .join(', ')}]`;
}

/** "RRSet with DNS name X., type A, SetIdentifier S": how the service names a set in its texts. */
export function setWords(name: Name, type: string, setIdentifier?: string): string {
  const tail = setIdentifier === undefined ? '' : `, SetIdentifier ${setIdentifier}`;
  return `RRSet with DNS name ${serviceName(name)}, type ${type}${tail}`;
}

/** "[name='X.', type='A']": how the service names a set that it tried to change. */
export function setBrackets(name: Name, type: string, setIdentifier?: string): string {
  const tail = setIdentifier === undefined ? '' : `, set identifier='${setIdentifier}'`;
  return `[name='${serviceName(name)}', type='${type}'${tail}]`;
}

/** The service's wrapper around what is wrong with a value or name. */
export const fatalText = (code: string, meaning: string, value: string): string =>
  `FATAL problem: ${code} (${meaning}) encountered with '${value}'`;
