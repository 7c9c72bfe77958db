/**
 * How a signed zone proves what does not exist: with NSEC records (RFC 4035 §3.1.3) or NSEC3 records (RFC 5155 §7.2),
 * as they stand in the zone. Nothing is signed here.
 */

import { base32Text } from '../../base/octets.ts';
import type { Name } from '../name.ts';
import { ancestor, canonicalKey, join, key, labelCount, labels, parent } from '../name.ts';
import { nsec3Hash } from '../nsec3.ts';
import type { DataByType, ResourceRecord } from '../record.ts';
import { dataOf } from '../record.ts';
import type { Zone, ZoneNode } from './zone.ts';
import { rrsetAt } from './zone.ts';

/** Proof that `name` does not exist and no wildcard stands for it; `encloser` is the longest name above it that exists. */
export function proveNoName(zone: Zone, name: Name, encloser: Name): ResourceRecord[] {
  const wildcard = join('*', encloser);
  const chain = chainOf(zone);
  if (chain.hash === undefined) return merged([covering(chain, name), covering(chain, wildcard)]);
  return merged([...closestEncloser(chain, name, encloser), covering(chain, wildcard)]);
}

/** Proof that `name`, which exists, has not the type; for a cut, that it has no DS. */
export function proveNoType(zone: Zone, name: Name): ResourceRecord[] {
  const chain = chainOf(zone);
  const match = matching(chain, name);
  if (match) return merged([match]);
  // An empty non-terminal has no NSEC: the one that covers it shows that names below it exist. With NSEC3 opt-out a
  // delegation need not have a record: then the proof is that none of its own exists (RFC 5155 §7.2.4, §7.2.7).
  return merged(chain.hash === undefined ? [covering(chain, name)] : closestEncloser(chain, name, parent(name)));
}

/** Proof that a wildcard which exists has not the type, and that `name` itself does not exist. */
export function proveNoWildcardType(zone: Zone, name: Name, wildcard: Name): ResourceRecord[] {
  const chain = chainOf(zone);
  if (chain.hash === undefined) return merged([matching(chain, wildcard) ?? covering(chain, wildcard), covering(chain, name)]);
  return merged([...closestEncloser(chain, name, parent(wildcard)), matching(chain, wildcard)]);
}

/** Proof that an answer made from a wildcard had to be: nothing closer to `name` exists below `encloser`. */
export function proveExpansion(zone: Zone, name: Name, encloser: Name): ResourceRecord[] {
  const chain = chainOf(zone);
  return merged([covering(chain, chain.hash === undefined ? name : nextCloser(name, encloser))]);
}

/** The records of a zone that prove absence, in the order of their chain. */
interface Chain {
  /** The key under which a name stands in an NSEC3 chain; undefined when the chain is one of NSEC. */
  readonly hash: ((name: Name) => string) | undefined;
  readonly links: readonly { readonly at: string; readonly node: ZoneNode }[];
}

/** Chains made so far: a zone never changes, so its chain is made once, when it is first needed. */
const CHAINS = new WeakMap<Zone, Chain>();

function chainOf(zone: Zone): Chain {
  const known = CHAINS.get(zone);
  if (known) return known;
  const chain = makeChain(zone);
  CHAINS.set(zone, chain);
  return chain;
}

function makeChain(zone: Zone): Chain {
  const parameters = parametersOf(zone);
  const nodes = parameters ? [...zone.hashed.values()] : [...zone.nodes.values()].filter((node) => node.sets.has('NSEC'));
  const links = nodes.map((node) => ({ at: parameters ? firstLabel(node.name) : canonicalKey(node.name), node }));
  links.sort((a, b) => (a.at < b.at ? -1 : 1));
  // Base32hex keeps the order of the octets, so hashes are compared as text (RFC 5155 §1.3).
  return { hash: parameters && ((name) => base32Text(nsec3Hash(name, parameters)).toLowerCase()), links };
}

/** How the zone's names are hashed; undefined when it has no NSEC3 records. */
function parametersOf(zone: Zone): Pick<DataByType['NSEC3'], 'salt' | 'iterations'> | undefined {
  const stated = rrsetAt(zone, zone.origin, 'NSEC3PARAM')?.records[0];
  const first = zone.hashed.values().next().value?.sets.get('NSEC3')?.records[0];
  return first && ((stated && dataOf(stated, 'NSEC3PARAM')) ?? dataOf(first, 'NSEC3'));
}

const firstLabel = (name: Name): string => (labels(name)[0] ?? '').toLowerCase();

const positionOf = (chain: Chain, name: Name): string => (chain.hash ? chain.hash(name) : canonicalKey(name));

/** The link that stands at `name` itself. */
function matching(chain: Chain, name: Name): ZoneNode | undefined {
  const at = positionOf(chain, name);
  const link = chain.links[lastUpTo(chain, at)];
  return link?.at === at ? link.node : undefined;
}

/** The link whose gap `name` lies in; the last link's gap goes on to the first. */
function covering(chain: Chain, name: Name): ZoneNode | undefined {
  const i = lastUpTo(chain, positionOf(chain, name));
  return chain.links.at(i)?.node;
}

/** The index of the last link at or before a position; −1 when all come after it. */
function lastUpTo(chain: Chain, at: string): number {
  let low = 0;
  let high = chain.links.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chain.links[middle] as Chain['links'][number]).at <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The closest encloser proof (RFC 5155 §7.2.1): the longest name above that has a record, and that the next longer
 * name has none. With opt-out an existing name may be without a record, so the search goes upwards from `encloser`.
 */
function closestEncloser(chain: Chain, name: Name, encloser: Name): (ZoneNode | undefined)[] {
  for (let count = Math.min(labelCount(encloser), labelCount(name) - 1); count >= 0; count--) {
    const provable = ancestor(name, count);
    const match = matching(chain, provable);
    if (match) return [match, covering(chain, nextCloser(name, provable))];
  }
  return [];
}

/** The name one label longer than `encloser` on the way to `name`. */
const nextCloser = (name: Name, encloser: Name): Name => ancestor(name, labelCount(encloser) + 1);

/** The NSEC or NSEC3 sets of the links with their signatures, each once. */
function merged(nodes: readonly (ZoneNode | undefined)[]): ResourceRecord[] {
  const distinct = new Map(nodes.flatMap((node) => (node ? [[key(node.name), node] as const] : [])));
  return [...distinct.values()].flatMap((node) => signed(node, node.sets.has('NSEC3') ? 'NSEC3' : 'NSEC'));
}

/** The records of one type at a node with their signatures. */
const signed = (node: ZoneNode, type: 'NSEC' | 'NSEC3'): ResourceRecord[] => [
  ...(node.sets.get(type)?.records ?? []),
  ...(node.signatures.get(type) ?? []),
];
