/** What is wrong with a zone as a whole, each record being right by itself. */
import type { Mistake } from '../../base/mistake.ts';
import type { Name } from '../name.ts';
import { isSubdomain, key, parent, sameName } from '../name.ts';
import type { RecordType, ResourceRecord } from '../record.ts';
import { dataOf, isOpaque } from '../record.ts';
import type { MasterFile } from './masterFile.ts';
import type { Zone, ZoneNode } from './zone.ts';
import { makeZone, nodeAt, rrsetAt, soaOf } from './zone.ts';

export interface ZoneProblem {
  /** An error makes answers wrong; a warning makes them surprising. */
  readonly severity: 'error' | 'warning';
  /** Short stable name: "cname-and-other-data". */
  readonly rule: string;
  readonly found: string;
  readonly expected: string;
  readonly source: string;
  /** A record that shows the problem; absent when something is missing from the whole zone. */
  readonly record?: ResourceRecord;
}

/** Everything that is wrong with these records as the zone `origin`, in no more than one problem for each of its causes. */
export function zoneProblems(origin: Name, records: readonly ResourceRecord[]): ZoneProblem[] {
  const zone = makeZone(origin, records);
  const problems = [...foreignRecords(zone, records), ...apexProblems(zone, records), ...unequalTtls(zone, records)];
  for (const node of zone.nodes.values())
    problems.push(...aliasProblems(node), ...cutProblems(zone, node), ...targetProblems(zone, node));
  for (const record of records)
    if (isOpaque(record.data) && record.data.unfit !== undefined)
      problems.push(
        warning(
          'unfit-data',
          `${record.type} data that does not fit: ${record.data.unfit}`,
          `data of type ${record.type}`,
          'RFC 3597 §4',
          record,
        ),
      );
  return problems;
}

/** The errors among the problems of a zone read from a file, as mistakes at the lines of their records. */
export function zoneMistakes(origin: Name, file: MasterFile): Mistake[] {
  return zoneProblems(origin, file.records)
    .filter((problem) => problem.severity === 'error')
    .map(({ found, expected, record }) => ({ ...file.placeOf(record), found, expected }));
}

const problem =
  (severity: ZoneProblem['severity']) =>
  (rule: string, found: string, expected: string, source: string, record?: ResourceRecord): ZoneProblem =>
    record ? { severity, rule, found, expected, source, record } : { severity, rule, found, expected, source };
const error = problem('error');
const warning = problem('warning');

function foreignRecords(zone: Zone, records: readonly ResourceRecord[]): ZoneProblem[] {
  return records.flatMap((r) => {
    if (!isSubdomain(r.name, zone.origin))
      return error('outside-zone', `the name ${r.name}`, `names in ${zone.origin}`, 'RFC 1035 §5.2', r);
    if (r.class !== zone.class)
      return error('other-class', `class ${r.class}`, `class ${zone.class} as in the first record`, 'RFC 1035 §5.2', r);
    return [];
  });
}

function apexProblems(zone: Zone, records: readonly ResourceRecord[]): ZoneProblem[] {
  const problems: ZoneProblem[] = [];
  const soa = soaOf(zone);
  if (!soa) problems.push(error('no-soa', `no SOA record at ${zone.origin}`, 'one SOA record there', 'RFC 1035 §5.2'));
  else if (soa.records.length > 1)
    problems.push(error('several-soa', `${soa.records.length} SOA records`, 'exactly one', 'RFC 1035 §5.2', soa.records[1]));
  for (const r of records)
    if (r.type === 'SOA' && isSubdomain(r.name, zone.origin) && !sameName(r.name, zone.origin))
      problems.push(error('soa-below-apex', `an SOA record at ${r.name}`, `it at ${zone.origin} only`, 'RFC 1035 §5.2', r));
  if (!rrsetAt(zone, zone.origin, 'NS'))
    problems.push(error('no-name-servers', `no NS records at ${zone.origin}`, 'the zone’s name servers', 'RFC 1034 §4.2.1'));
  return problems;
}

/** Records of one RRset have one TTL; where a file gives several, the lowest counts (RFC 2181 §5.2). */
function unequalTtls(zone: Zone, records: readonly ResourceRecord[]): ZoneProblem[] {
  const told = new Set<string>();
  return records.flatMap((r) => {
    const set = r.type === 'RRSIG' ? undefined : rrsetAt(zone, r.name, r.type);
    if (!set || r.ttl === set.ttl || told.has(`${key(r.name)} ${r.type}`)) return [];
    told.add(`${key(r.name)} ${r.type}`);
    return warning(
      'unequal-ttls',
      `TTLs ${set.ttl} and ${r.ttl} in one RRset, so ${set.ttl} is used`,
      'one TTL for all of its records',
      'RFC 2181 §5.2',
      r,
    );
  });
}

