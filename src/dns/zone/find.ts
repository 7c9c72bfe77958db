/** What a zone has to say about a name and type: the algorithm of RFC 1034 §4.3.2 with the wildcards of RFC 4592. */
import type { Explained } from '../../base/reason.ts';
import { explained, reason } from '../../base/reason.ts';
import type { Name, NameKey } from '../name.ts';
import { fromLabels, isSubdomain, join, key, labelCount, labels, MAX_NAME, parent, wireLength } from '../name.ts';
import type { RecordType, ResourceRecord, RRset } from '../record.ts';
import { dataOf } from '../record.ts';
import type { Zone, ZoneNode } from './zone.ts';
import { nodeAt } from './zone.ts';

export type Finding =
  /** Records of the type are there. For type ANY: one RRset of the name (RFC 8482 §4.1). */
  | (Found & { readonly kind: 'answer' })
  /** The name is an alias: the search goes on with `target`. */
  | (Found & { readonly kind: 'cname'; readonly target: Name })
  /** A name above is redirected. No target when the new name would be too long (RFC 6672 §2.2). */
  | (Found & { readonly kind: 'dname'; readonly target: Name | undefined })
  /** The name lies at or below a zone cut: its servers know. */
  | { readonly kind: 'referral'; readonly cut: ZoneNode; readonly nameServers: RRset }
  /** The name exists, the type does not. */
  | {
      readonly kind: 'nodata';
      /** The name that exists: the one asked for, or the wildcard that stands for it. */
      readonly node: ZoneNode;
      readonly wildcard: boolean;
    }
  /** The name does not exist. */
  | { readonly kind: 'nxdomain' /** The longest existing name above it (RFC 4592 §3.3.1). */; readonly closestEncloser: Name }
  /** The name is not in this zone at all. */
  | { readonly kind: 'outside' };

interface Found {
  readonly rrset: RRset;
  /** The signatures of `rrset`, none in an unsigned zone. */
  readonly signatures: readonly ResourceRecord[];
  /** The wildcard that the records were made from; they carry the name that was asked for. */
  readonly wildcard?: Name;
}

/** Looks `name` and `type` up in `zone`. */
export function find(zone: Zone, name: Name, type: RecordType): Explained<Finding> {
  if (!isSubdomain(name, zone.origin))
    return explained(
      { kind: 'outside' },
      reason('outside-zone', `${name} does not lie in the zone ${zone.origin}`, 'RFC 1034 §4.3.2 step 2'),
    );
  let node = nodeAt(zone, zone.origin) as ZoneNode;
  const path = keysBelow(zone.origin, name);
  for (const [i, id] of path.entries()) {
    if (node.sets.has('DNAME')) return redirected(node, name);
    const next = zone.nodes.get(id);
    if (!next) return missing(zone, node, name, type);
    node = next;
    const nameServers = node.sets.get('NS');
    // The DS set of a cut belongs to the parent's side of it (RFC 4035 §3.1.4.1).
    if (nameServers && !(type === 'DS' && i === path.length - 1)) return referral(zone, node, nameServers);
  }
  return atNode(node, name, type);
}

/** The keys of the names below `origin` on the way to `name`, topmost first, `name` last. */
function keysBelow(origin: Name, name: Name): NameKey[] {
  const path: NameKey[] = [];
  const depth = labelCount(name) - labelCount(origin);
  for (let id = key(name); path.length < depth; id = parent(id)) path.push(id);
  return path.reverse();
}

