/** CIDR collections as the console shows them: whose block holds an address, bit by bit, and what speaks against a new block. */
import {
  type Address,
  addressBytes,
  type Cidr,
  cidr,
  cidrBase,
  cidrPrefix,
  contains,
  isIPv6,
  parseAddress,
  parseCidr,
} from '../../../base/address.ts';
import { type CidrCollection, changeCidrCollection } from '../../../route53/routing/cidr.ts';
import { listedSets } from '../../../route53/table.ts';
import { labelIn, type ShownZone } from '../zone/records.ts';

/** One block of a location, and how it stands to an address. */
export interface BlockRow {
  readonly location: string;
  readonly block: Cidr;
  /** How many of its leading bits the address has, at most its length; absent while nothing is asked. */
  readonly equal?: number;
  readonly prefix: number;
  /** Whether it holds the address, and whether it is the longest that does. */
  readonly holds: boolean;
  readonly wins: boolean;
}

export interface NetworkRow {
  readonly location: string;
  readonly blocks: readonly BlockRow[];
  /** "net A" of each record that names this location. */
  readonly usedBy: readonly string[];
}

/** Why Route 53 keeps a collection that is to be deleted; undefined when it would not (API Reference, DeleteCidrCollection). */
export function keptCollection({ id, locations }: CidrCollection, zones: readonly ShownZone[]): string | undefined {
  const blocks = [...locations.values()].flat().length;
  const users = usersOf(zones, id);
  const said = [
    ...(blocks > 0 ? [`holds ${blocks} ${blocks === 1 ? 'block' : 'blocks'}`] : []),
    ...(users.length > 0 ? [`is used by ${[...new Set(users)].join(', ')}`] : []),
  ];
  return said.length > 0 ? said.join(', and ') : undefined;
}

/** Reads what was typed: an address, or a block as a client subnet has it. */
export function askerIn(text: string): Cidr | undefined {
  const typed = text.trim();
  const one = parseAddress(typed);
  return one === undefined ? parseCidr(typed) : cidr(one, isIPv6(one) ? 128 : 32);
}

/** The locations of a collection with their blocks, the records of `zones` that use them, and how each stands to `asker`. */
export function networkRows(collection: CidrCollection, zones: readonly ShownZone[], asker?: Cidr): NetworkRow[] {
  const winner = asker === undefined ? undefined : longest(collection, asker);
  const names = [...collection.locations.keys(), '*'];
  return names.map((location) => ({
    location,
    blocks: (collection.locations.get(location) ?? []).map((block) => ({
      location,
      block,
      prefix: cidrPrefix(block),
      ...(asker !== undefined && isIPv6(cidrBase(block)) === isIPv6(cidrBase(asker)) ? { equal: equalBits(block, asker) } : {}),
      holds: asker !== undefined && contains(block, asker),
      wins: winner?.block === block && winner.location === location,
    })),
    usedBy: usersOf(zones, collection.id, location),
  }));
}

/** The block with the longest prefix that holds all of the asker, whatever its location. */
function longest(collection: CidrCollection, asker: Cidr): { readonly location: string; readonly block: Cidr } | undefined {
  let best: { readonly location: string; readonly block: Cidr } | undefined;
  for (const [location, blocks] of collection.locations)
    for (const block of blocks)
      if (contains(block, asker) && (best === undefined || cidrPrefix(block) > cidrPrefix(best.block)))
        best = { location, block };
  return best;
}

/** In a sentence: which location an asker belongs to, and by which block. */
export function verdictOn(collection: CidrCollection, asker: Cidr): string {
  const best = longest(collection, asker);
  if (best) return `${best.location}, by the block ${best.block}: the longest that holds it.`;
  const wider = [...collection.locations].flatMap(([location, blocks]) =>
    blocks.filter((block) => contains(asker, block)).map((block) => `${location}’s ${block}`),
  )[0];
  if (wider !== undefined) return `*, everyone else: this network is wider than ${wider}, so that block does not hold all of it.`;
  return '*, everyone else: no block holds it.';
}

/** How many leading bits of a block and an asker are the same, at most the length of the block. */
function equalBits(block: Cidr, asker: Cidr): number {
  const [a, b] = [addressBytes(cidrBase(block)), addressBytes(cidrBase(asker))];
  const most = Math.min(cidrPrefix(block), cidrPrefix(asker));
  for (let i = 0; i < most; i++) if (bitOf(a, i) !== bitOf(b, i)) return i;
  return most;
}

const bitOf = (bytes: Uint8Array, i: number): number => ((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;

/** The leading bits of a block or an address, as text of noughts and ones. */
export const bitsOf = (at: Address, count: number): string => {
  const bytes = addressBytes(at);
  return Array.from({ length: count }, (_, i) => bitOf(bytes, i)).join('');
};

/** The records that use a collection, or one location of it. */
function usersOf(zones: readonly ShownZone[], id: string, location?: string): string[] {
  return zones.flatMap(({ zone }) =>
    listedSets(zone.records).flatMap(({ name, type, routing }) =>
      routing.policy === 'ip-based' &&
      routing.cidrRoutingConfig.collectionId === id &&
      (location === undefined || routing.cidrRoutingConfig.locationName === location)
        ? [`${labelIn(name, zone.name)} ${type}`]
        : [],
    ),
  );
}

/** What speaks against putting blocks into a location, in the service's words; empty when nothing does. */
export function blockFaults(collection: CidrCollection, location: string, text: string): string[] {
  const blocks = blocksIn(text);
  if (location.trim() === '' && blocks.length === 0) return [];
  const result = changeCidrCollection(collection, [{ action: 'PUT', locationName: location.trim(), cidrList: blocks }]);
  return result.ok ? [] : result.faults.map(({ text: said, expected }) => `${said}. Needed: ${expected}.`);
}

/** Blocks as they are typed, with blanks, commas or lines between. */
export const blocksIn = (text: string): string[] => text.split(/[\s,]+/).filter((one) => one !== '');
