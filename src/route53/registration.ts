/**
 * Domains: registered with Route 53 or moved to it, delegated by the registry, suspended or expired (Developer Guide,
 * welcome-domain-registration). Registrar, registry and DNS host are three jobs; a domain keeps the first two apart
 * from its hosted zone.
 */

import type { Address } from '../base/address.ts';
import type { Duration, Instant } from '../base/time.ts';
import { days, later } from '../base/time.ts';
import type { Name } from '../dns/name.ts';
import { isSubdomain, key, labels, parent, ROOT } from '../dns/name.ts';
import type { Account, AccountResult } from './account.ts';
import { createHostedZone, refused } from './account.ts';
import { serverAddresses, serverNumber } from './delegation.ts';
import type { Fault } from './faults.ts';
import type { HostedZone } from './hostedZone.ts';
import { nameServersOf } from './hostedZone.ts';
import { isNameFault, parseServiceName, serviceName } from './names.ts';

/** Domains per account, and name servers per domain (Developer Guide, DNSLimitations, domain-name-servers-glue-records). */
const MOST_DOMAINS = 20;
const MOST_NAME_SERVERS = 6;

const YEAR: Duration = days(365);
/** How long the contact's e-mail address may stay unverified (ICANN, WHOIS Accuracy Program Specification, 1(f)). */
export const VERIFY_WITHIN: Duration = days(15);
/** How long after a registration or transfer no transfer is possible (ICANN, Transfer Policy; domain-transfer-to-route-53). */
const TRANSFER_LOCK: Duration = days(60);
/** How long the present registrar has to object to a transfer; its silence is consent (ICANN, Transfer Policy). */
export const OBJECTION: Duration = days(5);

/** The EPP statuses that matter here. */
export type DomainStatus = 'ok' | 'clientHold' | 'clientTransferProhibited' | 'expired';

export interface Domain {
  readonly name: Name;
  readonly registrar: string;
  readonly registeredAt: Instant;
  readonly expiresAt: Instant;
  /** Whether the registrant's e-mail address was confirmed. */
  readonly verified: boolean;
  /** The registrant forbids moving to another registrar. */
  readonly transferLock: boolean;
  readonly nameServers: readonly Name[];
  /** When the registry has published `nameServers`; before that it says what `before` holds. */
  readonly publishedAt: Instant;
  /** The delegation that the registry gives out until then; none for a new domain. */
  readonly before: readonly Name[];
}

export interface DomainOrder {
  readonly name: string;
  readonly years: number;
  readonly at: Instant;
  /** How long the registry takes until it publishes. */
  readonly registryDelay: Duration;
}

const SOURCE = 'Developer Guide, domain-register';

/**
 * Registers a domain: a public hosted zone of its name comes with it, and its four servers go to the registry.
 * `taken` are the domains that somebody has already.
 */
export function registerDomain(
  account: Account,
  order: DomainOrder,
  taken: readonly Domain[],
  random: () => number,
): AccountResult<{ readonly domain: Domain; readonly zone: HostedZone }> {
  const read = registrableName(order.name);
  if (!read.ok) return read;
  const name = read.value;
  if (taken.some((domain) => key(domain.name) === key(name))) return unavailable(order.name);
  const own = taken.filter(({ registrar }) => registrar === REGISTRAR).length;
  if (own >= MOST_DOMAINS)
    return refused('LimitsExceeded', `Limit of ${MOST_DOMAINS} domains exceeded`, `at most ${MOST_DOMAINS} domains`, SOURCE);
  const made = createHostedZone(
    account,
    {
      name: serviceName(name),
      callerReference: `domain ${name} ${order.at}`,
      comment: 'HostedZone created by Route53 Registrar',
    },
    random,
  );
  if (!made.ok) return made;
  const domain: Domain = {
    name,
    registrar: REGISTRAR,
    registeredAt: order.at,
    expiresAt: later(order.at, (YEAR * order.years) as Duration),
    verified: false,
    transferLock: true,
    nameServers: nameServersOf(made.value),
    publishedAt: later(order.at, order.registryDelay),
    before: [],
  };
  return { ok: true, account: made.account, value: { domain, zone: made.value } };
}

