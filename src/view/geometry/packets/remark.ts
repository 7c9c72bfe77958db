/** One thing worth asking about a message, with its answer in plain words and then in those of the protocol. */
import { isBelow, isSubdomain, key, labels, type Name, sameName } from '../../../dns/name.ts';
import { dataOf, type ResourceRecord } from '../../../dns/record.ts';
import {
  describeMessage,
  describePacket,
  hostAt,
  isForged,
  type MessageDescription,
  zoneAsked,
  zoneName,
} from '../../../trace/describe.ts';
import type { PacketRecord, Trace } from '../../../trace/trace.ts';
import { visitsOf } from '../../../trace/visits.ts';

export interface Remark {
  readonly question: string;
  readonly answer: string;
  /** The protocol's words, and the protocol. */
  readonly term: string;
  readonly protocol: 'DNS' | 'HTTP' | 'SMTP' | 'TCP' | 'network';
}

/** What one would ask about a packet, given what it carries. */
export function remarkOn(trace: Trace, packet: PacketRecord, about: MessageDescription | undefined): Remark | undefined {
  const { kind, sender } = about ?? describePacket(trace, packet.id);
  if (about?.dns && isForged(trace, packet))
    return remark(
      'Who has sent this?',
      `Somebody else, under the address of ${sender}. Its number and its port are guesses, and the resolver takes only what fits a query that it has open.`,
      'a spoofed response, RFC 5452.',
    );
  switch (kind) {
    case 'query':
      return queryRemark(trace, packet, about);
    case 'referral':
      return referralRemark(trace, packet, about);
    case 'answer':
      return answerRemark(about);
    case 'cname':
      return remark(
        'Is this the answer?',
        'Not yet. The name asked for is another name for something else, so the search goes on with that name.',
        'CNAME record.',
      );
    case 'no-such-name':
    case 'no-such-type':
      return negativeRemark(kind, about);
    case 'truncated':
      return remark(
        'Why is it cut short?',
        'The records do not fit into the largest datagram that the asker takes. It is to ask once more, by TCP.',
        'TC 1, truncated.',
      );
    case 'failure':
      return remark(
        'What does it say about the name?',
        'Nothing. The server says that it has no answer to give; another one may have.',
        `rcode ${about?.dns?.rcode ?? ''}.`,
      );
    case 'malformed':
      return about?.problem === undefined
        ? undefined
        : remark(
            'What is wrong with it?',
            `${sentence(about.problem)} Whoever gets it can do nothing with it, and asks elsewhere.`,
            'FORMERR, or silence.',
          );
    case 'http-request':
      return remark(
        'Where is the address in it?',
        'Nowhere: the address is on the envelope, and DNS has found it. Inside stands the name, since one server may have many sites.',
        'the Host field.',
        'HTTP',
      );
    case 'http-response':
      return remark(
        'What had DNS to do with it?',
        'It found the address; then it was out of the way. The page comes straight from the web server.',
        'a response with status, fields and content.',
        'HTTP',
      );
    case 'smtp':
      return remark(
        'What had DNS to do with it?',
        'It named the host that takes the mail, and found its address. From then on the two sides speak line by line.',
        'a session of commands and replies.',
        'SMTP',
      );
    case 'tcp-syn':
    case 'tcp-syn-ack':
      return remark(
        'Has anything been asked?',
        'No. Before a byte is sent, each side tells the other from which number it counts. That costs one round trip.',
        'the three-way handshake.',
        'TCP',
      );
    case 'tcp-ack':
      return remark(
        'Why so small?',
        'It says how much has come, and nothing else. What is not acknowledged is sent again.',
        'ACK.',
        'TCP',
      );
    case 'tcp-fin':
      return remark(
        'Who hangs up?',
        'Each side for itself: this one has nothing more to say, and can still listen.',
        'FIN.',
        'TCP',
      );
    case 'tcp-again':
      return remark(
        'Why once more?',
        'Nobody has said that it came. After a while it is sent again, as often as needed.',
        'retransmission, RFC 6298.',
        'TCP',
      );
    case 'tcp-reset':
      return remark(
        'Why is it so rude?',
        'There is nobody at that door. A reset says so at once, and no timer has to run out.',
        'RST.',
        'TCP',
      );
    case 'copy':
      return remark(
        'Did somebody send it twice?',
        'No. The network made a second copy on the way, and both arrive.',
        'duplication.',
        'network',
      );
    default:
      return undefined;
  }
}

