/** Registering domains: the registrar's host, what lines order there, and what becomes of the registry's zone. */
import type { HostDefinition } from '../../actors/host.ts';
import { contact, VERIFICATION_TIMER } from '../../actors/servers/contact.ts';
import {
  type Order,
  REGISTRAR_CHANGES,
  REGISTRY_DROPS,
  REGISTRY_LISTS,
  type Registered,
  registrar,
  registration,
  ZONE_APPEARS,
} from '../../actors/servers/registrar.ts';
import type { World as ActorWorld, Reaction } from '../../actors/world.ts';
import { type Instant, milliseconds, minutes, parseDuration } from '../../base/time.ts';
import { bareName, type Name, name as nameOf, parent, ROOT, sameName } from '../../dns/name.ts';
import { dataText } from '../../dns/presentation.ts';
import type { DelegationSigner, RecordType, RRset } from '../../dns/record.ts';
import { createHostedZone } from '../../route53/account.ts';
import { DOCUMENTATION_SET } from '../../route53/delegation.ts';
import type { Fault } from '../../route53/faults.ts';
import { type HostedZone, newHostedZone } from '../../route53/hostedZone.ts';
import { noSuchKey } from '../../route53/keySigningKeys.ts';
import { newest } from '../../route53/publication.ts';
import { changedHands, OBJECTION } from '../../route53/registration.ts';
import { signersFor } from '../../route53/signing.ts';
import type { HostId, ZoneChange } from '../../trace/trace.ts';
import { zoneWord } from '../references.ts';
import type { Line, LineOf } from '../schema.ts';
import { DS_TTL, signerOf } from '../signing.ts';
import type { ZoneEdit } from '../zones.ts';
import { DOMAIN_ACTIONS } from './domainSchema.ts';
import { contactOf, type Domains, orderFaults, reserved } from './domains.ts';
import { ZONE_SERVERS } from './holdings.ts';
import { type Living, opened, zoneCalled } from './living.ts';

/** The host of registrar and registry. */
export const REGISTRAR_HOST: HostId = 'registrar';

/** The zones that are not Route 53's, the registries' among them. */
export interface PlainZones {
  edit(zone: string, edit: ZoneEdit): Omit<ZoneChange, 'at'> | undefined;
  /** What a zone has for a name, of one type; undefined when it has none. */
  setAt(zone: string, owner: string, type: RecordType): RRset | undefined;
  /** The zones that a server has besides hosted ones. */
  origins(host: HostId): readonly Name[];
}

const ACTIONS = ['ds', ...Object.keys(DOMAIN_ACTIONS)];

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
        machines: [registrar, registration, contact],
        instances: [{ path: REGISTRAR_HOST, machine: registrar.id, title: 'Registrar', input: { path: REGISTRAR_HOST } }],
        background: [VERIFICATION_TIMER],
      }
    : undefined;

/** Names that lines register: their zones are there later. */
export const registeredIn = (lines: readonly Line[]): string[] =>
  lines.flatMap((line) => ('register' in line ? [bareName(line.register)] : []));

/** What later lines call the zones that lines create. */
export const createdIn = (lines: readonly Line[]): string[] =>
  lines.flatMap((line) => ('createZone' in line ? [bareName(line.as ?? line.createZone)] : []));

/** The zone of the registry: the one above. */
export const registryOf = (domain: string): string => {
  const above = parent(nameOf(`${bareName(domain)}.`));
  return above === ROOT ? 'root' : zoneWord(above);
};

/** How long a registration takes unless told: a default of ours, of minutes. */
const TAKES = minutes(4);

export type OrderLine = LineOf<'register'> | LineOf<'delegate'> | LineOf<'transfer'> | LineOf<'ds'>;

/** Orders at the registrar: what is judged first, and what is handed over then. */
export function ordering(line: OrderLine, living: Living, domains: Domains) {
  const { domain, stimulus, ...ordered } = orderOf(line);
  const usual = 'transfer' in line ? OBJECTION : TAKES;
  const takes = (line.takes === undefined ? undefined : parseDuration(String(line.takes))) ?? usual;
  const who = 'register' in line ? { contact: contactOf(line) } : {};
  return {
    domain,
    stimulus,
    /** What speaks against it. */
    faults: (at: Instant): readonly Fault[] => [...orderFaults(line, domains, at), ...keyFaults(line, living)],
    hand(actors: ActorWorld): void {
      if ('register' in line) domains.put(domain, reserved(line, actors.at));
      const order: Order = { type: 'order', domain, ...ordered, ...('ds' in line ? signersOf(line, living) : {}), takes, ...who };
      actors.tell(REGISTRAR_HOST, REGISTRAR_HOST, order);
    },
  };
}

