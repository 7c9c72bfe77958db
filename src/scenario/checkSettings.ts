/** What the settings of a resolver refer to: zones, blocks of addresses and hosts, where the author's own words are the keys. */
import { parseAddress, parseCidr } from '../base/address.ts';
import { quoted } from '../base/mistake.ts';
import { parseName } from '../dns/name.ts';
import { asMap, asOneOrMore, type Data, listPath } from './data.ts';
import type { Path } from './parse.ts';
import { isZone } from './resolvers.ts';

export interface SettingsContext {
  readonly report: (path: Path, found: string, expected: string, at?: 'key' | 'value') => void;
  /** Reports a host that does not exist. */
  readonly host: (id: string, path: Path) => void;
  /** Whether a zone of the world is signed; undefined where the world has no such zone. */
  readonly signed: (zone: string) => boolean | undefined;
}

/** Every reference of a resolver's settings that leads nowhere. Passes over what has not the right shape. */
export function checkSettings(settings: unknown, path: Path, context: SettingsContext): void {
  const said = asMap(settings);
  checkServers(said, 'forward', 'prime', path, context);
  checkServers(said, 'stub', 'noCache', path, context);
  for (const block of Object.keys(asMap(said.access)))
    if (parseCidr(block) === undefined)
      context.report([...path, 'access', block], quoted(block), 'a block of addresses ("198.18.0.0/24")', 'key');
  for (const bits of Object.keys(asMap(asMap(said.validation).nsec3Iterations)))
    if (!/^[1-9]\d*$/.test(bits))
      context.report([...path, 'validation', 'nsec3Iterations', bits], quoted(bits), 'a size of keys in bits (2048)', 'key');
  const { clientSubnet } = said;
  if (clientSubnet !== undefined && asMap(clientSubnet).zones === undefined && asMap(clientSubnet).servers === undefined)
    context.report([...path, 'clientSubnet'], 'nobody who gets it', '"zones", or "servers"', 'key');
  checkAnchors(asMap(said.validation).anchors, [...path, 'validation'], context);
}

/** Zones and whom to ask for them; `alien` is a word that belongs to the other of the two settings. */
function checkServers(said: Data, field: 'forward' | 'stub', alien: string, path: Path, { report, host }: SettingsContext): void {
  for (const [zone, how] of Object.entries(asMap(said[field]))) {
    const here: Path = [...path, field, zone];
    if (zone !== 'root' && typeof parseName(zone) !== 'string')
      report(here, quoted(zone), 'the name of a zone ("example.com", "root")', 'key');
    if (asMap(how)[alien] !== undefined) report([...here, alien], `"${alien}" of "${field}"`, 'servers, first or tcp', 'key');
    const inWords = asMap(how).servers;
    asOneOrMore(inWords ?? (typeof how === 'string' || Array.isArray(how) ? how : undefined)).forEach((one, i) => {
      if (typeof one !== 'string' || parseAddress(one) !== undefined) return;
      host(one, inWords === undefined ? (Array.isArray(how) ? [...here, i] : here) : listPath(here, 'servers', inWords, i));
    });
  }
}

function checkAnchors(anchors: unknown, path: Path, { report, signed }: SettingsContext): void {
  asOneOrMore(anchors).forEach((anchor, i) => {
    if (typeof anchor !== 'string' || !isZone(anchor) || signed(anchor) === true) return;
    const found = signed(anchor) === false ? `${anchor}, which is not signed` : quoted(anchor);
    report(listPath(path, 'anchors', anchors, i), found, 'a zone of this world with "signed: true", or a DS or DNSKEY record');
  });
}
