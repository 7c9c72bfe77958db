/** What a trace tells of a domain that is ordered, moved or given other name servers, up to an instant. */
import type { RegistrationDetail } from '../../../actors/servers/domainNews.ts';
import type { Instant } from '../../../base/time.ts';
import { bareName, isSubdomain, type Name, name as nameOf, parent, sameName } from '../../../dns/name.ts';
import { dataOf, type ResourceRecord } from '../../../dns/record.ts';
import { type HostedZoneDetail, hostedZoneDetail } from '../../../scenario/route53/hostedZoneDetail.ts';
import { memoised } from '../../../trace/memo.ts';
import type { Scene, TimerScene } from '../../../trace/scene.ts';
import type { StimulusRecord, Trace, ZoneChange } from '../../../trace/trace.ts';

export type OrderKind = 'register' | 'delegate' | 'transfer';
const KINDS: readonly OrderKind[] = ['register', 'delegate', 'transfer'];

/** Something that has become of a domain. */
export interface DomainNews {
  readonly at: Instant;
  /** "ordered", "zone-appears", "listed", "on-hold", "transferred", "unlocked", "verified", "asked-to-verify", "refused". */
  readonly rule: string;
  readonly text: string;
  readonly detail: RegistrationDetail;
}

/** An order as its line gives it. */
export interface DomainOrder {
  readonly at: Instant;
  readonly kind: OrderKind;
  /** "blue-otter.com". */
  readonly domain: string;
  readonly name: Name;
  readonly years: number;
  /** How long the registry takes, as the line says it, or as is assumed. */
  readonly takes: string;
  /** The contact's address, and whether it is known to be right. */
  readonly contact: string;
  readonly verified: boolean;
  /** Of `delegate`: the new servers. */
  readonly servers: readonly string[];
  /** Of `transfer`: the authorization code. */
  readonly code: string;
  /** Why it was refused; absent for one that was taken. */
  readonly refusal?: string;
}

/** All that registrars decide, in order of time. */
export const newsOf = memoised((trace: Trace): readonly DomainNews[] =>
  trace.turns.flatMap((turn) =>
    turn.effects.flatMap((effect) => {
      if (effect.kind !== 'decide' || effect.decision.about !== 'registration') return [];
      const { outcome, reasons, detail } = effect.decision;
      return [{ at: turn.at, rule: reasons[0]?.rule ?? '', text: outcome, detail: detail as RegistrationDetail }];
    }),
  ),
);

/** Every order of the run, refused ones too. */
const ordersOf = memoised((trace: Trace): readonly DomainOrder[] =>
  [...trace.stimuli].sort((a, b) => a.at - b.at || a.id - b.id).flatMap((stimulus) => orderIn(trace, stimulus) ?? []),
);

function orderIn(trace: Trace, { at, action, line }: StimulusRecord): DomainOrder | undefined {
  const kind = KINDS.find((one) => one === action);
  const fields = line as Readonly<Record<string, unknown>>;
  if (!kind || typeof fields[kind] !== 'string') return undefined;
  const domain = bareName(fields[kind]);
  const isTaken = newsOf(trace).some((news) => news.at === at && news.rule === 'ordered' && news.detail.domain === domain);
  const refusal = isTaken ? undefined : refusalAt(trace, at, domain);
  return {
    at,
    kind,
    domain,
    name: nameOf(`${domain}.`),
    years: typeof fields.years === 'number' ? fields.years : 1,
    takes: fields.takes === undefined ? '4 min' : String(fields.takes),
    contact: typeof fields.contact === 'string' ? fields.contact : `owner@${domain}`,
    verified: fields.verified !== false,
    servers: Array.isArray(fields.to) ? fields.to.map((server) => bareName(String(server))) : [],
    code: typeof fields.code === 'string' ? fields.code : '',
    ...(isTaken ? {} : { refusal: refusal ?? 'It was refused.' }),
  };
}

