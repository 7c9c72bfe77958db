/** Lines about whole hosted zones: created, deleted, tied to a VPC and untied. */
import { isSubdomain, type Name, sameName } from '../../dns/name.ts';
import { createHostedZone, deleteHostedZone } from '../../route53/account.ts';
import { DOCUMENTATION_SET } from '../../route53/delegation.ts';
import type { Fault } from '../../route53/faults.ts';
import { type HostedZone, newHostedZone } from '../../route53/hostedZone.ts';
import { checkZoneCount, hostedZoneOf, isLightsail } from '../../route53/lightsail.ts';
import { associateVpc, disassociateVpc, type PrivateResult } from '../../route53/private.ts';
import { newest } from '../../route53/publication.ts';
import type { HostId } from '../../trace/trace.ts';
import type { LineOf } from '../schema.ts';
import { ZONE_SERVERS } from './holdings.ts';
import { closed, type Living, type LivingZone, opened, zoneCalled } from './living.ts';
import { type Judgement, noSuchZoneJudgement, ofZone, type Request } from './requests.ts';

/**
 * Creates a zone. One that is related to no other gets the servers that this world has, so that it can be delegated and
 * answers; a second one of a name, a parent or a child gets four others (API Reference, CreateHostedZone), which stand nowhere
 * here: nobody is sent to them.
 */
export function creating(
  { createZone, vpc: vpcId, lightsail }: LineOf<'createZone'>,
  living: Living,
  plainOrigins: () => readonly Name[],
): Request {
  const kind = lightsail ? 'Lightsail zone' : vpcId === undefined ? 'hosted zone' : 'private hosted zone';
  return {
    action: lightsail ? 'lightsail:CreateDomain' : 'route53:CreateHostedZone',
    stimulus: `create the ${kind} ${createZone}`,
    text: `${lightsail ? 'Lightsail' : 'Hosted'} zone ${createZone}`,
    judge(_at, random) {
      const vpc = vpcId === undefined ? undefined : living.vpcs.get(vpcId);
      if (vpcId !== undefined && !vpc) return { ok: false, faults: [noSuchVpc(vpcId)] };
      const tooMany = lightsail ? checkZoneCount([...living.account.zones.values()].filter(isLightsail).length) : undefined;
      if (tooMany) return { ok: false, faults: [tooMany] };
      const request = { name: createZone, callerReference: `${createZone} ${living.changes}`, ...(vpc ? { vpc } : {}) };
      const result = createHostedZone(living.account, request, random);
      if (!result.ok) return result;
      const plain = plainOrigins();
      const { zone, servers } = withServers(result.value, living, plain);
      const made =
        lightsail && zone.scope.kind === 'public'
          ? hostedZoneOf({ name: zone.name, entries: [] }, zone.scope.delegationSet, zone.id)
          : undefined;
      const whole = made?.ok ? made.zone : zone;
      const isTaken = zoneCalled(living, zone.name) !== undefined || plain.some((origin) => sameName(origin, zone.name));
      const key = isTaken ? zone.id : zone.name.slice(0, -1);
      return { ok: true, outcome: `created, with ${serversText(whole)}`, commit: opened(living, whole, servers, key) };
    },
  };
}

const noSuchVpc = (id: string): Fault => ({
  code: 'InvalidVPCId',
  text: `The VPC ID that you specified isn't a valid ID or the current account isn't authorized to access this VPC: ${id}`,
  expected: 'a VPC of this world',
  path: ['VPC'],
  source: 'API Reference, CreateHostedZone',
});

function withServers(zone: HostedZone, living: Living, plain: readonly Name[]): { zone: HostedZone; servers: readonly HostId[] } {
  if (zone.scope.kind === 'private') return { zone, servers: [] };
  const others = [...living.zones.values()].flatMap(({ publication }) => {
    const other = newest(publication);
    return other?.scope.kind === 'public' ? [other.name] : [];
  });
  const isRelated = [...others, ...plain].some((other) => isSubdomain(other, zone.name) || isSubdomain(zone.name, other));
  if (isRelated) return { zone, servers: [] };
  const { records: _records, ...frame } = zone;
  return {
    zone: newHostedZone({ ...frame, scope: { kind: 'public', delegationSet: DOCUMENTATION_SET } }),
    servers: ZONE_SERVERS,
  };
}

const serversText = (zone: HostedZone): string =>
  zone.scope.kind === 'public' ? zone.scope.delegationSet.nameServers.join(' ') : 'its VPC';

/** Deletes a zone; a Lightsail zone goes with its entries (Lightsail API Reference, DeleteDomain). */
export function deleting({ deleteZone }: LineOf<'deleteZone'>, living: Living): Request {
  const held = (): LivingZone | undefined => zoneCalled(living, deleteZone);
  return {
    action: () => (isLightsail(newest(held()?.publication ?? [])) ? 'lightsail:DeleteDomain' : 'route53:DeleteHostedZone'),
    zone: deleteZone,
    stimulus: `delete the hosted zone ${deleteZone}`,
    text: `Hosted zone ${deleteZone}`,
    judge(): Judgement {
      const found = held();
      const zone = found && newest(found.publication);
      if (!found || !zone) return noSuchZoneJudgement(deleteZone);
      if (isLightsail(zone)) return { ok: true, outcome: 'deleted', commit: closed(living, found) };
      const result = deleteHostedZone(living.account, found.id);
      return result.ok ? { ok: true, outcome: 'deleted', commit: closed(living, found) } : result;
    },
  };
}

/** Ties a VPC to a private zone: its Resolver answers from that zone from now on (API, AssociateVPCWithHostedZone). */
export function associating({ associate, vpc: vpcId }: LineOf<'associate'>, living: Living): Request {
  const about = {
    action: 'route53:AssociateVPCWithHostedZone' as const,
    stimulus: `tie the VPC ${vpcId} to the private hosted zone ${associate}`,
  };
  return ofZone(living, associate, about, (zone) => {
    const vpc = living.vpcs.get(vpcId);
    if (!vpc) return { ok: false, faults: [noSuchVpc(vpcId)] };
    return ofOne(associateVpc(zone, vpc, [...living.account.zones.values()]));
  });
}

/** Unties a VPC from a private zone (API, DisassociateVPCFromHostedZone). */
export const disassociating = ({ disassociate, vpc }: LineOf<'disassociate'>, living: Living): Request =>
  ofZone(
    living,
    disassociate,
    {
      action: 'route53:DisassociateVPCFromHostedZone',
      stimulus: `untie the VPC ${vpc} from the private hosted zone ${disassociate}`,
    },
    (zone) => ofOne(disassociateVpc(zone, vpc)),
  );

const ofOne = (result: PrivateResult) => (result.ok ? result : { ok: false as const, faults: [result.fault] });