const remark = (question: string, answer: string, term: string, protocol: Remark['protocol'] = 'DNS'): Remark => ({
  question,
  answer,
  term,
  protocol,
});

function queryRemark(trace: Trace, packet: PacketRecord, about: MessageDescription | undefined): Remark | undefined {
  const dns = about?.dns;
  if (!dns) return undefined;
  if (dns.flags.rd)
    return remark(
      'Who does the searching?',
      'Whoever gets this. One bit asks to have the whole job done, and the asker then waits for one answer.',
      'RD 1, a recursive query.',
    );
  if (hostAt(trace, packet.from.address)?.role !== 'resolver')
    return remark(
      'Why is no resolver asked?',
      'Who asks here goes to the zone’s own server and wants no search, so the reply comes from no cache.',
      'RD 0, a query to an authoritative server.',
    );
  const server = hostAt(trace, packet.to.address);
  const zone = server && zoneAsked(server, dns.question[0]?.name);
  const asked = dns.question[0]?.name;
  if (asked === undefined) return undefined;
  if (zone === undefined)
    return remark(
      'Is this the right server?',
      `The zone above has named it, so it is asked. Whether it knows ${asked} shows when it replies.`,
      'a delegation, which may be lame.',
    );
  if (sameName(asked, '.' as Name) && dns.question[0]?.type === 'NS')
    return remark(
      'Does the resolver not know the root?',
      'It was born with a list of the root’s servers, and asks one of them for the list as it is today.',
      'a priming query, RFC 9609.',
    );
  if (dns.question[0]?.type === 'DNSKEY' || dns.question[0]?.type === 'DS')
    return remark(
      'Who wants a key?',
      `The resolver, since it checks signatures: ${dns.question[0].type === 'DS' ? 'the zone above says which key is right' : 'the key of each zone on the way is needed'}. Nobody else has asked for it.`,
      `${dns.question[0].type} record, RFC 4035 §5.`,
    );
  const wanted = visitsOf(trace).findLast((visit) => visit.turn <= packet.turn)?.name;
  if (wanted !== undefined && isBelow(wanted, asked))
    return remark(
      'Why not the whole name?',
      `${capital(zoneSpoken(zone))} need not know more than ${asked} to say who is next, so it is not told more.`,
      'QNAME minimisation, RFC 9156.',
    );
  return remark(
    'Is this the user’s query, passed on?',
    `No. It is the resolver’s own: another number, another port, and RD 0. ${zone === asked ? '' : `It names ${asked} in full, ${isReferred(trace, packet) ? `though ${zoneSpoken(zone)} will only say who knows more` : `and ${zoneSpoken(zone)} is where it belongs`}.`}`.trim(),
    'an iterative query, without QNAME minimisation.',
  );
}

/** Whether the response to a query is a referral. */
function isReferred(trace: Trace, packet: PacketRecord): boolean {
  const response = trace.messages.find(({ answers }) => answers !== undefined && answers === packet.message);
  return response !== undefined && describeMessage(trace, response.id).kind === 'referral';
}

