/** A zone file of somebody's own, laid over a world: its zone is served where that of the first lesson is, and delegated. */
import type { Mistake } from '../base/mistake.ts';
import { type Name, parseName, ROOT, sameName } from '../dns/name.ts';
import { recordText } from '../dns/presentation.ts';
import type { ResourceRecord } from '../dns/record.ts';
import { zoneMistakes } from '../dns/zone/check.ts';
import { type MasterFile, parseMasterFile } from '../dns/zone/masterFile.ts';
import { DOCUMENTATION_SET } from '../route53/delegation.ts';
import { ZONES } from './internet.ts';
import { zoneWord } from './references.ts';
import type { World } from './schema.ts';

export interface ZoneFile {
  readonly origin: Name;
  readonly records: readonly ResourceRecord[];
}

/**
 * Reads a zone file. The zone is the owner of its SOA record; without one the name that is told, else the file's name
 * ("example.com.zone", "db.example.com").
 */
export function readZoneFile(
  text: string,
  file: string,
  include?: (path: string, fromFile: string) => string | undefined,
  told?: Name,
): { readonly zone?: ZoneFile; readonly mistakes: readonly Mistake[] } {
  const guess = told ?? originFromFileName(file);
  const read = (origin: Name): MasterFile => parseMasterFile(text, { file, origin, ...(include ? { include } : {}) });
  const master = read(guess ?? ROOT);
  const origin = master.records.find((r) => r.type === 'SOA')?.name ?? guess;
  if (master.mistakes.length > 0) return { mistakes: master.mistakes };
  if (origin === undefined)
    return {
      mistakes: [
        {
          file,
          line: 1,
          column: 1,
          found: 'no SOA record',
          expected: 'one, or the zone’s name (--origin, or a file name such as "example.com.zone")',
        },
      ],
    };
  const mistakes = zoneMistakes(origin, master);
  return mistakes.length > 0 ? { mistakes } : { zone: { origin, records: master.records }, mistakes };
}

function originFromFileName(file: string): Name | undefined {
  const bare = file
    .slice(file.lastIndexOf('/') + 1)
    .replace(/^db\./, '')
    .replace(/\.(zone|db|txt|hosts)$/, '');
  const parsed = bare.includes('.') ? parseName(bare) : undefined;
  return typeof parsed === 'string' ? parsed : undefined;
}

const SERVERS = ['ns-2048', 'ns-2049', 'ns-2050', 'ns-2051'];
const TWO_DAYS = 172_800;

/**
 * The layer that serves a zone on ns-2048 to ns-2051. Its own NS records at the apex give way to these four, since this
 * Internet has no other servers for it; the nearest zone above delegates to them.
 */
export function worldWithZone({ origin, records }: ZoneFile): World {
  const own = records.filter((r) => !(r.type === 'NS' && sameName(r.name, origin)));
  const text = `${own.map(recordText).join('\n')}\n${delegationOf(origin)}\n`;
  const zone = { servers: SERVERS, records: text, replace: true };
  return { zones: { ...delegationsAbove([origin]), [zoneWord(origin)]: zone } };
}

/** What the nearest built-in zones above say of zones that stand on ns-2048 to ns-2051. */
export function delegationsAbove(origins: readonly Name[]): NonNullable<World['zones']> {
  const zones: Record<string, { records: string }> = {};
  for (const origin of origins) {
    const above = parentZone(origin);
    if (above === undefined) continue;
    zones[above] = { records: `${zones[above]?.records ?? ''}${delegationOf(origin)}\n` };
  }
  return zones;
}

const delegationOf = (origin: Name): string =>
  DOCUMENTATION_SET.nameServers.map((server) => `${origin} ${TWO_DAYS} NS ${server}`).join('\n');

/** The deepest built-in zone strictly above a name, as scenarios call it. */
function parentZone(origin: Name): string | undefined {
  if (origin === ROOT) return undefined;
  const candidates = Object.keys(ZONES)
    .filter((zone) => zone !== '.')
    .filter((zone) => origin.toLowerCase().endsWith(`.${zone}.`))
    .sort((a, b) => b.length - a.length);
  return candidates[0] ?? 'root';
}
