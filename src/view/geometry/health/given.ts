/**
 * What a zone gives for a name, as time goes on: which of its record sets are in the draw, and since when. A model of the
 * rules that need no asker (health, failover, fail open); who asks from where is the console's affair.
 */
import { parseAddress } from '../../../base/address.ts';
import type { Instant } from '../../../base/time.ts';
import { isSubdomain, key, labelCount, type Name } from '../../../dns/name.ts';
import { dataText } from '../../../dns/presentation.ts';
import { hostAt } from '../../../trace/describe.ts';
import type { HostId, HostRecord, Trace, TurnId, ZoneChange } from '../../../trace/trace.ts';
import { healthOf, statusAt } from './health.ts';

/** One record set among those that share a name. */
export interface Choice {
  /** Its set identifier; empty for a set that is alone. */
  readonly id: string;
  /** "primary", "weight 50"; empty when its policy has no more to say. */
  readonly role: string;
  readonly values: readonly string[];
  /** The web server at its first address. */
  readonly host?: HostId;
  readonly check?: string;
  readonly healthy: boolean;
  /** Whether it may be given. */
  readonly live: boolean;
}

/** What is given from an instant on. */
export interface Given {
  readonly at: Instant;
  /** Health is as after this turn. */
  readonly turn: TurnId;
  readonly choices: readonly Choice[];
}

interface PlainSet {
  readonly Name: string;
  readonly Type: string;
  readonly SetIdentifier?: string;
  readonly Failover?: string;
  readonly Weight?: number;
  readonly HealthCheckId?: string;
  readonly ResourceRecords?: readonly { readonly Value: string }[];
  readonly AliasTarget?: { readonly DNSName: string };
}

const memory = new WeakMap<Trace, Map<string, readonly Given[]>>();

/** What the zone of `name` gives for it, one entry for each instant at which that changes; none when no zone of this run has it. */
export function givenOf(trace: Trace, name: Name): readonly Given[] {
  const known = memory.get(trace) ?? new Map<string, readonly Given[]>();
  memory.set(trace, known);
  const id = key(name);
  const found = known.get(id) ?? read(trace, name);
  known.set(id, found);
  return found;
}

/** What is given at an instant; undefined before a zone has the name. */
export const givenAt = (trace: Trace, name: Name, at: number): Given | undefined =>
  givenOf(trace, name).findLast((one) => one.at <= at);

function read(trace: Trace, name: Name): Given[] {
  const changes = zoneOf(trace, name);
  const moments = new Map<number, TurnId>();
  for (const { at } of changes) moments.set(at, trace.turns.findLast((turn) => turn.at <= at)?.id ?? -1);
  for (const { statuses } of healthOf(trace).checks) for (const { at, turn } of statuses) moments.set(at, turn);
  const found: Given[] = [];
  for (const [at, turn] of [...moments].sort(([a], [b]) => a - b)) {
    const change = changes.findLast((one) => one.at <= at);
    if (!change) continue;
    const choices = choicesIn(trace, setsIn(change, name), turn);
    const before = found.at(-1);
    if (before && said(before.choices) === said(choices)) continue;
    if (before || choices.length > 0) found.push({ at: at as Instant, turn, choices });
  }
  return found;
}

const said = (choices: readonly Choice[]): string =>
  JSON.stringify(choices.map(({ id, values, live, healthy }) => [id, values, live, healthy]));

/** The versions of the deepest zone that holds a name, private ones left out. */
function zoneOf(trace: Trace, name: Name): ZoneChange[] {
  const holding = trace.zoneChanges.filter(
    ({ zone, detail }) => isSubdomain(name, zone) && (detail as { private?: boolean } | undefined)?.private !== true,
  );
  const depth = Math.max(0, ...holding.map(({ zone }) => labelCount(zone)));
  return depth < 2 ? [] : holding.filter(({ zone }) => labelCount(zone) === depth);
}

const ADDRESSES = ['A', 'AAAA', 'CNAME'];

