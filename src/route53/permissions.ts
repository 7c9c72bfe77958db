/** Who may change what: three roles, and the refusal that names the action that was missing (Developer Guide, access-control). */
import type { Fault } from './faults.ts';

/** Actions of the services, as policies name them. */
export const ACTIONS = [
  'route53:ListHostedZones',
  'route53:GetHostedZone',
  'route53:ListResourceRecordSets',
  'route53:GetChange',
  'route53:ListHealthChecks',
  'route53:GetHealthCheckStatus',
  'route53:ListCidrCollections',
  'route53:ListTrafficPolicies',
  'route53:GetDNSSEC',
  'route53:TestDNSAnswer',
  'route53:ChangeResourceRecordSets',
  'route53:CreateHostedZone',
  'route53:DeleteHostedZone',
  'route53:AssociateVPCWithHostedZone',
  'route53:DisassociateVPCFromHostedZone',
  'route53:CreateReusableDelegationSet',
  'route53:DeleteReusableDelegationSet',
  'route53:CreateHealthCheck',
  'route53:UpdateHealthCheck',
  'route53:DeleteHealthCheck',
  'route53:CreateCidrCollection',
  'route53:ChangeCidrCollection',
  'route53:DeleteCidrCollection',
  'route53:CreateTrafficPolicy',
  'route53:CreateTrafficPolicyVersion',
  'route53:DeleteTrafficPolicy',
  'route53:CreateTrafficPolicyInstance',
  'route53:UpdateTrafficPolicyInstance',
  'route53:DeleteTrafficPolicyInstance',
  'route53:EnableHostedZoneDNSSEC',
  'route53:DisableHostedZoneDNSSEC',
  'route53:CreateKeySigningKey',
  'route53:ActivateKeySigningKey',
  'route53:DeactivateKeySigningKey',
  'route53:DeleteKeySigningKey',
  'route53:CreateQueryLoggingConfig',
  'route53domains:RegisterDomain',
  'route53domains:TransferDomain',
  'route53domains:UpdateDomainNameservers',
  'route53domains:AssociateDelegationSignerToDomain',
  'route53domains:DisassociateDelegationSignerFromDomain',
  'route53resolver:CreateResolverRule',
  'route53resolver:CreateResolverEndpoint',
  'lightsail:GetDomain',
  'lightsail:CreateDomain',
  'lightsail:DeleteDomain',
  'lightsail:CreateDomainEntry',
  'lightsail:UpdateDomainEntry',
  'lightsail:DeleteDomainEntry',
] as const;

export type Action = (typeof ACTIONS)[number];

/** The roles of the simulated account, from all to little. */
export type Role = 'administrator' | 'zone editor' | 'reader';

/** Whoever does something. A zone editor may be kept to some zones; without a list, all are meant. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  readonly zoneIds?: readonly string[];
}

const isReading = (action: Action): boolean => /:(?:List|Get|Test)/.test(action);

/** What a zone editor may do besides reading: records, and the entries of Lightsail zones, not the zones themselves. */
const EDITING: ReadonlySet<Action> = new Set<Action>([
  'route53:ChangeResourceRecordSets',
  'lightsail:CreateDomainEntry',
  'lightsail:UpdateDomainEntry',
  'lightsail:DeleteDomainEntry',
]);

/** Sample account number of the documentation. */
const ACCOUNT = '111122223333';

/** Undefined when the person may do it; else AccessDenied with the missing action, as the services word it. */
export function checkPermission(person: Person, action: Action, zoneId?: string): Fault | undefined {
  if (person.role === 'administrator' || isReading(action)) return undefined;
  const mayEdit = person.role === 'zone editor' && EDITING.has(action);
  const inScope = zoneId === undefined || person.zoneIds === undefined || person.zoneIds.includes(zoneId);
  if (mayEdit && inScope) return undefined;
  const resource = zoneId === undefined ? '*' : `arn:aws:route53:::hostedzone/${zoneId}`;
  return {
    code: 'AccessDenied',
    text: `User: arn:aws:iam::${ACCOUNT}:user/${person.name} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    expected: `someone who may ${action}`,
    path: [],
    source: 'Developer Guide, access-control-overview',
  };
}
