/** VPCs and offices: resolvers that answer for a house, hand questions on by rule, and walk from the root for all else. */
import type { HostDefinition } from '../../actors/host.ts';
import type { ResolverOptions } from '../../actors/resolver/host.ts';
import { houseHost } from '../../actors/resolver/house.ts';
import type { House } from '../../actors/resolver/houseresolver.ts';
import { type Address, address, contains, parseAddress } from '../../base/address.ts';
import { explained, reason } from '../../base/reason.ts';
import type { Message, Question } from '../../dns/message.ts';
import { response } from '../../dns/message.ts';
import { key, type Name, name as nameOf } from '../../dns/name.ts';
import { record } from '../../dns/record.ts';
import type { ForwardZone, StubZone } from '../../dns/resolve/settings.ts';
import { zoneFor, zoneResponder, zoneSet } from '../../dns/zone/respond.ts';
import type { Zone } from '../../dns/zone/zone.ts';
import { type HostedZone, isPrivate } from '../../route53/hostedZone.ts';
import { type ResolverRule, type Route, resolverAddress, routeFor, type Vpc } from '../../route53/private.ts';
import { newest } from '../../route53/publication.ts';
import { hostedZoneSet, respond } from '../../route53/respond.ts';
import { allSets } from '../../route53/table.ts';
import type { HostLine, World } from '../schema.ts';
import { entriesOf, readVpcs, ruleOf, type VpcLine } from './holdings.ts';
import { type Living, servicesOf } from './living.ts';

const many = (one: string | readonly string[] | undefined): string[] => [one ?? []].flat() as string[];

/** The Resolvers of VPCs as hosts: the address two above the base of the VPC first, then those of its endpoints. */
export function vpcLayer(layers: readonly World[]): World | undefined {
  const vpcs = readVpcs(layers, () => {});
  if (vpcs.size === 0) return undefined;
  const hosts = [...vpcs].map(([id, vpc]): [string, HostLine] => {
    const { title = `Resolver of ${id}`, place = 'provider', outbound, inbound, outside } = vpc.line;
    const addresses = [resolverAddress(vpc), ...many(outbound), ...many(inbound), ...many(outside)];
    return [id, { role: 'resolver', title, place, addresses, edns: 1232 }];
  });
  return { hosts: Object.fromEntries(hosts) };
}

/** Whom the clients of a VPC ask. */
export const clientAddress = (layers: readonly World[], id: string): Address | undefined => {
  const vpc = entriesOf(layers, 'vpcs').some(([known]) => known === id) ? readVpcs(layers, () => {}).get(id) : undefined;
  return vpc && resolverAddress(vpc);
};

type Options = Omit<ResolverOptions, 'addresses'> & { readonly addresses: readonly Address[] };

/** The Resolver of a VPC. */
export function vpcHost(options: Options, living: Living, vpc: Vpc & { readonly line: VpcLine }): HostDefinition {
  const { line } = vpc;
  const rules = (line.rules ?? []).map(ruleOf);
  const outside = line.outside === undefined ? [resolverAddress(vpc)] : [address(line.outside)];
  return houseHost({
    ...options,
    house: vpcHouse(living, vpc, rules),
    outbound: many(line.outbound).map((text) => address(text)),
    outside,
    forwardZones: rules.flatMap(forwardZone),
    stubZones: rules.flatMap((rule) => stubZone(rule, privateZones(living))),
  }) as HostDefinition;
}

const forwardZone = ({ type, domain, targets }: ResolverRule): ForwardZone[] =>
  type === 'FORWARD'
    ? [
        {
          zone: domain,
          servers: [{ addresses: targets.map((target) => target.address) }],
          first: false,
          tcp: false,
          noCache: false,
        },
      ]
    : [];

/** What a DELEGATE rule follows: the delegation that a private zone has at that name. */
function stubZone({ type, domain }: ResolverRule, zones: readonly HostedZone[]): StubZone[] {
  if (type !== 'DELEGATE') return [];
  const sets = zones.flatMap((zone) => [...allSets(zone.records)]);
  const dataIn = (owner: Name, wanted: string) =>
    sets
      .filter((set) => set.name === owner && set.type === wanted)
      .flatMap(({ content }) => (content.kind === 'values' ? content.values.map(({ data }) => data) : []));
  const servers = dataIn(domain, 'NS').flatMap((data) => ('nameServer' in data ? [data.nameServer] : []));
  const addresses = servers.flatMap((server) =>
    dataIn(key(server) as string as Name, 'A').flatMap((data) => ('address' in data ? [data.address] : [])),
  );
  return addresses.length === 0 ? [] : [{ zone: domain, servers: [{ addresses }], first: false, tcp: false, prime: false }];
}