/** What else happens at registrars: undefined for a line that has nothing to do with them. */
export function registrarNews(line: Line, domains: Domains) {
  const news = (type: 'hold' | 'release' | 'verify' | 'unlock', name: string, text: (domain: string) => string) => {
    const domain = bareName(name);
    return {
      host: REGISTRAR_HOST,
      text: text(domain),
      apply(actors: ActorWorld): void {
        const held = domains.held(domain);
        if (type === 'unlock' && held) domains.put(domain, { ...held, transferLock: false });
        const event = { type, domain, ...(held ? { registrar: held.registrar } : {}) };
        actors.tell(REGISTRAR_HOST, REGISTRAR_HOST, event);
      },
    };
  };
  if ('hold' in line) return news('hold', line.hold, (domain) => `${domain} is not verified in time`);
  if ('release' in line) return news('release', line.release, (domain) => `${domain} is verified`);
  if ('verify' in line) return news('verify', line.verify, (domain) => `follow the link in the e-mail about ${domain}`);
  if ('unlock' in line) return news('unlock', line.unlock, (domain) => `take the transfer lock off ${domain}`);
  return undefined;
}

/** What a line orders, and how it is told. */
function orderOf(line: OrderLine): Pick<Order, 'domain' | 'kind' | 'servers'> & { stimulus: string } {
  if ('register' in line) {
    const domain = bareName(line.register);
    return { domain, kind: 'register', servers: [...DOCUMENTATION_SET.nameServers], stimulus: `order the name ${domain}` };
  }
  if ('delegate' in line) {
    const domain = bareName(line.delegate);
    const servers = line.to.map((server) => `${bareName(server)}.`);
    const stimulus = `have the registry list other name servers for ${domain}: ${servers.join(' ')}`;
    return { domain, kind: 'delegate', servers, stimulus };
  }
  if ('transfer' in line) {
    const domain = bareName(line.transfer);
    const stimulus = `order the transfer of ${domain} from its registrar to Route 53`;
    return { domain, kind: 'transfer', servers: [], stimulus };
  }
  const domain = bareName(line.ds);
  if (line.remove) {
    const stimulus = `have the registry take out the DS record of ${domain}`;
    return { domain, kind: 'ds', servers: [], stimulus };
  }
  const only = line.only === undefined ? '' : `: that of ${[line.only].flat().join(' and ')}`;
  return { domain, kind: 'ds', servers: [], stimulus: `have the registry list the DS record of ${domain}${only}` };
}

/** What the registry is to list: the keys are those that the zone has when the order is given. */
function signersOf(line: LineOf<'ds'>, living: Living): Pick<Order, 'signers'> {
  if (line.remove) return { signers: [] };
  const domain = bareName(line.ds);
  const ttl = line.ttl ?? DS_TTL;
  return { signers: signersToList(line, domain, living).map((data) => `${domain}. ${ttl} DS ${dataText('DS', data)}`) };
}

/** Keys that a line names and the zone does not have. */
function keyFaults(line: OrderLine, living: Living): readonly Fault[] {
  if (!('ds' in line) || line.only === undefined) return [];
  const there = newest(zoneCalled(living, bareName(line.ds))?.publication ?? [])?.signing?.keys.map(({ name }) => name) ?? [];
  return [line.only]
    .flat()
    .filter((name) => !there.includes(name))
    .map((name) => noSuchKey(name, there, 'Developer Guide, domain-configure-dnssec'));
}

/** The hashes of the keys that a line names, or else of those that the domain's hosted zone has or would get. */
function signersToList({ keys, only }: LineOf<'ds'>, domain: string, living: Living): DelegationSigner[] {
  const zone = newest(zoneCalled(living, domain)?.publication ?? []);
  const own =
    keys === undefined && zone?.signing
      ? signersFor(zone.name, zone.signing, only === undefined ? undefined : [only].flat())
      : [];
  return own.length > 0 ? own : [signerOf(nameOf(`${domain}.`), keys)];
}

/** What the registrations trigger. */
export function registryReactions(living: Living, plain: PlainZones, domains: Domains): [string, Reaction][] {
  const change = (actors: ActorWorld, zone: string, edit: ZoneEdit): void => {
    const changed = plain.edit(zone, edit);
    if (changed) actors.zoneChanged(changed);
  };
  const listing = ({ domain, servers }: Registered): string =>
    servers.map((server) => `${domain}. 172800 NS ${server}`).join('\n');
  return [
    [
      REGISTRAR_CHANGES,
      (actors, about) => {
        const { domain } = about as Registered;
        const held = domains.held(domain);
        if (held) domains.put(domain, changedHands(held, actors.at));
      },
    ],
    [ZONE_APPEARS, (actors, about) => zoneFor(living, (about as Registered).domain)(actors)],
    [
      REGISTRY_LISTS,
      (actors, about) => {
        const registered = about as Registered;
        const { domain, signers } = registered;
        const edit = signers?.length === 0 ? { remove: [`${domain}. DS`] } : { set: signers?.join('\n') ?? listing(registered) };
        change(actors, registryOf(domain), edit);
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
