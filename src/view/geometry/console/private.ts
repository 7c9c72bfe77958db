/**
 * The private side: what each VPC's Resolver may do with a name, which of it is the most specific match, and what one and the
 * same name is inside the VPC and outside.
 */
import { describeResponse } from '../../../actors/servers/describe.ts';
import { routeRecord } from '../../../actors/servers/describeRoute.ts';
import type { Address } from '../../../base/address.ts';
import type { Reason } from '../../../base/reason.ts';
import { between, formatDuration, type Instant, START } from '../../../base/time.ts';
import { type Question, query } from '../../../dns/message.ts';
import { isSubdomain, labelCount, type Name, sameName } from '../../../dns/name.ts';
import { isPrivate } from '../../../route53/hostedZone.ts';
import { isNameFault, parseServiceName } from '../../../route53/names.ts';
import { associateVpc, type ResolverRule, type Route, resolverAddress, routeFor, type Vpc } from '../../../route53/private.ts';
import { hostedZoneSet, respond, type ZoneServices } from '../../../route53/respond.ts';
import { ruleOf, type VpcLine } from '../../../scenario/route53/holdings.ts';
import { resolverLog } from '../../../scenario/route53/queryLog.ts';
import type { Scenario } from '../../../scenario/schema.ts';
import { draw } from '../../../sim/random.ts';
import { describeMessage } from '../../../trace/describe.ts';
import type { Trace } from '../../../trace/trace.ts';
import { holdingsOf } from '../zone/account.ts';
import { type AnswerSlip, storyOf } from '../zone/answer.ts';
import type { ShownZone } from '../zone/records.ts';

/** One thing that a Resolver may do, and for which names. */
export interface Way {
  readonly kind: 'forward' | 'delegate' | 'system' | 'private-zone' | 'automatic' | 'internet';
  /** "corp.example.net."; the root for what is left. */
  readonly domain: string;
  /** "FORWARD rule corp", "private hosted zone". */
  readonly what: string;
  /** "to 10.99.0.53 through 10.0.1.10". */
  readonly leads: string;
  /** How it stands to the name: the most specific that fits, one that fits, or none. */
  readonly fit: 'wins' | 'fits' | 'no';
}

export interface VpcPicture {
  readonly id: string;
  readonly cidr: string;
  readonly region: string;
  /** The address two above the base of the VPC. */
  readonly resolver: string;
  readonly inbound: readonly string[];
  readonly outbound: readonly string[];
  /** The words of the private zones that it sees. */
  readonly zones: readonly string[];
  readonly ways: readonly Way[];
  /** What the Resolver was asked last. */
  readonly last?: { readonly question: Question; readonly sentence: string };
  readonly reasons: readonly Reason[];
}

type HeldVpc = Vpc & { readonly line: VpcLine };

const many = (one: string | readonly string[] | undefined): readonly string[] =>
  one === undefined ? [] : ([one].flat() as string[]);

/** The VPCs of a scenario at an instant; `asked` takes the place of the last question. */
export function vpcPictures(
  trace: Trace,
  scenario: Scenario,
  zones: readonly ShownZone[],
  at: Instant,
  asked?: Name,
): VpcPicture[] {
  return [...holdingsOf(scenario).vpcs.values()].map((vpc) => {
    const last = lastQuestion(trace, vpc, at);
    const name = asked ?? last?.question.name;
    const route = name === undefined ? undefined : routeIn(vpc, zones, name);
    return {
      id: vpc.id,
      cidr: vpc.cidr,
      region: vpc.region,
      resolver: resolverAddress(vpc),
      inbound: many(vpc.line.inbound),
      outbound: many(vpc.line.outbound),
      zones: seenBy(vpc, zones).map(({ word }) => word),
      ways: waysOf(vpc, zones, name, route?.value),
      reasons: route?.reasons ?? [],
      ...(last ? { last } : {}),
    };
  });
}

const seenBy = ({ id }: Vpc, zones: readonly ShownZone[]): ShownZone[] =>
  zones.filter(({ zone, vpcs }) => isPrivate(zone) && vpcs.some((one) => one.id === id));

const rulesOf = ({ line }: HeldVpc): ResolverRule[] => (line.rules ?? []).map(ruleOf);

const routeIn = (vpc: HeldVpc, zones: readonly ShownZone[], name: Name) =>
  routeFor({ vpc, zones: zones.map(({ zone }) => zone).filter(isPrivate), rules: rulesOf(vpc) }, name);