/** Route 53 sells for two registrars; which of them does not matter here. */
export const REGISTRAR = 'Amazon Registrar';

type NameResult =
  | { readonly ok: true; readonly value: Name }
  | { readonly ok: false; readonly faults: readonly [Fault, ...Fault[]] };

/** That somebody has a name already. */
export const unavailable = (name: string): { readonly ok: false; readonly faults: readonly [Fault] } =>
  wrongName('InvalidInput', `${name} is not available`, 'a name that nobody has');

const wrongName = (code: Fault['code'], text: string, expected: string) =>
  ({ ok: false, faults: [{ code, text, expected, path: ['DomainName'], source: SOURCE }] }) as const;

/** Zones of two labels in which a registry sells names, beside the top-level domains (Developer Guide, registrar-tld-list). */
const SECOND_LEVEL: ReadonlySet<string> = new Set(['co.uk.', 'me.uk.', 'org.uk.']);

/** Whether names are sold in this zone. */
export const isRegistry = (zone: Name): boolean => zone !== ROOT && (parent(zone) === ROOT || SECOND_LEVEL.has(zone));

/** The name that one would have to register for `name` to exist: "blue-otter.com." of "www.blue-otter.com."; none of "com.". */
export function domainAbove(name: Name): Name | undefined {
  for (let at = name; at !== ROOT; at = parent(at)) if (!isRegistry(at) && isRegistry(parent(at))) return at;
  return undefined;
}

/**
 * Reads a name that a registry can sell: a-z, 0-9 and hyphens, none first or last in a label, one label below a registry's zone
 * (Developer Guide, DomainNameFormat). `sells` tells which zones have a registry in this world; all, unless told.
 */
export function registrableName(text: string, sells: (zone: Name) => boolean = () => true): NameResult {
  const name = parseServiceName(text.trim());
  if (isNameFault(name)) return wrongName('InvalidInput', `${text} cannot be registered`, `a domain name (${name.words})`);
  if (name === ROOT || isRegistry(name))
    return wrongName(
      'InvalidInput',
      `${text} cannot be registered: it belongs to a registry`,
      `a name below it, such as example.${name === ROOT ? 'com' : name.slice(0, -1)}`,
    );
  if (!labels(name).every((label) => /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label)))
    return wrongName(
      'InvalidInput',
      `${text} cannot be registered`,
      'a name of letters, digits and inner hyphens below a top-level domain',
    );
  const domain = domainAbove(name);
  if (domain !== name)
    return wrongName(
      'InvalidInput',
      `${text} cannot be registered: it lies below ${domain?.slice(0, -1)}`,
      `${domain?.slice(0, -1)}; names below it are records of its owner`,
    );
  const registry = parent(name);
  if (!sells(registry))
    return wrongName(
      'UnsupportedTLD',
      `The top-level domain .${registry.slice(0, -1)} is not sold here`,
      'a top-level domain whose registry is part of this Internet',
    );
  return { ok: true, value: name };
}

export type DomainResult =
  | { readonly ok: true; readonly value: Domain }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * The domain under Route 53's registrar: its name servers stay as they are, so that nothing goes out. `code` is the right
 * authorization code; any is, unless told.
 */
