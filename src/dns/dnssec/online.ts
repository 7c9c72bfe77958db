/**
 * Signing while answering, as Route 53 does: the responses of a server that knows nothing of DNSSEC get their signatures on the
 * way out, and a name that does not exist is proven to have nothing but the proof itself (compact denial, RFC 9824).
 */
import type { Explained } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import type { Message, Question } from '../message.ts';
import type { Name } from '../name.ts';
import { isSubdomain, join, sameName } from '../name.ts';
import type { RecordType, ResourceRecord, RRset } from '../record.ts';
import { dataOf, record, rrsets, typeCode } from '../record.ts';
import type { Asking } from '../responder.ts';
import type { SignatureWindow, SigningKey, SigningMemo } from './signing.ts';
import { signSet } from './signing.ts';

export interface OnlineZone {
  readonly origin: Name;
  /** Sign the keys: one, or two while one takes the place of the other. */
  readonly ksks: readonly SigningKey[];
  readonly zsk: SigningKey;
  /** The time of signatures made at an instant. */
  window(at: Instant): SignatureWindow;
  /** The types that exist at a name, wildcards considered; none for a name that is there for those below it only; undefined when it does not exist. */
  typesAt(name: Name): readonly RecordType[] | undefined;
  readonly memo?: SigningMemo | undefined;
}

/** How long the keys may be kept, in seconds. */
const KEY_TTL = 3600;

/** In a signed zone nothing may be kept for more than a week, in seconds (Developer Guide, dns-configuring-dnssec). */
const LONGEST_TTL = 604_800;

/** Stands in the bitmap of a name that does not exist (RFC 9824 §2). */
const NXNAME: RecordType = 'TYPE128';

/** The responder for a zone whose answers are signed as they are given, to who sets DO. What else `inner` tells stays. */
export function onlineResponder<Said extends Explained<Message>>(
  inner: (query: Message, asking: Asking) => Said,
  zone: OnlineZone,
): (query: Message, asking: Asking) => Said {
  return (query, asking) => {
    const plain = inner(query, asking);
    const question = query.question[0];
    if (!question || !isSubdomain(question.name, zone.origin)) return plain;
    const message = keptAWeek(isAboutKeys(question, zone) ? withKeys(plain.value, zone) : plain.value);
    if (query.edns?.do !== true || (message.rcode !== 'NOERROR' && message.rcode !== 'NXDOMAIN'))
      return { ...plain, value: message };
    const value = signed(message, question, zone, zone.window(asking.now));
    const why = reason('signed-online', `${zone.origin} signs while it answers.`, 'RFC 4035 §3.1');
    return { ...plain, value, reasons: [...plain.reasons, why] };
  };
}

const keptAWeek = (message: Message): Message => ({
  ...message,
  answer: message.answer.map(capped),
  authority: message.authority.map(capped),
  additional: message.additional.map(capped),
});
const capped = (r: ResourceRecord): ResourceRecord => (r.ttl > LONGEST_TTL ? { ...r, ttl: LONGEST_TTL } : r);

const isAboutKeys = (question: Question, zone: OnlineZone): boolean =>
  question.type === 'DNSKEY' && sameName(question.name, zone.origin);

/** The keys are known to the signer alone. */
function withKeys(message: Message, { origin, ksks, zsk }: OnlineZone): Message {
  const answer = [...ksks, zsk].map((one) => record(origin, 'DNSKEY', KEY_TTL, one.data));
  return { ...message, rcode: 'NOERROR', flags: { ...message.flags, aa: true }, answer, authority: [] };
}

function signed(message: Message, question: Question, zone: OnlineZone, window: SignatureWindow): Message {
  const soa = message.authority.find((r) => r.type === 'SOA');
  const cut = message.authority.find((r) => r.type === 'NS' && !sameName(r.name, zone.origin));
  const answer = withSignatures(message.answer, zone, window);
  if (soa) {
    const proof = nameProof(lastName(message, question), question.type, soa.ttl, zone);
    return { ...message, rcode: 'NOERROR', answer, authority: withSignatures([...message.authority, proof], zone, window) };
  }
  const unsignedChild = cut && !message.authority.some((r) => r.type === 'DS');
  const proof = unsignedChild ? [denying(cut.name, ['NS'], cut.ttl)] : [];
  return { ...message, answer, authority: withSignatures([...message.authority, ...proof], zone, window) };
}

/** Each set with its signatures; name servers below a cut are the child's to sign, and other zones' records are not ours. */
function withSignatures(records: readonly ResourceRecord[], zone: OnlineZone, window: SignatureWindow): ResourceRecord[] {
  return rrsets(records).flatMap((set): readonly ResourceRecord[] => {
    const isOurs = isSubdomain(set.name, zone.origin) && (set.type !== 'NS' || sameName(set.name, zone.origin));
    return isOurs ? [...set.records, ...signatures(set, zone, window)] : set.records;
  });
}

const signatures = (set: RRset, zone: OnlineZone, window: SignatureWindow): ResourceRecord[] =>
  (set.type === 'DNSKEY' ? zone.ksks : [zone.zsk]).map((key) => signSet(set, key, window, zone.memo));

/** Where the aliases of an answer lead, if any. */
function lastName(message: Message, question: Question): Name {
  let { name } = question;
  for (const r of message.answer) name = (sameName(r.name, name) && dataOf(r, 'CNAME')?.target) || name;
  return name;
}

function nameProof(name: Name, type: RecordType, ttl: number, zone: OnlineZone): ResourceRecord {
  const types = zone.typesAt(name);
  return denying(name, types === undefined ? [NXNAME] : types.filter((t) => t !== type), ttl);
}

/** An NSEC record whose gap is as small as can be: it ends right below the name (RFC 9824 §2, RFC 4470 §4). */
function denying(name: Name, types: readonly RecordType[], ttl: number): ResourceRecord {
  const all = [...types, 'RRSIG' as const, 'NSEC' as const].sort((a, b) => typeCode(a) - typeCode(b));
  return record(name, 'NSEC', ttl, { next: join('\\000', name), types: all });
}