function lastQuestion(trace: Trace, vpc: HeldVpc, at: Instant): VpcPicture['last'] {
  for (let i = trace.messages.length - 1; i >= 0; i--) {
    const message = trace.messages[i];
    if (!message || message.sentAt > at || message.toHost !== vpc.id || message.answers !== undefined) continue;
    const question = message.protocol === 'dns' ? describeMessage(trace, message.id).dns?.question[0] : undefined;
    if (!question) continue;
    const who = trace.hosts.find(({ id }) => id === message.fromHost)?.title ?? message.from.address;
    const when = formatDuration(between(START, message.sentAt));
    return { question, sentence: `${who} asked for ${question.name.replace(/\.$/, '')} ${question.type}, at ${when}.` };
  }
  return undefined;
}

/** All that the Resolver may do, the longest domain first: the order in which it looks. */
function waysOf(vpc: HeldVpc, zones: readonly ShownZone[], name: Name | undefined, route: Route | undefined): Way[] {
  const through = many(vpc.line.outbound);
  const by = through.length > 0 ? ` through ${through.join(', ')}` : '';
  const ways: Omit<Way, 'fit'>[] = [
    ...rulesOf(vpc).map((rule) => ruleWay(rule, by)),
    ...seenBy(vpc, zones).map(({ zone, word }) => ({
      kind: 'private-zone' as const,
      domain: zone.name,
      what: 'private hosted zone',
      leads: `answers from ${word}; what it lacks does not exist`,
    })),
    ...(route?.kind === 'internal'
      ? [
          {
            kind: 'automatic' as const,
            domain: route.domain,
            what: 'automatic rule',
            leads: 'answers by itself: a name of the VPC',
          },
        ]
      : []),
    { kind: 'internet', domain: '.', what: 'automatic rule Internet Resolver', leads: 'walks from the root, the nine steps' },
  ];
  const winner = route && ways.find((way) => isRoute(way, route));
  return ways
    .map((way) => ({ ...way, fit: way === winner ? ('wins' as const) : fits(way, name) ? ('fits' as const) : ('no' as const) }))
    .sort((a, b) => labelCount(b.domain as Name) - labelCount(a.domain as Name) || RANK[a.kind] - RANK[b.kind]);
}

/** For one and the same domain a rule beats a private zone, which beats the automatic rules. */
const RANK: Readonly<Record<Way['kind'], number>> = {
  forward: 0,
  delegate: 0,
  system: 0,
  'private-zone': 1,
  automatic: 2,
  internet: 3,
};

function ruleWay({ type, name, domain, targets }: ResolverRule, by: string): Omit<Way, 'fit'> {
  const asked = targets.map(({ address }) => address).join(', ');
  const leads = {
    FORWARD: `hands the question to ${asked}${by}`,
    DELEGATE: `follows the delegation to name servers on the other network${by}`,
    SYSTEM: 'keeps it here, out of a wider rule',
    RECURSIVE: 'walks from the root',
  }[type];
  const kind = type === 'RECURSIVE' ? 'internet' : (type.toLowerCase() as 'forward' | 'delegate' | 'system');
  return { kind, domain, what: `${type} rule ${name}`, leads };
}

const fits = ({ domain }: Pick<Way, 'domain'>, name: Name | undefined): boolean =>
  name !== undefined && isSubdomain(name, domain as Name);

function isRoute({ kind, domain }: Omit<Way, 'fit'>, route: Route): boolean {
  switch (route.kind) {
    case 'forward':
    case 'delegate':
      return kind === route.kind && sameName(domain as Name, route.rule.domain);
    case 'private-zone':
      return kind === 'private-zone' && sameName(domain as Name, route.zone.name);
    case 'internal':
      return kind === 'automatic';
    case 'recursive':
      return kind === 'internet';
  }
}

/** The Resolver's own log of a VPC until an instant, an object a line, as text. */
export function resolverLogText(trace: Trace, scenario: Scenario, vpcId: string, until: Instant): string[] {
  const vpc = holdingsOf(scenario).vpcs.get(vpcId);
  return vpc ? resolverLog(trace, vpc, many(vpc.line.inbound), until).map(({ entry }) => JSON.stringify(entry)) : [];
}

// --- which VPCs see a zone

/** The VPCs of a private zone, and those that could see it as well. */
export interface VpcTies {
  readonly tied: readonly VpcTie[];
  /** With why the service would refuse, where it would. */
  readonly free: readonly (VpcTie & { readonly refusal?: string })[];
}

export type VpcTie = Pick<Vpc, 'id' | 'cidr' | 'region'>;

export function vpcTies(scenario: Scenario, zones: readonly ShownZone[], { zone, vpcs }: ShownZone): VpcTies {
  const all = [...holdingsOf(scenario).vpcs.values()];
  const isTied = ({ id }: Vpc): boolean => vpcs.some((one) => one.id === id);
  const others = zones.map((one) => one.zone);
  return {
    tied: all.filter(isTied),
    free: all
      .filter((vpc) => !isTied(vpc))
      .map((vpc) => {
        const result = associateVpc(zone, vpc, others);
        return { ...vpc, ...(result.ok ? {} : { refusal: result.fault.text }) };
      }),
  };
}