export function transferDomain(domain: Domain, at: Instant, authorization: string | undefined, code?: string): DomainResult {
  const page = 'Developer Guide, domain-transfer-to-route-53';
  if (domain.registrar === REGISTRAR)
    return refused('InvalidInput', `${plainName(domain)} is with Route 53 already`, 'a domain of another registrar', page);
  if (domain.transferLock)
    return refused(
      'InvalidInput',
      `${plainName(domain)} has the status clientTransferProhibited`,
      'the transfer lock to be taken off first',
      page,
    );
  if (at < later(domain.registeredAt, TRANSFER_LOCK))
    return refused(
      'InvalidInput',
      `${plainName(domain)} was registered less than 60 days ago`,
      '60 days after the registration',
      page,
    );
  if (authorization === undefined || authorization === '')
    return refused('InvalidInput', 'The authorization code is missing', 'the code that the present registrar gives out', page);
  if (code !== undefined && authorization !== code)
    return refused(
      'InvalidInput',
      'The authorization code that you entered is not valid',
      'the code that the present registrar gives out',
      page,
    );
  return { ok: true, value: changedHands(domain, at) };
}

/** "example.com": as texts about domains have it. */
const plainName = ({ name }: Domain): string => serviceName(name).slice(0, -1);

/** The domain from the moment of its transfer on: locked, and a year longer (Developer Guide, domain-transfer-to-route-53). */
export const changedHands = (domain: Domain, at: Instant): Domain => ({
  ...domain,
  registrar: REGISTRAR,
  registeredAt: at,
  expiresAt: later(domain.expiresAt, YEAR),
  transferLock: true,
});

/** Other name servers at the registry: they show when it has published them; caches keep the old ones up to two days. */
export function changeNameServers(
  domain: Domain,
  nameServers: readonly Name[],
  at: Instant,
  registryDelay: Duration,
): DomainResult {
  if (nameServers.length < 1 || nameServers.length > MOST_NAME_SERVERS)
    return refused(
      'InvalidInput',
      `A domain can have ${MOST_NAME_SERVERS} name servers`,
      `1 to ${MOST_NAME_SERVERS} name servers`,
      'Developer Guide, domain-name-servers-glue-records',
      ['Nameservers'],
    );
  return { ok: true, value: { ...domain, nameServers, before: delegationAt(domain, at), publishedAt: later(at, registryDelay) } };
}

/** Why the registry does or does not list a domain. */
export function statusAt(domain: Domain, now: Instant): DomainStatus {
  if (now >= domain.expiresAt) return 'expired';
  if (!domain.verified && now >= later(domain.registeredAt, VERIFY_WITHIN)) return 'clientHold';
  return domain.transferLock ? 'clientTransferProhibited' : 'ok';
}

/** The name servers that the registry gives out at `now`; none means that the TLD's servers say NXDOMAIN. */
export function delegationAt(domain: Domain, now: Instant): readonly Name[] {
  const status = statusAt(domain, now);
  if (status === 'clientHold' || status === 'expired') return [];
  return now >= domain.publishedAt ? domain.nameServers : domain.before;
}

/**
 * What keeps a zone from being found: the registry lists other servers than the zone has, or none. Undefined when all
 * is well (Developer Guide, hosted-zone-public-considerations).
 */
export function delegationProblem(zone: HostedZone, delegation: readonly Name[]): string | undefined {
  if (delegation.length === 0) return `The registry does not list ${serviceName(zone.name)}: nobody finds the zone`;
  const own = new Set(nameServersOf(zone).map(key));
  const listed = new Set(delegation.map(key));
  const strange = [...listed].filter((server) => !own.has(server));
  const missing = [...own].filter((server) => !listed.has(server));
  if (strange.length === 0 && missing.length === 0) return undefined;
  if (strange.length === listed.size)
    return `The registry lists other name servers than those of this zone, such as ${strange[0]}: the zone is never asked`;
  return `The registry and the zone do not name the same servers: ${[...strange, ...missing].join(', ')}`;
}

/** The glue that a registry gives with a delegation: addresses of Route 53 servers whose own name lies under its TLD. */
export function glueFor(
  tld: Name,
  nameServers: readonly Name[],
): readonly { readonly server: Name; readonly address: Address }[] {
  return nameServers.flatMap((server) => {
    const number = isSubdomain(server, tld) ? serverNumber(server) : undefined;
    return number === undefined ? [] : [{ server, address: serverAddresses(number).ipv4 }];
  });
}