/** What may stand beside an alias: the records that prove what the name holds (RFC 4035 §2.5). */
const BESIDE_CNAME: ReadonlySet<RecordType> = new Set<RecordType>(['CNAME', 'NSEC']);

function aliasProblems(node: ZoneNode): ZoneProblem[] {
  const problems: ZoneProblem[] = [];
  const cname = node.sets.get('CNAME');
  const others = [...node.sets.keys()].filter((type) => !BESIDE_CNAME.has(type));
  if (cname && others.length > 0)
    problems.push(
      error(
        'cname-and-other-data',
        `${others.join(', ')} beside a CNAME at ${node.name}`,
        'nothing beside a CNAME',
        'RFC 1034 §3.6.2',
        cname.records[0],
      ),
    );
  for (const type of ['CNAME', 'DNAME'] as const) {
    const records = node.sets.get(type)?.records ?? [];
    if (records.length > 1)
      problems.push(
        error(
          'several-aliases',
          `${records.length} ${type} records at ${node.name}`,
          'one',
          type === 'CNAME' ? 'RFC 2181 §10.1' : 'RFC 6672 §2.4',
          records[1],
        ),
      );
  }
  return problems;
}

/** Types of the parent's side of a cut, and glue. */
const AT_CUT: ReadonlySet<RecordType> = new Set<RecordType>(['NS', 'DS', 'NSEC', 'A', 'AAAA']);
const GLUE: ReadonlySet<RecordType> = new Set<RecordType>(['A', 'AAAA']);

function cutProblems(zone: Zone, node: ZoneNode): ZoneProblem[] {
  const isApex = sameName(node.name, zone.origin);
  const isCut = !isApex && node.sets.has('NS');
  const problems: ZoneProblem[] = [];
  const ds = node.sets.get('DS');
  if (ds && !isCut)
    problems.push(
      warning('ds-without-cut', `DS at ${node.name}`, 'it beside the NS records of a delegation', 'RFC 4035 §2.4', ds.records[0]),
    );
  const above = isApex ? undefined : divider(zone, node.name);
  for (const set of node.sets.values()) {
    const record = set.records[0];
    if (above?.kind === 'cut' && !GLUE.has(set.type))
      problems.push(
        warning(
          'below-cut',
          `${set.type} records below the zone cut ${above.name}`,
          'glue addresses only',
          'RFC 1034 §4.2.1',
          record,
        ),
      );
    else if (above?.kind === 'dname')
      problems.push(
        warning(
          'below-dname',
          `${set.type} records below the DNAME at ${above.name}`,
          'nothing below a DNAME',
          'RFC 6672 §2.4',
          record,
        ),
      );
    else if (isCut && !above && !AT_CUT.has(set.type))
      problems.push(
        warning(
          'at-cut',
          `${set.type} records at the zone cut ${node.name}`,
          'NS and DS only: the rest is the child’s',
          'RFC 2181 §6.1',
          record,
        ),
      );
  }
  return problems;
}

/** The topmost cut or DNAME strictly above a name and below the apex, or a DNAME at the apex. */
function divider(zone: Zone, name: Name): { kind: 'cut' | 'dname'; name: Name } | undefined {
  let found: { kind: 'cut' | 'dname'; name: Name } | undefined;
  for (let at = parent(name); isSubdomain(at, zone.origin); at = parent(at)) {
    const sets = nodeAt(zone, at)?.sets;
    const isApex = sameName(at, zone.origin);
    if (sets?.has('DNAME')) found = { kind: 'dname', name: at };
    if (sets?.has('NS') && !isApex) found = { kind: 'cut', name: at };
    if (isApex) break;
  }
  return found;
}

/** Name servers and mail exchangers need addresses of their own (RFC 2181 §10.3). */
function targetProblems(zone: Zone, node: ZoneNode): ZoneProblem[] {
  const problems: ZoneProblem[] = [];
  const records = [...(node.sets.get('NS')?.records ?? []), ...(node.sets.get('MX')?.records ?? [])];
  for (const r of records) {
    const target = dataOf(r, 'NS')?.nameServer ?? dataOf(r, 'MX')?.exchange;
    if (target === undefined || !isSubdomain(target, zone.origin)) continue;
    const held = nodeAt(zone, target)?.sets;
    if (held?.has('CNAME'))
      problems.push(
        warning('alias-as-target', `${target}, an alias, as target of ${r.type}`, 'a name with addresses', 'RFC 2181 §10.3', r),
      );
    // Only a server in the domain that it serves cannot be found without glue (RFC 9471 §2.1).
    else if (
      r.type === 'NS' &&
      isSubdomain(target, node.name) &&
      !held?.has('A') &&
      !held?.has('AAAA') &&
      !divider(zone, node.name)
    )
      problems.push(
        warning('missing-glue', `no address of ${target}`, `A or AAAA records, since it serves ${node.name}`, 'RFC 9471 §3', r),
      );
  }
  return problems;
}
