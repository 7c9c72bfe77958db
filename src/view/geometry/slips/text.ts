/**
 * What is written on a slip: a message in the fewest words that still show what it does. The question comes first and a
 * response repeats it in grey, so a response reads as the same slip, more filled in.
 */
import type { Message } from '../../../dns/message.ts';
import { key, type Name } from '../../../dns/name.ts';
import { fieldsText } from '../../../dns/presentation/text.ts';
import { dataOf, isOpaque, type KnownType, type ResourceRecord, rrsets } from '../../../dns/record.ts';
import { describeMessage, type MessageDescription } from '../../../trace/describe.ts';
import type { MessageId, PacketRecord, Trace } from '../../../trace/trace.ts';

/** The hue and silhouette of a slip. */
export type SlipKind = 'query' | 'referral' | 'answer' | 'negative' | 'http' | 'error' | 'cut';

export interface SlipRow {
  readonly text: string;
  readonly role: 'title' | 'question' | 'value' | 'note' | 'strong' | 'name';
  /** On the name of a server: whether its address is enclosed. */
  readonly enclosed?: boolean;
}

export interface SlipText {
  readonly kind: SlipKind;
  readonly rows: readonly SlipRow[];
  /** At the right end of the first line: the size, or the protocol. */
  readonly corner?: string;
  /** AA 1: the server speaks for the zone. */
  readonly sealed: boolean;
  /** A cross for a firm no. */
  readonly crossed: boolean;
}

/** What a message's slip says. `note` is a second line for a query that is asked once more: "to b, second try". */
export function slipText(trace: Trace, id: MessageId, note?: string): SlipText {
  const about = describeMessage(trace, id);
  const { dns } = about;
  if (!dns) return otherProtocol(trace, id, about);
  const asked = questionOf(dns);
  const corner = sizeText(about.bytes);
  const common = { corner, sealed: dns.flags.aa && dns.flags.qr, crossed: false };
  const first = row('question', asked);
  switch (about.kind) {
    case 'query':
      return {
        kind: 'query',
        rows: note ? [row('value', asked), row('note', note)] : [row('value', asked)],
        sealed: false,
        crossed: false,
      };
    case 'referral':
      return { kind: 'referral', rows: [row('title', 'Referral, not an answer'), first, ...referralRows(dns)], ...common };
    case 'answer':
      return { kind: 'answer', rows: [row('title', 'Answer'), first, ...answerRows(dns), ...segmentsRow(trace, id)], ...common };
    case 'cname':
      return { kind: 'answer', rows: [row('title', 'Answer: another name'), first, ...aliasRows(dns)], ...common };
    case 'no-such-name':
      return {
        kind: 'negative',
        rows: [row('title', 'No such name'), first, row('note', 'No records of any type.'), ...negativeRows(dns)],
        ...common,
        crossed: true,
      };
    case 'no-such-type':
      return {
        kind: 'negative',
        rows: [
          row('title', 'No such type'),
          first,
          row('note', `The name is there, ${dns.question[0]?.type ?? 'this type'} is not.`),
          ...negativeRows(dns),
        ],
        ...common,
        crossed: true,
      };
    case 'truncated':
      return { kind: 'cut', rows: [row('title', 'Cut short, TC 1'), first, row('note', 'no records; come by TCP')], ...common };
    default:
      return { kind: 'error', rows: [row('title', about.label), first, row('note', failureNote(dns))], ...common, sealed: false };
  }
}

/** The same in at most four lines, for the short way between client and resolver. */
export function shortest(text: SlipText): SlipText {
  if (text.rows.length <= 4) return text;
  const notes = text.rows.filter((one) => one.role === 'note');
  if (text.kind !== 'negative') return { ...text, rows: text.rows.filter((one) => one.role !== 'note' || one === notes.at(-1)) };
  // "You may repeat this “no”" stands on a line of its own: without it the rest must say what is meant.
  const rest = text.rows.filter((one) => one.role !== 'note');
  return { ...text, rows: rest.map((one) => (one.role === 'strong' ? row('strong', `repeat it ${one.text}`) : one)) };
}

/** What the slip of a lost message says: `note` tells where it was going and how far it came. */
export function lostText(trace: Trace, id: MessageId | undefined, note: string): SlipText {
  const about = id === undefined ? undefined : describeMessage(trace, id);
  const asked = about?.dns ? questionOf(about.dns) : (about?.line ?? 'TCP');
  return {
    kind: 'error',
    rows: [row('title', 'Lost on the way'), row('question', asked), row('note', note)],
    ...(about ? { corner: sizeText(about.bytes) } : {}),
    sealed: false,
    crossed: false,
  };
}

/** What a TCP reset says: nobody listens there, or the connection is broken off (RFC 9293 §3.5.2). */
export function resetText(trace: Trace, packet: PacketRecord): SlipText {
  const before = trace.packets
    .slice(0, packet.id)
    .findLast(
      (one) => one.from.address === packet.to.address && one.from.port === packet.to.port && one.to.port === packet.from.port,
    );
  const refused = before?.tcp?.flags.syn === true;
  return {
    kind: 'error',
    rows: [row('title', refused ? 'Refused' : 'Broken off'), row('note', `TCP RST from ${packet.from.address}`)],
    sealed: false,
    crossed: false,
  };
}