/** The node holds the data of the name asked for, or is the wildcard that stands for it. */
function atNode(node: ZoneNode, name: Name, type: RecordType, wildcard?: Name): Explained<Finding> {
  const set = type === 'ANY' ? node.sets.values().next().value : type === 'RRSIG' ? signatureSet(node) : node.sets.get(type);
  const by = wildcard === undefined ? '' : `, made from the wildcard ${wildcard}`;
  const wild =
    wildcard === undefined ? [] : [reason('wildcard', `${name} does not exist, so ${wildcard} stands for it`, 'RFC 4592 §3.3')];
  if (set) {
    const source = type === 'ANY' ? 'RFC 8482 §4.1' : 'RFC 1034 §4.3.2 step 3a';
    return explained(
      { kind: 'answer', ...found(node, set, name, wildcard) },
      ...wild,
      reason('answer', `The zone has ${set.type} records for ${name}${by}`, source),
    );
  }
  const cname = node.sets.get('CNAME');
  const target = cname && targetOf(cname);
  if (cname && target && !ABOUT_THE_ALIAS.has(type))
    return explained(
      { kind: 'cname', ...found(node, cname, name, wildcard), target },
      ...wild,
      reason('cname', `${name} is an alias of ${target}${by}`, 'RFC 1034 §4.3.2 step 3a'),
    );
  const nothing = node.sets.size === 0;
  const text = nothing ? `${name} exists only because names lie below it` : `${name} exists, but has no ${type} records`;
  return explained(
    { kind: 'nodata', node, wildcard: wildcard !== undefined },
    ...wild,
    reason(nothing ? 'empty-non-terminal' : 'nodata', text, nothing ? 'RFC 4592 §2.2.2' : 'RFC 2308 §2.2'),
  );
}

/** Types that describe the name itself, an alias or not: they are not looked for at the alias's target (RFC 4035 §2.5). */
const ABOUT_THE_ALIAS: ReadonlySet<RecordType> = new Set<RecordType>(['CNAME', 'NSEC', 'RRSIG']);

const targetOf = (cname: RRset): Name | undefined => dataOf(cname.records[0] as ResourceRecord, 'CNAME')?.target;

const found = (node: ZoneNode, set: RRset, name: Name, wildcard: Name | undefined): Found => {
  const signatures = set.type === 'RRSIG' ? [] : (node.signatures.get(set.type) ?? []);
  if (wildcard === undefined) return { rrset: set, signatures };
  return { rrset: renamed(set, name), signatures: signatures.map((r) => ({ ...r, name })), wildcard };
};

/** The same records under another owner name. */
const renamed = (set: RRset, name: Name): RRset => ({ ...set, name, records: set.records.map((r) => ({ ...r, name })) });

function signatureSet(node: ZoneNode): RRset | undefined {
  const records = [...node.signatures.values()].flat();
  const first = records[0];
  return first && { name: node.name, class: first.class, type: 'RRSIG', ttl: Math.min(...records.map((r) => r.ttl)), records };
}

function referral(zone: Zone, cut: ZoneNode, nameServers: RRset): Explained<Finding> {
  const text = `${zone.origin} has handed ${cut.name} to other servers`;
  return explained({ kind: 'referral', cut, nameServers }, reason('zone-cut', text, 'RFC 1034 §4.3.2 step 3b'));
}

function redirected(node: ZoneNode, name: Name): Explained<Finding> {
  const rrset = node.sets.get('DNAME') as RRset;
  const base = dataOf(rrset.records[0] as ResourceRecord, 'DNAME')?.target;
  const prefix = labels(name).slice(0, labelCount(name) - labelCount(node.name));
  const target = base && join(fromLabels(prefix).slice(0, -1), base);
  const fits = target !== undefined && wireLength(target) <= MAX_NAME;
  return explained(
    { kind: 'dname', rrset, signatures: node.signatures.get('DNAME') ?? [], target: fits ? target : undefined },
    reason('dname', `Names below ${node.name} continue below ${base ?? 'a name that cannot be read'}`, 'RFC 6672 §3.2'),
  );
}

/** No such name below `encloser`, the closest that exists: the wildcard there stands for it, if there is one. */
function missing(zone: Zone, encloser: ZoneNode, name: Name, type: RecordType): Explained<Finding> {
  const wildcard = nodeAt(zone, join('*', encloser.name));
  if (wildcard) return atNode(wildcard, name, type, wildcard.name);
  return explained(
    { kind: 'nxdomain', closestEncloser: encloser.name },
    reason('nxdomain', `${name} does not exist; the closest name that does is ${encloser.name}`, 'RFC 1034 §4.3.2 step 3c'),
  );
}