function setsIn({ records, detail }: ZoneChange, name: Name): PlainSet[] {
  const document = (detail as { document?: { ResourceRecordSets: readonly PlainSet[] } } | undefined)?.document;
  const all: readonly PlainSet[] =
    document?.ResourceRecordSets ??
    records.map((record) => ({
      Name: record.name,
      Type: record.type,
      ResourceRecords: [{ Value: dataText(record.type, record.data) }],
    }));
  const own = all.filter((set) => key(set.Name as Name) === key(name));
  const type = ADDRESSES.find((one) => own.some((set) => set.Type === one));
  // What a traffic policy has put there has no values of its own.
  return own.filter((set) => set.Type === type && (set.ResourceRecords !== undefined || set.AliasTarget !== undefined));
}

/** Whether a record's value is an address of a host. */
export const isAddressOf = ({ addresses }: HostRecord, value: string): boolean => addresses.some((one) => one === value);

function hostOfValue(trace: Trace, value: string): HostRecord | undefined {
  const address = parseAddress(value);
  return address === undefined ? undefined : hostAt(trace, address);
}

function choicesIn(trace: Trace, sets: readonly PlainSet[], turn: TurnId): Choice[] {
  const { checks } = healthOf(trace);
  const all = sets.map((set) => {
    const check = checks.find(({ id }) => id === set.HealthCheckId);
    return { set, healthy: check ? statusAt(check, turn).healthy : true };
  });
  // When none is healthy, all count as healthy (Developer Guide, health-checks-how-route-53-chooses-records).
  const well = all.some(({ healthy }) => healthy) ? all.filter(({ healthy }) => healthy) : all;
  const primary = well.find(({ set }) => set.Failover === 'PRIMARY');
  const live = primary ? [primary] : well;
  return merged(
    all.map(({ set, healthy }) => {
      const values = set.ResourceRecords?.map(({ Value }) => Value) ?? (set.AliasTarget ? [set.AliasTarget.DNSName] : []);
      const host = values.flatMap((value) => hostOfValue(trace, value) ?? [])[0];
      return {
        id: set.SetIdentifier ?? '',
        role: roleOf(set),
        values,
        ...(host && (host.role === 'web' || host.role === 'mail') ? { host: host.id } : {}),
        ...(set.HealthCheckId === undefined ? {} : { check: set.HealthCheckId }),
        healthy,
        live: live.some((one) => one.set === set),
      };
    }),
  );
}

/** Records of a zone without sets come one by one: those of one name are one set. */
function merged(choices: readonly Choice[]): Choice[] {
  const [first] = choices;
  if (!first || choices.some(({ id }) => id !== '')) return [...choices];
  return [{ ...first, values: choices.flatMap(({ values }) => values) }];
}

function roleOf({ Failover, Weight }: PlainSet): string {
  if (Failover !== undefined) return Failover.toLowerCase();
  return Weight === undefined ? '' : `weight ${Weight}`;
}

/** Addresses of one network by their last number alone, ".60", where all that are spoken of share the rest. */
export function shortValues(values: readonly string[], among: readonly string[] = values): string[] {
  const network = (value: string): string | undefined => /^(\d+\.\d+\.\d+)\.\d+$/.exec(value)?.[1];
  const networks = new Set(among.map(network));
  return networks.size === 1 && !networks.has(undefined)
    ? values.map((value) => value.slice(value.lastIndexOf('.')))
    : [...values];
}

/** "gives .61 from now on": a change of what is given, in one phrase. */
export function givenWords({ choices }: Given, before: Given | undefined): string {
  const live = choices.filter((choice) => choice.live);
  const among = [...choices, ...(before?.choices ?? [])].flatMap(({ values }) => values);
  const values = live.flatMap((choice) => choice.values);
  if (values.length === 0) return 'has no such name';
  const what = live.length > 2 ? `${live.length} of ${choices.length}` : shortValues(values, among).join(' and ');
  return `gives ${what}${before ? ' from now on' : ''}`;
}
