/**
 * What a pattern may say: subjects, and the fields of each. Narration (`notes`) and expectations (`expect`) of a scenario speak
 * this one language; the schema of scenario files, its JSON Schema and its documentation are made from this table.
 *
 *     when: { message: { kind: referral, from: com } }
 *
 * picks the referrals that .com's servers send. A field holds one value, a list (any of them), or `{ not: … }`,
 * `{ min: …, max: … }`. Actors go by any of their names: a host's id ("ns-2048"), its role ("resolver"), or the zone that it is
 * asked about ("root", "com", "example.com").
 */

import type { Instant } from '../base/time.ts';
import type { TurnId } from './trace.ts';

/** One thing in the trace that a pattern can speak of. */
export interface Occurrence {
  readonly at: Instant;
  /** The turn with which it begins. */
  readonly turn: TurnId;
  /** How many effects of that turn come before it. */
  readonly effect: number;
  /** When it is over: a message when it has been read. */
  readonly until: Instant;
  /** The turn in which it is over. */
  readonly untilTurn: TurnId;
  /** Several values where a thing goes by several names. */
  readonly fields: { readonly [field: string]: FieldValue };
}

export type FieldValue = string | number | readonly (string | number)[] | undefined;

export interface FieldAbout {
  readonly kind: 'text' | 'number' | 'flag';
  readonly about: string;
}

const text = (about: string): FieldAbout => ({ kind: 'text', about });
const number = (about: string): FieldAbout => ({ kind: 'number', about });
const flag = (about: string): FieldAbout => ({ kind: 'flag', about });

/** Fields that every subject has. */
const COMMON = {
  visit: number('the visit it belongs to, counted from 1'),
  after: number('milliseconds since that visit began'),
  nth: number('which one among those that fit the other fields, counted from 1'),
};

const VISIT = {
  ...COMMON,
  number: number('counted from 1'),
  client: text('who asked'),
  rail: text('steps that happened'),
  outcome: text('page, error-page, answered, failed, delivered'),
  code: text('of an error page'),
  status: number('of the page'),
  rcode: text('of the response to the client'),
  address: number('milliseconds until the client has its answer'),
  shown: number('milliseconds until the page, or the error page, is shown'),
  dns: number('DNS messages'),
  queries: number('DNS queries'),
  upstream: number('queries that a resolver sent'),
  ids: number('different IDs among its queries'),
  requests: number('HTTP requests'),
  drawn: text('which records of Route 53 were given how often: "blue 69 times, green 31 times"'),
  at: text('the address that the page came from'),
};