/** The same words on the slip of somebody who only pretends to be the sender. */
export const forgedText = (text: SlipText): SlipText => ({
  ...text,
  kind: 'error',
  sealed: false,
  rows: text.rows.map((one, i) => (i === 0 ? row('title', 'Forged') : one)),
});

/** "www.example.com A ?": the question as slips print it, without the final dot. */
export function questionOf(message: Message): string {
  const question = message.question[0];
  return question ? `${bare(question.name)} ${question.type} ?` : 'no question';
}

/** A name as people write it, without its final dot; the root stays ".". */
export const bare = (name: Name): string => (name.length > 1 ? name.slice(0, -1) : name);

/** "188 B", "2 024 B". */
const sizeText = (bytes: number): string =>
  `${bytes >= 1000 ? `${Math.floor(bytes / 1000)} ${String(bytes % 1000).padStart(3, '0')}` : bytes} B`;

function referralRows(message: Message): SlipRow[] {
  const servers = message.authority.flatMap((r) => {
    const data = dataOf(r, 'NS');
    return data ? [{ zone: r.name, name: data.nameServer }] : [];
  });
  const zone = servers[0]?.zone;
  const glue = new Set(message.additional.filter((r) => r.type === 'A' || r.type === 'AAAA').map((r) => key(r.name)));
  const lead = row('note', `For ${zone === undefined ? '' : zone === '.' ? 'the root' : bare(zone)}, ask one of`);
  if (servers.length <= 4)
    return [lead, ...servers.map(({ name }) => ({ ...row('name', bare(name)), enclosed: glue.has(key(name)) }))];
  const enclosed = message.additional.filter((r) => r.type === 'A' || r.type === 'AAAA').length;
  const first = bare((servers[0] as { name: Name }).name);
  const last = bare((servers.at(-1) as { name: Name }).name);
  return [
    lead,
    { ...row('name', first), enclosed: glue.has(key((servers[0] as { name: Name }).name)) },
    row('note', `to ${last},`),
    row('note', `${servers.length} in all, ${enclosed} addresses enclosed`),
  ];
}

function answerRows(message: Message): SlipRow[] {
  const wanted = message.question[0]?.type;
  const set = rrsets(message.answer).find((s) => s.type === wanted) ?? rrsets(message.answer)[0];
  if (!set) return [];
  const values = set.records.map(valueText);
  const short = values.every((value) => value.length <= 28) && values.length <= 3;
  const value = short ? values.map((text) => row('value', text)) : [row('value', `${set.records.length} ${set.type} records`)];
  return [...value, row('note', `keep it ${set.ttl} s`)];
}

/** Over TCP a long answer comes in pieces. */
function segmentsRow(trace: Trace, id: MessageId): SlipRow[] {
  const record = trace.messages[id];
  return record?.transport === 'tcp'
    ? [row('note', `by TCP, in ${record.packets.length === 1 ? 'one segment' : `${record.packets.length} segments`}`)]
    : [];
}

function aliasRows(message: Message): SlipRow[] {
  const alias = message.answer.find((r) => r.type === 'CNAME');
  const target = alias && dataOf(alias, 'CNAME')?.target;
  return target === undefined ? [] : [row('value', bare(target)), row('note', `keep it ${alias?.ttl} s`)];
}

/** How long the no may be repeated: the smaller of the SOA's TTL and its last field (RFC 2308 §5). */
function negativeRows(message: Message): SlipRow[] {
  const soa = message.authority.find((r) => r.type === 'SOA');
  const data = soa && dataOf(soa, 'SOA');
  if (!soa || !data) return [row('note', 'It may not be kept.')];
  return [row('note', 'You may repeat this “no”'), row('strong', `for ${Math.min(soa.ttl, data.minimum)} s.`)];
}

function failureNote(message: Message): string {
  if (message.rcode === 'REFUSED') return 'not my zone';
  if (message.rcode === 'SERVFAIL') return 'I could not find out';
  return message.rcode;
}

function otherProtocol(trace: Trace, id: MessageId, about: MessageDescription): SlipText {
  const record = trace.messages[id];
  const lines = new TextDecoder().decode(record?.bytes.subarray(0, 600) ?? new Uint8Array()).split('\r\n');
  const first = lines[0] ?? '';
  const plain = { kind: 'http' as const, sealed: false, crossed: false };
  if (about.kind === 'http-request') {
    const host = lines.find((line) => /^host:/i.test(line)) ?? '';
    const to = record ? `to ${record.to.address} port ${record.to.port}` : '';
    return {
      ...plain,
      corner: 'HTTP',
      rows: [row('value', first.replace(/ HTTP\/.*$/, '')), row('question', host), row('note', to)],
    };
  }
  if (about.kind === 'http-response')
    return {
      ...plain,
      corner: 'HTTP',
      rows: [row('value', first.replace(/^HTTP\/\S+ /, '')), row('note', `the page, ${sizeText(about.bytes)}`)],
    };
  return { ...plain, corner: about.label, rows: [row('strong', first.slice(0, 26) || about.label)] };
}

export function valueText(record: ResourceRecord): string {
  if (isOpaque(record.data)) return record.type;
  return fieldsText(record.type as KnownType, record.data).replace(/\.$/, '');
}

const row = (role: SlipRow['role'], text: string): SlipRow => ({ role, text });
