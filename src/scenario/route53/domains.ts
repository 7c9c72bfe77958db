/** Domains as registrars know them: which can be had, which can be moved here, and who answers for them. */
import type { ContactInput } from '../../actors/servers/contact.ts';
import { days, type Instant, later, microseconds, parseDuration, START } from '../../base/time.ts';
import { bareName, type Name, name as nameOf } from '../../dns/name.ts';
import type { Fault } from '../../route53/faults.ts';
import {
  changeNameServers,
  type Domain,
  REGISTRAR,
  registrableName,
  transferDomain,
  unavailable,
  VERIFY_WITHIN,
} from '../../route53/registration.ts';
import type { LineOf, World } from '../schema.ts';
import { entriesOf } from './holdings.ts';

/** How old a domain of the world is unless told. */
const TWO_YEARS = days(730);

/** A domain, and the code with which it may be taken away. */
type Held = Domain & { readonly code?: string };

/** What the registrars of a world know. */
export interface Domains {
  /** A domain that is registered; undefined when nobody has it. */
  held(domain: string): Held | undefined;
  /** Whether a zone is a registry's in this world. */
  sells(zone: Name): boolean;
  /** Puts down what has become of a domain. */
  put(domain: string, held: Domain): void;
}

/** The domains of a world. `lists` tells whether a registry lists name servers for a name, `exists` whether there is a zone. */
export function newDomains(
  layers: readonly World[],
  lists: (domain: string) => boolean,
  exists: (zone: Name) => boolean,
): Domains {
  const told = new Map(entriesOf(layers, 'domains').map(([name, line]) => [bareName(name), line]));
  const known = new Map<string, Held>();
  const elsewhere = (domain: string): Held => {
    const { registrar = 'Another registrar', age, locked = true, code } = told.get(domain) ?? {};
    const old = (age === undefined ? undefined : parseDuration(String(age))) ?? TWO_YEARS;
    const registeredAt = later(START, microseconds(-old));
    return {
      name: nameOf(`${domain}.`),
      registrar,
      registeredAt,
      expiresAt: later(START, days(365)),
      verified: true,
      transferLock: locked,
      nameServers: [],
      publishedAt: registeredAt,
      before: [],
      ...(code === undefined ? {} : { code }),
    };
  };
  return {
    held: (domain) => known.get(domain) ?? (lists(domain) ? elsewhere(domain) : undefined),
    sells: exists,
    put: (domain, held) => void known.set(domain, held),
  };
}

const SOURCE = 'Domains API Reference, RegisterDomain';

const notRegistered = (domain: string): Fault => ({
  code: 'InvalidInput',
  text: `Domain ${domain} is not registered`,
  expected: 'a name that is registered',
  path: [],
  source: SOURCE,
});

/** What speaks against an order at an instant. */
export function orderFaults(
  line: LineOf<'register'> | LineOf<'delegate'> | LineOf<'transfer'> | LineOf<'ds'>,
  domains: Domains,
  at: Instant,
): readonly Fault[] {
  if ('register' in line) {
    const read = registrableName(line.register, domains.sells);
    if (!read.ok) return read.faults;
    const domain = bareName(line.register);
    return domains.held(domain) ? unavailable(domain).faults : [];
  }
  const domain = bareName('delegate' in line ? line.delegate : 'transfer' in line ? line.transfer : line.ds);
  const held = domains.held(domain);
  if (!held) return [notRegistered(domain)];
  if ('ds' in line) return [];
  const result =
    'delegate' in line
      ? changeNameServers(
          held,
          line.to.map((server) => nameOf(`${bareName(server)}.`)),
          at,
          microseconds(0),
        )
      : transferDomain(held, at, line.code, held.code);
  return result.ok ? [] : result.faults;
}

/** A domain as it stands from the order on, so that nobody else can have it. */
export const reserved = ({ register, years = 1, verified = true }: LineOf<'register'>, at: Instant): Domain => ({
  name: nameOf(`${bareName(register)}.`),
  registrar: REGISTRAR,
  registeredAt: at,
  expiresAt: later(at, days(365 * years)),
  verified,
  transferLock: true,
  nameServers: [],
  publishedAt: at,
  before: [],
});

/** Who answers for a name that is ordered. */
export const contactOf = ({
  register,
  contact,
  verified = true,
}: LineOf<'register'>): Omit<ContactInput, 'registration' | 'domain'> => ({
  address: contact ?? `owner@${bareName(register)}`,
  verified,
  within: VERIFY_WITHIN,
});
