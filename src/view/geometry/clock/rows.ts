/** The rows of the timetable between visits: who keeps something, what is given, who checks it, and where the visits end. */
import type { Name } from '../../../dns/name.ts';
import { key } from '../../../dns/name.ts';
import { hostAt, hostOf, zoneName } from '../../../trace/describe.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { HostId, HostRecord, Trace } from '../../../trace/trace.ts';
import { zonesOnTheWay } from '../cast.ts';
import { givenOf, isAddressOf, shortValues } from '../health/given.ts';
import { type CheckStory, healthOf } from '../health/health.ts';
import type { ChartRow, RowPlan } from '../stringline/rows.ts';

export interface ClockRow extends ChartRow {
  readonly kind: 'clients' | 'resolver' | 'zone' | 'check' | 'server';
  /** Clients, resolver or server that the row is about. */
  readonly hosts: readonly HostId[];
  readonly check?: CheckStory;
}

/** More than this many rows cannot be told apart. */
const MOST = 8;
const MOST_SERVERS = 3;

/** The rows for a name and the visits to be shown, from the top. */
export function clockRows(trace: Trace, visits: readonly Visit[], name: Name, plan: RowPlan): ClockRow[] {
  const clients = unique(visits.map((visit) => visit.client)).map((id) => hostOf(trace, id));
  const resolvers = unique(
    clients.flatMap((client) => (client.resolvers?.[0] === undefined ? [] : (hostAt(trace, client.resolvers[0])?.id ?? []))),
  );
  const zone = zonesOnTheWay(trace, name).at(-1);
  const given = givenOf(trace, name);
  const { checks } = healthOf(trace);
  const own = checks.filter((check) => concerns(check, given));
  const rows: Omit<ClockRow, 'y'>[] = [
    {
      id: 'clients',
      kind: 'clients',
      label: clients.length === 1 ? (clients[0] as HostRecord).title : 'Browsers',
      hosts: clients.map(({ id }) => id),
    },
    ...resolvers.map((id) => ({ id, kind: 'resolver' as const, label: hostOf(trace, id).title, hosts: [id] })),
    ...(given.length > 0 && zone !== undefined
      ? [{ id: 'zone', kind: 'zone' as const, label: `${zoneName(zone)} zone`, hosts: [] }]
      : []),
    ...own.slice(0, 3).map((check) => ({
      id: `check ${check.id}`,
      kind: 'check' as const,
      label: own.length === 1 ? 'Health check' : `Check ${check.id}`,
      hosts: [],
      check,
    })),
  ];
  const servers = serversOf(trace, name, own).slice(0, Math.max(0, Math.min(MOST_SERVERS, MOST - rows.length)));
  const all = [...rows, ...servers];
  const pitch = Math.min(plan.pitch, all.length > 1 ? plan.room / (all.length - 1) : plan.pitch);
  return all.map((row, i) => ({ ...row, y: Math.round(plan.top + i * pitch) }));
}

/** Checks that change something: probed ones, and those whose status changes. */
const concerns = (check: CheckStory, given: ReturnType<typeof givenOf>): boolean =>
  (check.checkers.length > 0 || check.statuses.length > 0) &&
  (given.length === 0 ||
    check.checkers.length > 0 ||
    given.some(({ choices }) => choices.some((choice) => choice.check === check.id)) ||
    check.statuses.length > 0);

function serversOf(trace: Trace, name: Name, checks: readonly CheckStory[]): Omit<ClockRow, 'y'>[] {
  const choices = givenOf(trace, name).flatMap((one) => one.choices);
  const values = choices.flatMap((choice) => choice.values);
  const hosts = unique([...choices.flatMap(({ host }) => host ?? []), ...checks.flatMap(({ target }) => target ?? [])]);
  return hosts.map((id) => {
    const host = hostOf(trace, id);
    const address = values.find((value) => isAddressOf(host, value)) ?? host.addresses[0] ?? '';
    const [short] = shortValues([address], [...values, address]);
    return {
      id: `server ${id}`,
      kind: 'server',
      label: serverLabel(host.title, short),
      hosts: [id],
    };
  });
}

/** Letters that fit beside a row. */
const LABEL_LENGTH = 19;

/** "Primary .60"; a title that has no room beside the row gives way to what it is. */
function serverLabel(title: string, short: string | undefined): string {
  const label = short?.startsWith('.') ? `${title} ${short}` : title;
  return label.length > LABEL_LENGTH ? `Server ${short ?? ''}`.trim() : label;
}

/** The name that a stretch of the chart is about: the one at hand, or that of the first visit. */
export const nameOfVisits = (visits: readonly Visit[], at: Visit | undefined): Name | undefined =>
  at?.name ?? visits.find(({ name }) => name !== undefined)?.name;

/** The names that the visits ask for. */
export const namesOf = (visits: readonly Visit[]): ReadonlySet<string> =>
  new Set(visits.flatMap(({ name }) => (name === undefined ? [] : [key(name) as string])));

const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];