/** Subjects and their fields. A flag of the header is 0 or 1. */
export const SUBJECTS = {
  message: {
    ...COMMON,
    kind: text(
      'query, referral, answer, cname, no-such-name, no-such-type, truncated, failure, http-request, http-response, smtp',
    ),
    protocol: text('dns, http, smtp'),
    transport: text('udp, tcp'),
    from: text('sender'),
    to: text('receiver'),
    step: number('the step it belongs to'),
    pass: number('which pass of that step'),
    purpose: text('name, cname, errand, key, retry, tcp, other-type'),
    name: text('the name in the question'),
    type: text('the type in the question'),
    rcode: text('NOERROR, NXDOMAIN, SERVFAIL …'),
    id: number('the ID in the header'),
    qr: flag('response'),
    aa: flag('authoritative answer'),
    tc: flag('truncated'),
    rd: flag('recursion desired'),
    ra: flag('recursion available'),
    ad: flag('authentic data'),
    cd: flag('checking disabled'),
    answer: number('records in the answer section'),
    authority: number('records in the authority section'),
    additional: number('records in the additional section, OPT included'),
    ns: number('NS records in the authority section'),
    glue: number('addresses in the additional section'),
    edns: number('the UDP size in the OPT record; 0 without one'),
    subnet: text('the client subnet in the OPT record: "198.18.2.0/24"'),
    scope: number('for how many bits of that subnet the response holds'),
    bytes: number('octets of the message'),
    ttl: number('TTL of the first answer record; of the SOA in a response that says no; of the NS in a referral'),
    minimum: number('the last field of the SOA, in a response that says no'),
    address: text('addresses in the answer section'),
    ttls: number('TTLs of the records in the answer section'),
    value: text('data of the records in the answer section, as a zone file has it'),
    types: text('types of the records in the answer section'),
    fate: text('delivered, lost, underway'),
    line: text('first line of an HTTP or SMTP message'),
    host: text('the Host that an HTTP request names'),
    zone: text('the zone that the server asked speaks for: "root", ".com", "example.com"'),
    cut: text('the zone that a referral leads to'),
  },
  packet: {
    ...COMMON,
    kind: text('as of a message, or tcp-syn, tcp-syn-ack, tcp-ack, tcp-fin, tcp-reset, tcp-again, copy'),
    transport: text('udp, tcp'),
    from: text('sender'),
    to: text('receiver'),
    family: number('4 or 6'),
    source: text('the address it comes from'),
    port: number('the port it is sent to'),
    bytes: number('octets of payload'),
    fate: text('delivered, lost, underway'),
    reason: text('the rule that lost it'),
    name: text('the name in the question it carries'),
    type: text('the type in the question it carries'),
  },
  state: {
    ...COMMON,
    machine: text('the chart: browser, stub, resolver, resolution, authoritative …'),
    state: text('the state entered, by its last name'),
    host: text('the host'),
  },
  decision: {
    ...COMMON,
    about: text('what was decided: classify, find …'),
    outcome: text('how it was decided'),
    rule: text('rules among its reasons'),
    host: text('the host'),
    seconds: number('seconds since the run began'),
    /** Of a Route 53 server's routing decision. */
    name: text('the name of the records it chose from'),
    policy: text('simple, weighted, latency, failover, geolocation, geoproximity, multivalue, ip-based'),
    chosen: text('the records given, by their set identifiers'),
    unhealthy: text('the unhealthy records, by their set identifiers'),
    share: number('how likely the record given was, in per cent'),
    figure: number('the figure of the record given: milliseconds, kilometres, weight'),
    second: number('the smallest figure among the others'),
    counted: number('kilometres after the bias'),
    block: text('the CIDR block that matched'),
  },
  kept: {
    ...COMMON,
    cache: text('whose cache'),
    kind: text('rrset, negative, failure, delegation'),
    name: text('owner name'),
    type: text('record type; ANY for a no that holds for all'),
    rcode: text('of a no'),
    ttl: number('seconds as stored'),
    trust: text('how far it is believed'),
    count: number('records'),
  },
  held: {
    ...COMMON,
    cache: text('whose cache, as it is searched in each visit'),
    kind: text('rrset, negative, failure, delegation'),
    name: text('owner name'),
    type: text('record type; ANY for a no that holds for all'),
    ttl: number('seconds as stored'),
    left: number('whole seconds left; 0 when expired'),
    expired: flag('it has run out'),
    count: number('records'),
  },
  step: {
    ...COMMON,
    number: number('1 to 9'),
    outcome: text('done, skipped, failed, pending'),
    because: text('what made it unneeded: browser-cache, answer, no-such-name, no-such-type, delegation, no-address …'),
    passes: number('how often it was gone through'),
    left: number('whole seconds that the cached thing still lives'),
    ttl: number('seconds as the cached thing was stored'),
  },
  timer: {
    ...COMMON,
    timer: text('the delay that ran out'),
    machine: text('the chart'),
    host: text('the host'),
    took: number('milliseconds it ran'),
  },
  stimulus: {
    ...COMMON,
    action: text('visit, ask, stop, drop …'),
    host: text('the host'),
    packets: number('packets that go back to it'),
  },
  visit: VISIT,
  /** The same, where it ends. */
  end: VISIT,
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldAbout>>>>;

export type Subject = keyof typeof SUBJECTS;
export const isSubject = (word: string): word is Subject => Object.hasOwn(SUBJECTS, word);