const privateZones = (living: Living): HostedZone[] =>
  [...living.zones.values()].flatMap(({ publication }) => {
    const zone = newest(publication);
    return zone && isPrivate(zone) ? [zone] : [];
  });

function vpcHouse(living: Living, vpc: Vpc, rules: readonly ResolverRule[]): House {
  const routeOf = (question: Question) => routeFor({ vpc, zones: privateZones(living), rules }, question.name);
  return {
    way(question) {
      const { value, reasons } = routeOf(question);
      return { value: { kind: WAYS[value.kind], text: wayText(value) }, reasons };
    },
    answer(query, asking) {
      const [question] = query.question;
      const route = question && routeOf(question).value;
      if (route?.kind === 'private-zone')
        return respond(hostedZoneSet([route.zone]), servicesOf(living), query, { ...asking, vpcRegion: vpc.region });
      return explained(internalAnswer(query, vpc), reason('internal-name', 'The Resolver knows the names of the VPC itself.'));
    },
  };
}

const WAYS = { forward: 'forward', delegate: 'forward', 'private-zone': 'own', internal: 'own', recursive: 'internet' } as const;

function wayText(route: Route): string {
  switch (route.kind) {
    case 'forward':
      return `by the rule ${route.rule.name} to ${route.rule.targets.map((target) => target.address).join(', ')}`;
    case 'delegate':
      return `by the rule ${route.rule.name} to the name servers of ${route.rule.domain.slice(0, -1)}`;
    case 'private-zone':
      return `the private hosted zone ${route.zone.name.slice(0, -1)}`;
    case 'internal':
      return `a name of the VPC itself, below ${route.domain.slice(0, -1)}`;
    case 'recursive':
      return 'no rule and no zone: from the root';
  }
}

const INTERNAL_TTL = 60;

/** ip-10-0-0-44.eu-west-1.compute.internal, its reverse name, localhost; all else below does not exist. */
function internalAnswer(query: Message, vpc: Vpc): Message {
  const question = query.question[0] as Question;
  const { name, type } = question;
  const lower = name.toLowerCase();
  const domain = vpc.region === 'us-east-1' ? 'ec2.internal.' : `${vpc.region}.compute.internal.`;
  const forward = /^ip-(\d+)-(\d+)-(\d+)-(\d+)\./.exec(lower);
  const backward = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.$/.exec(lower);
  const inVpc = (text: string): Address | undefined => {
    const found = parseAddress(text);
    return found !== undefined && contains(vpc.cidr, found) ? found : undefined;
  };
  const at =
    lower === 'localhost.'
      ? address('127.0.0.1')
      : lower.endsWith(domain)
        ? inVpc((forward ?? []).slice(1).join('.'))
        : undefined;
  const back = inVpc((backward ?? []).slice(1).reverse().join('.'));
  if (at !== undefined)
    return response(query, { answer: type === 'A' ? [record(name, 'A', INTERNAL_TTL, { address: at })] : [] });
  if (back !== undefined) {
    const target = nameOf(`ip-${back.replaceAll('.', '-')}.${domain}`);
    return response(query, { answer: type === 'PTR' ? [record(name, 'PTR', INTERNAL_TTL, { target })] : [] });
  }
  return response(query, { rcode: 'NXDOMAIN' });
}

/** The resolver of an office, with zones of its own. */
export function officeHost(options: Options, zones: () => readonly Zone[]): HostDefinition {
  const zoneOf = (question: Question): Zone | undefined => zoneFor(zoneSet(zones()), question.name, question.type);
  const house: House = {
    way(question) {
      const zone = zoneOf(question);
      const text = zone ? `its own zone ${zone.origin.slice(0, -1)}` : 'no zone of its own: from the root';
      return explained({ kind: zone ? 'own' : 'internet', text }, reason(zone ? 'own-zone' : 'internet-resolver', text));
    },
    answer: (query, asking) => zoneResponder(zones())(query, asking),
  };
  return houseHost({
    ...options,
    house,
    outbound: [],
    outside: options.addresses,
    forwardZones: [],
    stubZones: [],
  }) as HostDefinition;
}
