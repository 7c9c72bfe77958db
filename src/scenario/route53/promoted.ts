/**
 * A plain zone on Route 53's servers becomes a hosted zone as soon as somebody makes a change batch of it or has it signed: the
 * same records, the same four servers, and from then on policies, alias records and health checks as well.
 */
import { ZONES } from '../internet.ts';
import type { Line, World } from '../schema.ts';
import { ZONE_SERVERS } from './holdings.ts';

/** Whether a zone is plain, on Route 53's four servers, and not signed by other means than Route 53's. */
export function isPromotable(layers: readonly World[], word: string): boolean {
  if (layers.some(({ hostedZones }) => hostedZones?.[word] !== undefined)) return false;
  const builtIn = layers.some(({ base }) => base === 'nothing') ? undefined : ZONES[word];
  const own = layers.flatMap(({ zones }) => zones?.[word] ?? []);
  if (!builtIn && own.length === 0) return false;
  const servers = own.findLast((zone) => zone.servers !== undefined)?.servers ?? builtIn?.servers ?? [];
  const isSigned = own.some(({ signed }) => signed !== undefined && signed !== false);
  return !isSigned && servers.length > 0 && servers.every((host) => ZONE_SERVERS.includes(host));
}

/** The id of the hosted zone that a plain one becomes. */
export const promotedId = (word: string): string => `Z0SIM${word.toUpperCase().replace(/[^A-Z0-9]/g, '')}`.slice(0, 32);

/** The zone that only a hosted zone's owner can do this with. */
const hostedOnly = (line: Line): string | undefined => ('change' in line ? line.change : 'sign' in line ? line.sign : undefined);

/** The hosted zones that lines make of plain ones; undefined when there are none. */
export function promotedLayer(layers: readonly World[], lines: readonly Line[]): World | undefined {
  const meant = lines.flatMap((line) => hostedOnly(line) ?? []);
  const words = new Set(meant.filter((word) => isPromotable(layers, word)));
  return words.size > 0
    ? { hostedZones: Object.fromEntries([...words].map((word) => [word, { id: promotedId(word) }])) }
    : undefined;
}
