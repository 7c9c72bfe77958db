/** Does a message fit an entry, and if not: what is the first thing that differs, as an engineer would say it? */
import type { Message } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { isBelow, isSubdomain, key, sameName } from '../dns/name.ts';
import { dataText } from '../dns/presentation.ts';
import type { ResourceRecord } from '../dns/record.ts';
import { dataOf } from '../dns/record.ts';
import type { Entry } from './entry.ts';
import type { Dialect } from './lines.ts';

/** Whether a query that the resolver sent fits an entry's `MATCH` lines. Letter case does not count. */
export function queryFits(query: Message, entry: Entry, transport: 'udp' | 'tcp'): boolean {
  const asked = query.question[0];
  const wanted = entry.message.question[0];
  return entry.match.every((criterion) => {
    switch (criterion) {
      case 'opcode':
        return query.opcode === entry.message.opcode;
      case 'qtype':
        return asked?.type === wanted?.type;
      case 'qname':
      case 'qcase':
        return asked !== undefined && wanted !== undefined && sameName(asked.name, wanted.name);
      case 'subdomain':
        return asked !== undefined && wanted !== undefined && isSubdomain(asked.name, wanted.name);
      case 'question':
        return (
          asked !== undefined &&
          wanted !== undefined &&
          sameName(asked.name, wanted.name) &&
          asked.type === wanted.type &&
          asked.class === wanted.class
        );
      case 'UDP':
        return transport === 'udp';
      case 'TCP':
        return transport === 'tcp';
      case 'DO':
        return query.edns?.do === true;
      case 'noedns':
        return query.edns === undefined;
      default:
        return true;
    }
  });
}

/** What differs between an answer and what was expected: `core` is the resolution itself, `full` its composition too. */
export interface Difference {
  readonly core: string | undefined;
  readonly full: string | undefined;
}

/** Compares a client's answer with the entry of a `CHECK_ANSWER` step. */
export function compare(got: Message, entry: Entry, dialect: Dialect): Difference {
  const criteria = new Set(dialect === 'deckard' ? entry.match.flatMap(spellOut) : entry.match);
  const wanted = entry.message;
  const ttl = criteria.has('ttl');
  const all = criteria.has('all');
  const has = (...words: string[]): boolean => all || words.some((word) => criteria.has(word));
  const core: (string | undefined)[] = [];
  const full: (string | undefined)[] = [];

  const error = entry.match.find((word) => word.startsWith('ede='));
  if (error !== undefined) full.push(extendedErrorDiffers(got, error.slice(4)));
  if (has('opcode')) core.push(differs('opcode', wanted.opcode, got.opcode));
  if (has('rcode')) core.push(differs('rcode', wanted.rcode, got.rcode));
  if (has('flags')) core.push(differs('flags', flagText(wanted), flagText(got)));
  // In Deckard's files an entry without a question fits any.
  const asks = dialect === 'unbound' || wanted.question.length > 0;
  if (asks && has('question', 'qname', 'qtype')) core.push(differs('question', questionText(wanted), questionText(got)));
  if (has('answer')) core.push(sectionDiffers('answer', wanted.answer, got.answer, ttl) ?? chainDiffers(wanted, got, dialect));
  if (has('authority')) {
    const negative = (wanted.rcode === 'NOERROR' && wanted.answer.length === 0) || wanted.rcode === 'NXDOMAIN';
    (negative ? core : full).push(sectionDiffers('authority', wanted.authority, got.authority, ttl));
  }
  if (has('additional')) full.push(sectionDiffers('additional', wanted.additional, got.additional, ttl));
  if (all && dialect === 'unbound' && error === undefined && !criteria.has('all_noedns'))
    full.push(differs('OPT', ednsText(wanted), ednsText(got)));
  const first = core.find((text) => text !== undefined);
  return { core: first, full: first ?? full.find((text) => text !== undefined) };
}

/** Deckard's `all` never looks at EDNS options or TTLs. */
const spellOut = (word: string): string[] =>
  word === 'all' ? ['opcode', 'qtype', 'qname', 'flags', 'rcode', 'answer', 'authority', 'additional'] : [word];

const differs = (what: string, wanted: string, got: string): string | undefined =>
  wanted.toLowerCase() === got.toLowerCase() ? undefined : `${what}: expected ${wanted || 'none'}, got ${got || 'none'}`;

const flagText = (m: Message): string =>
  (['qr', 'aa', 'tc', 'rd', 'ra', 'ad', 'cd'] as const)
    .filter((flag) => m.flags[flag])
    .join(' ')
    .toUpperCase();

const questionText = (m: Message): string => m.question.map((q) => `${q.name} ${q.class} ${q.type}`).join(', ');

function ednsText(m: Message): string {
  if (!m.edns) return 'none';
  return `version ${m.edns.version}, ${m.edns.udpSize} octets${m.edns.do ? ', DO' : ''}`;
}

function sectionDiffers(
  section: string,
  wanted: readonly ResourceRecord[],
  got: readonly ResourceRecord[],
  ttl: boolean,
): string | undefined {
  const left = got.map((r) => lineOf(r, ttl));
  for (const line of wanted.map((r) => lineOf(r, ttl))) {
    const at = left.indexOf(line);
    if (at < 0) return `${section}: expected ${line}, ${left.length > 0 ? `got ${left.join(' | ')}` : 'got nothing of the kind'}`;
    left.splice(at, 1);
  }
  return left.length > 0 ? `${section}: not expected ${left.join(' | ')}` : undefined;
}

/** One record as text for comparison, names in lower case throughout. */
const lineOf = (r: ResourceRecord, ttl: boolean): string =>
  `${key(r.name)}${ttl ? ` ${r.ttl}` : ''} ${r.class} ${r.type} ${r.type === 'TXT' ? dataText(r.type, r.data) : dataText(r.type, r.data).toLowerCase()}`;

/** In a chain of aliases the order of owner names counts. Deckard's files do not always write it down in that order. */
function chainDiffers(wanted: Message, got: Message, dialect: Dialect): string | undefined {
  const aliases = (m: Message): ResourceRecord[] => m.answer.filter((r) => r.type === 'CNAME' || r.type === 'DNAME');
  const text = (chain: readonly ResourceRecord[]): string => chain.map((r) => key(r.name)).join(' → ');
  const inOrder = dialect === 'deckard' ? alongChain(aliases(wanted), wanted.question[0]?.name) : aliases(wanted);
  return differs('chain', text(inOrder), text(aliases(got)));
}

/** Aliases in the order in which they lead on from `start`; what leads nowhere comes last. */
function alongChain(aliases: readonly ResourceRecord[], start: Name | undefined): ResourceRecord[] {
  const left = [...aliases];
  const out: ResourceRecord[] = [];
  for (let at = start; at !== undefined && left.length > 0; ) {
    const here: Name = at;
    const next = left.findIndex((r) => (r.type === 'DNAME' ? isBelow(here, r.name) : sameName(here, r.name)));
    const [found] = next < 0 ? [] : left.splice(next, 1);
    if (!found) break;
    out.push(found);
    at = dataOf(found, 'CNAME')?.target ?? here;
  }
  return [...out, ...left];
}

function extendedErrorDiffers(got: Message, wanted: string): string | undefined {
  const codes = (got.edns?.options ?? []).flatMap((option) => (option.option === 'extended-error' ? [String(option.code)] : []));
  if (wanted === 'any' ? codes.length > 0 : codes.includes(wanted)) return undefined;
  return `extended error: expected ${wanted}, got ${codes.join(' ') || 'none'}`;
}
