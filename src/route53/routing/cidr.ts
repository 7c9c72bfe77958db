/** CIDR collections for IP-based routing: blocks in locations in a collection (Developer Guide, routing-policy-ipbased). */
import type { Cidr } from '../../base/address.ts';
import { cidrBase, cidrPrefix, contains, isIPv6, parseAddress, parseCidr } from '../../base/address.ts';
import type { Fault } from '../faults.ts';
import { LIMITS } from '../limits.ts';

export interface CidrCollection {
  readonly id: string;
  readonly name: string;
  /** Counts up with every change; a change may name the version that it expects. */
  readonly version: number;
  /** Blocks by location name. A location may mix IPv4 and IPv6. */
  readonly locations: ReadonlyMap<string, readonly Cidr[]>;
}

export interface CidrChange {
  readonly action: 'PUT' | 'DELETE_IF_EXISTS';
  readonly locationName: string;
  readonly cidrList: readonly string[];
}

export const newCidrCollection = (id: string, name: string): CidrCollection => ({ id, name, version: 1, locations: new Map() });

export type CidrResult =
  | { readonly ok: true; readonly collection: CidrCollection }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Applies changes to a collection, all or none (API Reference, ChangeCidrCollection). With `expectedVersion` the change
 * is refused when somebody else was quicker.
 */
export function changeCidrCollection(
  collection: CidrCollection,
  changes: readonly CidrChange[],
  expectedVersion?: number,
): CidrResult {
  const source = 'API Reference, ChangeCidrCollection';
  const refusal = (code: Fault['code'], text: string, expected: string, path: Fault['path']): Fault => ({
    code,
    text,
    expected,
    path,
    source,
  });
  if (expectedVersion !== undefined && expectedVersion !== collection.version) {
    const text = `The CIDR collection version you provided, ${expectedVersion}, does not match the one in the CidrCollectionId, ${collection.version}`;
    const expected = `version ${collection.version}`;
    return { ok: false, faults: [refusal('CidrCollectionVersionMismatchException', text, expected, ['CollectionVersion'])] };
  }
  const faults: Fault[] = [];
  const locations = new Map(collection.locations);
  for (const [i, { action, locationName, cidrList }] of changes.entries()) {
    if (!/^[0-9A-Za-z_-]{1,16}$/.test(locationName))
      faults.push(
        refusal('InvalidInput', `Invalid location name ${locationName}`, '1 to 16 letters, digits, "-" or "_"', [
          'Changes',
          i,
          'LocationName',
        ]),
      );
    const blocks: Cidr[] = [];
    for (const [j, text] of cidrList.entries()) {
      const block = parseCidr(text);
      if (block === undefined || cidrBase(block) !== parseAddress(text.slice(0, text.lastIndexOf('/'))) || !isRoutable(block))
        faults.push(
          refusal(
            'InvalidInput',
            `Invalid CIDR block ${text}`,
            'a block from /1 to /24 (IPv4) or /1 to /48 (IPv6), host bits zero',
            ['Changes', i, 'CidrList', j],
          ),
        );
      else blocks.push(block);
    }
    const present = locations.get(locationName) ?? [];
    const next = action === 'PUT' ? [...new Set([...present, ...blocks])] : present.filter((block) => !blocks.includes(block));
    if (next.length > 0) locations.set(locationName, next);
    else locations.delete(locationName);
  }
  const count = [...locations.values()].reduce((sum, blocks) => sum + blocks.length, 0);
  if (count > LIMITS.cidrBlocks.most)
    faults.push(
      refusal(
        'LimitsExceeded',
        `A CIDR collection can have ${LIMITS.cidrBlocks.most} blocks`,
        `at most ${LIMITS.cidrBlocks.most} ${LIMITS.cidrBlocks.what}`,
        ['Changes'],
      ),
    );
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, collection: { ...collection, version: collection.version + 1, locations } };
}

/** Everything else is said by the location `*`, not by a block of length 0. */
const isRoutable = (block: Cidr): boolean => {
  const prefix = cidrPrefix(block);
  return prefix >= 1 && prefix <= (isIPv6(cidrBase(block)) ? 48 : 24);
};

/**
 * The longest block of a location that holds all of `asker`; undefined when none does. A subnet wider than a block is
 * not held by it (Developer Guide, routing-policy-ipbased).
 */
export function longestBlock(collection: CidrCollection, locationName: string, asker: Cidr): Cidr | undefined {
  let longest: Cidr | undefined;
  for (const block of collection.locations.get(locationName) ?? [])
    if (contains(block, asker) && (longest === undefined || cidrPrefix(block) > cidrPrefix(longest))) longest = block;
  return longest;
}
