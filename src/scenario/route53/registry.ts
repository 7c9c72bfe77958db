/** Registering domains: the registrar's host, what lines order there, and what becomes of the registry's zone. */
import type { HostDefinition } from '../../actors/host.ts';
import {
  type Order,
  REGISTRY_DROPS,
  REGISTRY_LISTS,
  type Registered,
  registrar,
  registration,
  ZONE_APPEARS,
} from '../../actors/servers/registrar.ts';
import type { World as ActorWorld, Reaction } from '../../actors/world.ts';
import { milliseconds, minutes, parseDuration } from '../../base/time.ts';
import { name as nameOf, parent, ROOT, sameName } from '../../dns/name.ts';
import { createHostedZone } from '../../route53/account.ts';
import { DOCUMENTATION_SET } from '../../route53/delegation.ts';
import type { Fault } from '../../route53/faults.ts';
import { type HostedZone, newHostedZone } from '../../route53/hostedzone.ts';
import { newest } from '../../route53/publication.ts';
import type { HostId, ZoneChange } from '../../trace/trace.ts';
import { zoneWord } from '../references.ts';
import type { Line, LineOf } from '../schema.ts';
import type { ZoneEdit } from '../zones.ts';
import { ZONE_SERVERS } from './holdings.ts';
import { type Living, opened } from './living.ts';

/** The host of registrar and registry. */
export const REGISTRAR_HOST: HostId = 'registrar';

/** The zones that are not Route 53's, the registries' among them. */
export interface PlainZones {
  edit(zone: string, edit: ZoneEdit): Omit<ZoneChange, 'at'> | undefined;
  /** Whether a zone lists name servers for a name. */
  lists(zone: string, owner: string): boolean;
}

const ACTIONS = ['register', 'delegate', 'hold', 'release'];

/** Undefined when no line has to do with it. */
export const registrarHost = (lines: readonly Line[]): HostDefinition | undefined =>
  lines.some((line) => ACTIONS.some((action) => action in line))
    ? {
        id: REGISTRAR_HOST,
        role: 'service',
        title: 'Registrar',
        addresses: [],
        place: 'tld',
        thinking: milliseconds(0),
        machines: [registrar, registration],
        instances: [{ path: REGISTRAR_HOST, machine: registrar.id, title: 'Registrar', input: { path: REGISTRAR_HOST } }],
      }
    : undefined;

/** Names that lines register: their zones are there later. */
export const registeredIn = (lines: readonly Line[]): string[] =>
  lines.flatMap((line) => ('register' in line ? [bare(line.register)] : []));

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The zone of the registry: the one above. */
const registryOf = (domain: string): string => {
  const above = parent(nameOf(`${bare(domain)}.`));
  return above === ROOT ? 'root' : zoneWord(above);
};

/** How long a registration takes unless told: a default of ours, of minutes. */
const TAKES = minutes(4);

/** Orders at the registrar: what is judged first, and what is handed over then. */
export function ordering(line: LineOf<'register'> | LineOf<'delegate'>, plain: PlainZones) {
  const isNew = 'register' in line;
  const domain = bare(isNew ? line.register : line.delegate);
  const servers = isNew ? [...DOCUMENTATION_SET.nameServers] : line.to.map((server) => `${bare(server)}.`);
  const takes = (line.takes === undefined ? undefined : parseDuration(String(line.takes))) ?? TAKES;
  const order: Order = { type: 'order', domain, kind: isNew ? 'register' : 'delegate', servers, takes };
  return {
    domain,
    stimulus: isNew
      ? `order the name ${domain}`
      : `have the registry list other name servers for ${domain}: ${servers.join(' ')}`,
    /** What speaks against it. */
    faults: (): readonly Fault[] => {
      const isListed = plain.lists(registryOf(domain), domain);
      if (isListed === !isNew) return [];
      const source = 'Domains API Reference, RegisterDomain';
      return [
        isNew
          ? {
              code: 'InvalidInput',
              text: `Domain ${domain} is not available`,
              expected: 'a name that nobody has',
              path: [],
              source,
            }
          : {
              code: 'InvalidInput',
              text: `Domain ${domain} is not registered`,
              expected: 'a name that is registered',
              path: [],
              source,
            },
      ];
    },
    hand: (actors: ActorWorld): void => actors.tell(REGISTRAR_HOST, REGISTRAR_HOST, order),
  };
}

/** What the registrations trigger. */
export function registryReactions(living: Living, plain: PlainZones): [string, Reaction][] {
  const change = (actors: ActorWorld, zone: string, edit: ZoneEdit): void => {
    const changed = plain.edit(zone, edit);
    if (changed) actors.zoneChanged(changed);
  };
  const listing = ({ domain, servers }: Registered): string =>
    servers.map((server) => `${domain}. 172800 NS ${server}`).join('\n');
  return [
    [ZONE_APPEARS, (actors, about) => zoneFor(living, (about as Registered).domain)(actors)],
    [
      REGISTRY_LISTS,
      (actors, about) => {
        const registered = about as Registered;
        change(actors, registryOf(registered.domain), { set: listing(registered) });
      },
    ],
    [
      REGISTRY_DROPS,
      (actors, about) => {
        const { domain } = about as Registered;
        change(actors, registryOf(domain), { remove: [`${domain}. NS`] });
      },
    ],
  ];
}

/** The hosted zone that comes with a registration: on the documentation set's servers, unless a zone of that name has them. */
function zoneFor(living: Living, domain: string): (actors: ActorWorld) => void {
  const name = nameOf(`${domain}.`);
  const zones = [...living.zones.values()].flatMap(({ publication }) => newest(publication) ?? []);
  if (zones.some((zone) => sameName(zone.name, name))) {
    // A second zone of a name gets other servers, which the registry does not list.
    const random = (): number => 0.5;
    const made = createHostedZone(living.account, { name: domain, callerReference: `registration of ${domain}` }, random);
    return made.ok ? opened(living, made.value, []) : () => {};
  }
  const zone: HostedZone = newHostedZone({
    id: `Z0SIMZONE0EXAMPLE${living.zones.size + 1}`,
    name,
    callerReference: `registration of ${domain}`,
    comment: 'HostedZone created by Route53 Registrar',
    scope: { kind: 'public', delegationSet: DOCUMENTATION_SET },
  });
  return opened(living, zone, ZONE_SERVERS);
}