// --- the same name, inside and outside

/** What a name is on one side. */
export interface Side {
  /** In a sentence: who answers, and from what. */
  readonly words: string;
  /** Absent where the answer lies with somebody else: another resolver, the Internet. */
  readonly slip?: AnswerSlip;
}

export interface SplitView {
  readonly inside: Side;
  readonly outside: Side;
  /** What the two sides have to do with one another. */
  readonly moral: string;
}

/** What a name and type are inside a VPC and outside; undefined while what is typed is no name. */
export function splitView(
  {
    scenario,
    zones,
    services,
    seed,
    now,
  }: {
    readonly scenario: Scenario;
    readonly zones: readonly ShownZone[];
    readonly services: ZoneServices;
    readonly seed: number;
    readonly now: Instant;
  },
  vpcId: string,
  typed: string,
  type: Question['type'],
): SplitView | undefined {
  const name = parseServiceName(typed.trim());
  const vpc = holdingsOf(scenario).vpcs.get(vpcId);
  if (isNameFault(name) || !vpc) return undefined;
  const question: Question = { name, type, class: 'IN' };
  const ask = (shown: ShownZone, source: Address, inside: boolean): { slip: AnswerSlip; rcode: string; found: boolean } => {
    let drawn = 0;
    const message = query(0, question, { edns: { version: 0, udpSize: 4096, do: false, options: [] } });
    const random = (): number => draw(seed, `split ${drawn++}`, 0);
    const asking = { now, source, random, ...(inside ? { vpcRegion: vpc.region } : {}) };
    const { value: said, decisions, reasons } = respond(hostedZoneSet([shown.zone]), services, message, asking);
    // What a Resolver says it says of itself, not as the zone's own server.
    const value = inside ? { ...said, flags: { ...said.flags, aa: false } } : said;
    const find = { ...describeResponse(message, value), reasons };
    const route = decisions[0] ? { route: routeRecord(decisions[0], 0) } : {};
    const story = storyOf({ sentence: '', question, find, ...route, response: value });
    return { slip: story.slip, rcode: value.rcode, found: value.answer.length > 0 };
  };
  const open = zones
    .filter(({ zone }) => !isPrivate(zone) && isSubdomain(name, zone.name))
    .sort((a, b) => labelCount(b.zone.name) - labelCount(a.zone.name))[0];
  const out = open && ask(open, OUTSIDE, false);
  const route = routeIn(vpc, zones, name).value;
  const own = route.kind === 'private-zone' ? zones.find(({ zone }) => zone.id === route.zone.id) : undefined;
  const within = own && ask(own, resolverAddress(vpc), true);
  return {
    inside: { words: insideWords(route, own), ...(within ? { slip: within.slip } : {}) },
    outside: {
      words: open ? `the public hosted zone ${open.zone.name.slice(0, -1)} answers` : 'no zone here: the walk leads elsewhere',
      ...(out ? { slip: out.slip } : {}),
    },
    moral: moralOf(route, within, out),
  };
}

/** Where the question from outside comes from: the built-in resolver of the first city. */
const OUTSIDE = '198.18.0.53' as Address;

function insideWords(route: Route, own: ShownZone | undefined): string {
  switch (route.kind) {
    case 'forward':
      return `handed on by the rule ${route.rule.name} to ${route.rule.targets.map(({ address }) => address).join(', ')}: it answers`;
    case 'delegate':
      return `by the rule ${route.rule.name} the name servers on the other network answer`;
    case 'private-zone':
      return `the private hosted zone ${own?.word ?? route.zone.name} answers`;
    case 'internal':
      return `a name of the VPC itself, below ${route.domain}: the Resolver answers`;
    case 'recursive':
      return 'no rule and no private zone: the same walk as outside';
  }
}

function moralOf(
  route: Route,
  within: { readonly rcode: string; readonly found: boolean } | undefined,
  out: { readonly found: boolean } | undefined,
): string {
  if (route.kind === 'recursive') return 'One truth: inside and outside walk the same way.';
  if (route.kind !== 'private-zone') return 'Inside, the public zones are not asked for this name.';
  if (within && !within.found && out?.found)
    return 'No fall-through: inside, the private zone alone speaks for its name, and what it lacks does not exist.';
  if (within?.found && out?.found) return 'Two truths of one name: whom you ask decides.';
  if (within?.found) return 'Only inside: the world outside never reads a private zone.';
  return 'Neither side has it.';
}
