/** The Route 53 part of the scenario format: what an account holds at the start, and what people do in the console. */
import * as v from 'valibot';
import type { JsonObject } from '../../route53/formats/json.ts';
import { REGION_NAMES } from '../../route53/places/regions.ts';
import { signedOnline } from '../signing.ts';
import { when } from '../when.ts';
import {
  address,
  domainName,
  duration,
  leaf,
  list,
  mapping,
  named,
  oneOrMore,
  type Schema,
  text,
  whole,
  word,
  yes,
} from '../words.ts';
import { DOMAIN_ACTIONS, domain } from './domainSchema.ts';

const { optional } = v;

const isObject = (input: unknown): boolean => typeof input === 'object' && input !== null && !Array.isArray(input);

/** Data in the very shape of AWS's API. What stands in it is checked by the rules of the service, with the service's words. */
const inApiShape = (what: string, required: readonly string[]): Schema<JsonObject> =>
  leaf(what, isObject, { type: 'object', ...(required.length > 0 ? { required } : {}) });

const recordSet = inApiShape('a resource record set as the API has it ({ Name, Type, TTL, ResourceRecords … })', [
  'Name',
  'Type',
]);

/** A Lightsail domain entry. */
const entry = mapping({
  name: text('a name below the zone ("www"), or "@" for the zone itself'),
  type: word(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT']),
  target: text('where it leads ("192.0.2.44")'),
  isAlias: optional(yes('true or false')),
});

const hostedZone = mapping({
  /** When the key is another than the zone's name: a private zone beside the public one of the same name. */
  name: optional(domainName),
  id: optional(text('the id of the zone ("Z0SIMZONE0EXAMPLE1")')),
  /** Begin with the NS and SOA records only, even where the built-in world has a zone of this name. */
  replace: optional(yes('true or false')),
  servers: optional(list(text('a host'), 'a list of hosts')),
  /** Makes it a private zone. */
  vpcs: optional(oneOrMore(text('the id of a VPC'), 'a list of VPCs')),
  /** Sets given here take the place of all sets of the same name and type. */
  records: optional(list(recordSet, 'a list of resource record sets')),
  /** Whether it is signed with DNSSEC from the beginning, and the zone above vouches for its keys. */
  signed: optional(signedOnline),
  /** Makes it a Lightsail zone: entries in place of records, every TTL 60. */
  entries: optional(list(entry, 'a list of domain entries')),
  /** What the file that it came from said otherwise, or in fields that are not known here: an export gives it back. */
  brought: optional(inApiShape('what a file said besides', [])),
});

const healthCheck = mapping({
  config: inApiShape('a health check configuration as the API has it ({ Type, IPAddress, … })', ['Type']),
  name: optional(text('the Name tag')),
  /** A status from before, which no checker changes: nothing is probed. */
  known: optional(word(['healthy', 'unhealthy'])),
  /** The alarm that tells somebody. */
  alarm: optional(mapping({ after: optional(duration), tells: optional(text('who is told ("Ana")')) })),
});

const region = word(REGION_NAMES);

const resource = mapping({
  DNSName: domainName,
  addresses: optional(list(address, 'a list of addresses')),
  healthy: optional(yes('true or false')),
  /** Names that it takes: alternate domain names, custom domains, the bucket's name. */
  accepts: optional(list(domainName, 'a list of domain names')),
});

const rule = mapping({
  name: optional(text('the name of the rule')),
  domain: domainName,
  type: word(['FORWARD', 'SYSTEM', 'DELEGATE']),
  targets: optional(list(address, 'a list of addresses')),
});

const vpc = mapping({
  cidr: text('the block of the VPC ("10.0.0.0/16")'),
  region: optional(region),
  /** The Resolver's title on the map. */
  title: optional(text('what the Resolver is called on the map')),
  place: optional(text('where it stands')),
  /** Outbound endpoint: the addresses from which forwarded queries leave. */
  outbound: optional(oneOrMore(address, 'a list of addresses')),
  /** Inbound endpoint: addresses at which other networks ask this Resolver. */
  inbound: optional(oneOrMore(address, 'a list of addresses')),
  /** The address from which the Resolver asks on the Internet; its own unless told. */
  outside: optional(address),
  rules: optional(list(rule, 'a list of Resolver rules')),
});

const trafficPolicy = mapping({
  document: inApiShape('a traffic policy document', ['RecordType']),
  /** Names that use it, each a policy record. */
  records: optional(list(mapping({ name: domainName, ttl: optional(whole('a whole number of seconds')) }), 'a list of names')),
});

const person = mapping({
  role: word(['administrator', 'zone editor', 'reader']),
  zones: optional(list(text('a hosted zone'), 'a list of hosted zones')),
});

const latencies = named(
  leaf<Record<string, number>>(
    'a mapping from Region to milliseconds',
    (input) =>
      isObject(input) &&
      Object.entries(input as object).every(([key, ms]) => key in REGION_SET && typeof ms === 'number' && ms > 0),
    { type: 'object', propertyNames: { enum: REGION_NAMES }, additionalProperties: { type: 'number' } },
  ),
  'a mapping from city to milliseconds by Region',
);
const REGION_SET = Object.fromEntries(REGION_NAMES.map((name) => [name, true]));

const locations = named(list(text('a CIDR block'), 'a list of CIDR blocks'), 'a mapping from location to CIDR blocks');

/** What a world may say of Route 53. */
const keyName = text('the name of a key-signing key');

export const ROUTE53_WORLD = {
  hostedZones: optional(named(hostedZone, 'a mapping from hosted zone to what it holds')),
  healthChecks: optional(named(healthCheck, 'a mapping from health check to what it checks')),
  cidrCollections: optional(named(locations, 'a mapping from CIDR collection to its locations')),
  trafficPolicies: optional(named(trafficPolicy, 'a mapping from traffic policy to its document')),
  /** What alias records may point at. */
  resources: optional(named(resource, 'a mapping from resource to what it is')),
  /** Round-trip times as Route 53 has measured them, in milliseconds. */
  latencies: optional(latencies),
  vpcs: optional(named(vpc, 'a mapping from VPC to what it is')),
  /** Domains that other registrars have. */
  domains: optional(named(domain, 'a mapping from domain to what its registrar knows of it')),
  people: optional(named(person, 'a mapping from person to what they may do')),
  /** Within what time a change reaches all name servers: 60 s unless told. */
  inSync: optional(duration),
};

const by = optional(text('who does it: one of `people`, or a role; an administrator unless told'));
const delegation = { takes: optional(duration) };

/** What people do in the console, and what happens to the services, by verb. */
export const ROUTE53_ACTIONS = {
  /** A change batch, as `aws route53 change-resource-record-sets` takes it. */
  change: mapping({
    ...when,
    change: text('a hosted zone'),
    Changes: list(inApiShape('a change ({ Action, ResourceRecordSet })', ['Action', 'ResourceRecordSet']), 'a list of changes'),
    Comment: optional(text('a comment')),
    by,
  }),
  /** Undoes the last change of a hosted zone that was accepted. */
  undo: mapping({ ...when, undo: text('a hosted zone'), by }),
  createZone: mapping({
    ...when,
    createZone: domainName,
    vpc: optional(text('a VPC: makes it private')),
    as: optional(text('what later lines call it, when there is another of that name')),
    lightsail: optional(yes('true or false: makes it a Lightsail zone')),
    by,
  }),
  deleteZone: mapping({ ...when, deleteZone: text('a hosted zone'), by }),
  /** Has one more VPC see a private zone. */
  associate: mapping({ ...when, associate: text('a private hosted zone'), vpc: text('the id of a VPC'), by }),
  /** Has a VPC see a private zone no longer. */
  disassociate: mapping({ ...when, disassociate: text('a private hosted zone'), vpc: text('the id of a VPC'), by }),
  /** Changes the entries of a Lightsail zone: those of the same name and type give way. */
  lightsail: mapping({
    ...when,
    lightsail: text('a Lightsail zone'),
    set: optional(list(entry, 'a list of domain entries')),
    remove: optional(list(text('a name and a type ("www A")'), 'a list, each a name and a type ("www A")')),
    by,
  }),
  /** Creates a health check, or changes it; without a configuration, deletes it. */
  check: mapping({ ...when, check: text('the id of a health check'), config: optional(healthCheck.entries.config), by }),
  /** Says what a health check finds that has no checkers: the state of an alarm, of a switch, or of one that is `known`. */
  health: mapping({
    ...when,
    health: oneOrMore(text('the id of a health check'), 'a list of health checks'),
    is: word(['healthy', 'unhealthy', 'without-data']),
  }),
  /** New measurements of latency. */
  measure: mapping({ ...when, measure: latencies }),
  /** Something behind alias records changes. */
  resource: mapping({
    ...when,
    resource: text('a resource'),
    addresses: optional(list(address, 'a list of addresses')),
    healthy: optional(yes('true or false')),
  }),
  collection: mapping({
    ...when,
    collection: text('a CIDR collection'),
    put: optional(locations),
    remove: optional(locations),
    /** The whole collection goes, once it has no blocks. */
    delete: optional(yes('true or false: whether the collection goes')),
    by,
  }),
  /** Creates a traffic policy or a version of it, and moves its policy records to that. */
  policy: mapping({
    ...when,
    policy: text('a traffic policy'),
    document: optional(trafficPolicy.entries.document),
    version: optional(whole('a whole number: the version to use', 1)),
    /** Names that use it from now on, each a policy record; and names that no longer do. With names, `version` is theirs only. */
    bind: trafficPolicy.entries.records,
    unbind: optional(list(domainName, 'a list of names')),
    /** Versions that go. Their numbers are never used again. */
    discard: optional(list(whole('a whole number: a version', 1), 'a list of versions')),
    by,
  }),
  /** Switches DNSSEC signing of a hosted zone on: it has keys from now on, and signs every answer. */
  sign: mapping({
    ...when,
    sign: text('a hosted zone'),
    keys: optional(text('a word that chooses the keys')),
    by,
  }),
  /** Switches DNSSEC signing of a hosted zone off. */
  unsign: mapping({ ...when, unsign: text('a hosted zone'), by }),
  /** Creates, activates, deactivates or deletes a key-signing key of a signed zone: one of the four. */
  signingKey: mapping({
    ...when,
    signingKey: text('a hosted zone'),
    create: optional(keyName),
    activate: optional(keyName),
    deactivate: optional(keyName),
    delete: optional(keyName),
    keys: optional(text('a word that chooses the key that is created; its name unless told')),
    status: optional(word(['ACTIVE', 'INACTIVE'])),
    by,
  }),
  /** Has the registry list DS records for a domain: the hashes of the keys that its zone has, or of another; or none. */
  ds: mapping({
    ...when,
    ds: domainName,
    /** Which of the zone's keys; the active ones unless told. */
    only: optional(oneOrMore(keyName, 'a list of key-signing keys')),
    keys: optional(text('a word that chooses the keys of which the registry has the hash')),
    ttl: optional(whole('a whole number of seconds: the TTL of the DS record')),
    remove: optional(yes('true or false: whether the DS record goes')),
    ...delegation,
    by,
  }),
  ...DOMAIN_ACTIONS,
} as const;