function refusalAt(trace: Trace, at: Instant, domain: string): string | undefined {
  for (const turn of trace.turns)
    for (const effect of turn.at === at ? turn.effects : [])
      if (
        effect.kind === 'decide' &&
        effect.decision.about === 'refusal' &&
        effect.decision.outcome.startsWith(`Order for ${domain}:`)
      )
        return effect.decision.reasons[0]?.text;
  return undefined;
}

/** One version of a hosted zone, and when each of its servers took it over. */
export interface ZoneVersion {
  readonly at: Instant;
  readonly records: readonly ResourceRecord[];
  readonly detail: HostedZoneDetail;
}

/** A domain as it stands at an instant. */
export interface DomainStory {
  readonly order: DomainOrder;
  /** Since the order. */
  readonly news: readonly DomainNews[];
  /** Versions of its hosted zone since the zone appeared; oldest first. */
  readonly versions: readonly ZoneVersion[];
  /** The registry's zone: "com." */
  readonly registry: Name;
  /** The name servers that the registry lists now, with the TTL; none while it does not know the name. */
  readonly listed: { readonly servers: readonly string[]; readonly ttl: number } | undefined;
  /** The servers that it listed before the order. */
  readonly before: readonly string[];
  /** For how many seconds a no of the registry may be kept (RFC 2308 §5: the lesser of the SOA's TTL and minimum). */
  readonly noTtl: number;
  /** Since when the registry has taken the name out again; undefined while it has not. */
  readonly heldSince: Instant | undefined;
  /** What comes next by itself, as the registrar's clocks have it. */
  readonly timers: readonly TimerScene[];
  /** Where the web server of this Internet is. */
  readonly address: string;
}

/** The order that the story is about at a moment: the last one that was taken, else the last. */
function orderAt(trace: Trace, now: Instant): DomainOrder | undefined {
  const orders = ordersOf(trace).filter((order) => order.at <= now);
  return orders.findLast((order) => order.refusal === undefined) ?? orders.at(-1);
}

/** The domain that was ordered last; undefined before any order. */
export function domainStory(trace: Trace, scene: Scene, now: Instant): DomainStory | undefined {
  const order = orderAt(trace, now);
  if (!order) return undefined;
  const { domain, name } = order;
  const registry = parent(name);
  const inRegistry = trace.zoneChanges.filter((change) => sameName(change.zone, registry));
  const then = inRegistry.findLast((change) => change.at <= order.at);
  const present = inRegistry.findLast((change) => change.at <= now);
  const delegation = listing(present, name);
  const soa = present?.records.find((record) => record.type === 'SOA');
  const data = soa && dataOf(soa, 'SOA');
  const news = newsOf(trace).filter(({ at, detail }) => at <= now && at >= order.at && detail.domain === domain);
  const last = news.findLast(({ rule }) => rule === 'on-hold' || rule === 'listed');
  return {
    order,
    news,
    heldSince: last?.rule === 'on-hold' ? last.at : undefined,
    versions: trace.zoneChanges.flatMap((change) => {
      const { at, zone, records } = change;
      const detail = hostedZoneDetail(change);
      return at <= now && sameName(zone, name) && detail && !detail.private ? [{ at, records, detail }] : [];
    }),
    registry,
    listed: delegation.length === 0 ? undefined : { servers: delegation.map(serverIn), ttl: delegation[0]?.ttl ?? 0 },
    before: listing(then, name).map(serverIn),
    noTtl: soa && data ? Math.min(soa.ttl, data.minimum) : 900,
    timers: scene.timers.filter(
      ({ instance }) => instance === `registrar/${domain}` || instance === `registrar/${domain}/contact`,
    ),
    address: trace.hosts.find((host) => host.role === 'web')?.addresses.find((at) => !at.includes(':')) ?? '192.0.2.44',
  };
}

const listing = (change: ZoneChange | undefined, name: Name): readonly ResourceRecord[] =>
  (change?.records ?? []).filter((record) => record.type === 'NS' && sameName(record.name, name));
const serverIn = (record: ResourceRecord): string => bareName(dataOf(record, 'NS')?.nameServer ?? '');

/** Whether a name belongs to a domain: the domain itself, or a name below it. */
export const belongs = (name: Name | undefined, domain: Name): boolean => name !== undefined && isSubdomain(name, domain);