function referralRemark(trace: Trace, packet: PacketRecord, about: MessageDescription | undefined): Remark | undefined {
  const dns = about?.dns;
  if (!dns) return undefined;
  const servers = dns.authority.flatMap((r) => dataOf(r, 'NS')?.nameServer ?? []);
  const enclosed = new Set(dns.additional.filter(isAddress).map((r) => key(r.name)));
  const [with_, without] = [servers.filter((s) => enclosed.has(key(s))), servers.filter((s) => !enclosed.has(key(s)))];
  const sender = hostAt(trace, packet.from.address);
  const zone = sender && zoneAsked(sender, dns.question[0]?.name);
  if (servers.length === 0 || zone === undefined) return undefined;
  if (without.length === 0)
    return remark(
      'Are these addresses the answer?',
      `No: they belong to the servers, so that the resolver can go on at once. ${capital(zoneSpoken(zone))} does not know the address that was asked for.`,
      'glue, in the additional section.',
    );
  const first = with_[0];
  const cut = dns.authority.find((r) => r.type === 'NS')?.name ?? zone;
  if (first === undefined && without.some((server) => isSubdomain(server, cut)))
    return remark(
      'Why is no address enclosed?',
      `It has been forgotten. To find a server of ${zoneName(cut)} one must ask a server of ${zoneName(cut)}, so the address had to be here.`,
      'missing glue, RFC 9471.',
    );
  if (first === undefined)
    return remark(
      'Why is no address enclosed?',
      `${capital(zoneSpoken(zone))} may not vouch for names that end in ${endings(without)}. The resolver has to look up an address first.`,
      `no glue: no name lies under ${zoneName(zone)}.`,
    );
  const tail = labels(first).at(-1) ?? '';
  return remark(
    `Why ${with_.length === 1 ? 'is only one address' : `are only ${with_.length} addresses`} enclosed?`,
    `The ${zoneName(zone)} zone may vouch for ${labels(first)[0]}, whose name ends in ${tail}. The other ${number(without.length)} live under ${endings(without)}, and those zones must be asked about them.`,
    // Under the zone that refers, but not under the one that it refers to: RFC 9499 §7 calls that a sibling domain.
    isSubdomain(first, cut) ? 'glue, in-domain.' : 'glue, of a sibling domain.',
  );
}

function answerRemark(about: MessageDescription | undefined): Remark | undefined {
  const dns = about?.dns;
  const first = dns?.answer[0];
  if (!dns || !first) return undefined;
  if (dns.flags.aa)
    return remark(
      'Who says so?',
      `The zone’s own server, so it bears the seal. It gives the same ${first.ttl} s to everybody who asks: zones do not count down, caches do.`,
      'AA 1, an authoritative answer.',
    );
  return remark(
    'Why is the seal missing?',
    `This is a copy, told by one who asked. ${first.ttl} s is what is left of it now, and the copy runs out with the original.`,
    'AA 0, a non-authoritative answer.',
  );
}

function negativeRemark(kind: 'no-such-name' | 'no-such-type', about: MessageDescription | undefined): Remark | undefined {
  const dns = about?.dns;
  const soa = dns?.authority.find((r) => r.type === 'SOA');
  const data = soa && dataOf(soa, 'SOA');
  const term = kind === 'no-such-name' ? 'NXDOMAIN, RFC 2308.' : 'NODATA, RFC 2308.';
  if (!soa || !data)
    return remark('May this be kept?', 'No. Nothing inside says for how long, so it holds for this one question.', term);
  const kept = Math.min(soa.ttl, data.minimum);
  const what = kind === 'no-such-name' ? 'The name is not there at all' : 'The name is there, but has no record of this type';
  return remark(
    'Why is an SOA record inside?',
    `${what}, and even a “no” may be kept. The SOA says how long: the lower of ${soa.ttl} and ${data.minimum}, so ${kept} s.`,
    term,
  );
}

const isAddress = (r: ResourceRecord): boolean => r.type === 'A' || r.type === 'AAAA';

/** "net, org and co.uk": what the names end in. */
function endings(names: readonly Name[]): string {
  const found = [
    ...new Set(
      names.map((name) =>
        labels(name)
          .slice(isSubdomain(name, 'co.uk.' as Name) ? -2 : -1)
          .join('.'),
      ),
    ),
  ];
  return found.length < 2 ? (found[0] ?? '') : `${found.slice(0, -1).join(', ')} and ${found.at(-1)}`;
}

const zoneSpoken = (zone: Name): string => (sameName(zone, '.' as Name) ? 'the root' : `the ${zoneName(zone)} zone`);
const number = (n: number): string =>
  ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][n] ?? String(n);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = (text: string): string => `${capital(text)}${/[.!?]$/.test(text) ? '' : '.'}`;
