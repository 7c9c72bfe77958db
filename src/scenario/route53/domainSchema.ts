/** The part of the scenario format that is about domains: who has them, and what people do at registrars. */
import * as v from 'valibot';
import { when } from '../when.ts';
import { domainName, duration, leaf, list, mapping, text, whole, yes } from '../words.ts';

const { optional } = v;

const emailAddress = leaf<string>(
  'an e-mail address ("ana@example.net")',
  (input) => typeof input === 'string' && /^[^@\s]+@[^@\s]+$/.test(input),
  { type: 'string', pattern: '^[^@\\s]+@[^@\\s]+$' },
);

/** What the present registrar knows of a domain that the world begins with. */
export const domain = mapping({
  registrar: optional(text('the registrar ("Registrar A")')),
  /** How long ago it was registered; two years unless told. */
  age: optional(duration),
  /** Whether it must be unlocked before it can be transferred; it must, unless told. */
  locked: optional(yes('true or false')),
  /** The authorization code; any is right unless told. */
  code: optional(text('the authorization code')),
});

const by = optional(text('who does it: one of `people`, or a role; an administrator unless told'));
const takes = optional(duration);

export const DOMAIN_ACTIONS = {
  /** Registers a domain name: a hosted zone appears, then the registry lists its servers. */
  register: mapping({
    ...when,
    register: domainName,
    years: optional(whole('a whole number of years, 1 to 10', 1, 10)),
    /** Who answers for it. */
    contact: optional(emailAddress),
    /** Whether that address is verified; it is unless told. If not, the domain is put on hold after 15 days. */
    verified: optional(yes('true or false')),
    takes,
    by,
  }),
  /** The contact of a domain follows the link in the registrar's e-mail. */
  verify: mapping({ ...when, verify: domainName }),
  /** Moves a domain here from another registrar; its name servers stay. `takes`: how long that one has to object, 5 days. */
  transfer: mapping({ ...when, transfer: domainName, code: optional(text('the authorization code')), takes, by }),
  /** The present registrar of a domain takes the transfer lock off. */
  unlock: mapping({ ...when, unlock: domainName }),
  /** Has the registry list other name servers for a domain. */
  delegate: mapping({
    ...when,
    delegate: domainName,
    to: list(domainName, 'a list of name servers'),
    takes,
    by,
  }),
  /** The registry takes a domain out of its zone (clientHold), or puts it back. */
  hold: mapping({ ...when, hold: domainName }),
  release: mapping({ ...when, release: domainName }),
} as const;
