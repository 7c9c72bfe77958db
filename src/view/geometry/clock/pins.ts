/** Each visit on the timetable between visits: one upright stroke to every row that it reached, and how it ended. */
import type { Instant } from '../../../base/time.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { Trace } from '../../../trace/trace.ts';
import { givenOf, shortValues } from '../health/given.ts';
import { tenth, xOf } from '../stringline/axis.ts';
import { type Canvas, type ClockLabel, span } from './canvas.ts';
import type { ClockRow } from './rows.ts';

/** One visit: strokes from the client's row to those that it reached. */
export interface Pin {
  readonly visit: number;
  readonly at: Instant;
  readonly strokes: readonly {
    readonly d: string;
    readonly style: 'q' | 'a' | 'n' | 'h' | 'e';
    readonly end: { readonly x: number; readonly y: number };
  }[];
}

/** The visits that the axis shows. */
export function pinsOf({ trace, visits, axis, rows, room, name }: Canvas): Pin[] {
  const { from, to } = span(axis);
  const row = (kind: ClockRow['kind'], host?: string): number | undefined =>
    rows.find((one) => one.kind === kind && (host === undefined || one.hosts.includes(host)))?.y;
  const values = givenOf(trace, name).flatMap(({ choices }) => choices.flatMap((choice) => choice.values));
  return visits.flatMap((visit) => {
    if (visit.from < from || visit.from > to) return [];
    const x = xOf(axis, visit.from);
    const client = row('clients', visit.client) ?? 0;
    const address = trace.hosts.find(({ id }) => id === visit.client)?.resolvers?.[0];
    const resolver = row('resolver', trace.hosts.find((host) => address !== undefined && host.addresses.includes(address))?.id);
    const asked = visit.steps[5] !== undefined && visit.steps[5].passes.length > 0;
    const strokes: Pin['strokes'][number][] = [];
    const add = (y1: number | undefined, y2: number | undefined, style: Pin['strokes'][number]['style'], shift = 0): void => {
      if (y1 !== undefined && y2 !== undefined && y1 !== y2)
        strokes.push({ d: `M${tenth(x + shift)} ${y1}V${y2}`, style, end: { x: tenth(x + shift), y: y2 } });
    };
    const { conclusion } = visit;
    const no = conclusion?.kind === 'error-page' && visit.steps[7]?.passes.length === 0;
    if (visit.steps[1] && visit.steps[1].passes.length > 0) add(client, resolver, 'q');
    if (asked) add(resolver ?? client, row('zone'), no ? 'n' : 'a');
    const target =
      conclusion?.kind === 'page'
        ? trace.hosts.find(({ addresses }) => addresses.includes(conclusion.address))?.id
        : goalOf(trace, visit);
    if (target !== undefined && visit.steps[7] && visit.steps[7].passes.length > 0)
      add(client, row('server', target), conclusion?.kind === 'page' ? 'h' : 'e', 4);
    const { text, hue } = ending(visit, values);
    room.take(x - 2, x + 6, client - 2, client + 8);
    room.put(text, hue, visit.to ?? visit.from, [
      { left: x + 5, y: client - 6 },
      { right: x - 4, y: client - 6 },
      { left: x + 8, y: client + 13 },
      { right: x - 4, y: client + 13 },
    ]);
    return [{ visit: visit.number, at: visit.from, strokes }];
  });
}

/** The server that a visit's connection went to. */
function goalOf(trace: Trace, visit: Visit): string | undefined {
  const packet = visit.steps[7]?.passes.at(-1)?.packets[0];
  const address = packet === undefined ? undefined : trace.packets[packet]?.to.address;
  return trace.hosts.find(({ role, addresses }) => role === 'web' && address !== undefined && addresses.includes(address))?.id;
}

/** How a visit ended, in few words. */
function ending({ conclusion }: Visit, among: readonly string[]): Pick<ClockLabel, 'text' | 'hue'> {
  switch (conclusion?.kind) {
    case 'page':
      return { text: `page from ${shortValues([conclusion.address], [...among, conclusion.address])[0]}`, hue: 'h' };
    case 'error-page':
      return ERRORS[conclusion.code] ?? { text: 'no page', hue: 'e' };
    case 'answered':
      return conclusion.rcode === 'NXDOMAIN' ? { text: 'no such name', hue: 'n' } : { text: 'answered', hue: 'a' };
    case 'delivered':
      return { text: 'letter delivered', hue: 'h' };
    default:
      return { text: 'no answer', hue: 'e' };
  }
}

const ERRORS: Readonly<Record<string, Pick<ClockLabel, 'text' | 'hue'>>> = {
  DNS_PROBE_FINISHED_NXDOMAIN: { text: 'no such name', hue: 'n' },
  ERR_NAME_NOT_RESOLVED: { text: 'no address', hue: 'n' },
  ERR_CONNECTION_REFUSED: { text: 'refused', hue: 'e' },
  ERR_CONNECTION_TIMED_OUT: { text: 'no answer from the server', hue: 'e' },
};
