/** Messages as the lesson's resolver meets them; tests and benchmarks share them. */
import { address } from '../../../src/base/address.ts';
import type { Message } from '../../../src/dns/message.ts';
import { query, response } from '../../../src/dns/message.ts';
import type { Name } from '../../../src/dns/name.ts';
import { name, ROOT } from '../../../src/dns/name.ts';
import type { ResourceRecord } from '../../../src/dns/record.ts';
import { record } from '../../../src/dns/record.ts';

const edns = { version: 0, udpSize: 1232, do: false, options: [] };
const LETTERS = [...'abcdefghijklm'];

/** The stub's question to its resolver. */
export const stubQuery = (owner = 'www.example.com.'): Message =>
  query(0x3a7f, { name: name(owner), type: 'A', class: 'IN' }, { rd: true, edns });

/** What `.com` says of a domain whose four name servers lie under four top-level domains: one glue address. */
export function referral(domain = 'example.com.', number = 1): Message {
  const servers = [`ns-${number}.awsdns-1.com.`, `ns-${number + 512}.awsdns-2.net.`, `ns-${number + 1024}.awsdns-3.org.`];
  servers.push(`ns-${number + 1536}.awsdns-4.co.uk.`);
  return response(query(0x1f2e, { name: name(`www.${domain}`), type: 'A', class: 'IN' }), {
    authority: servers.map((server) => record(name(domain), 'NS', 172_800, { nameServer: name(server) })),
    additional: [
      record(name(servers[0] as string), 'A', 172_800, { address: address(`205.251.${(number >> 8) + 192}.${number & 255}`) }),
    ],
    edns: { ...edns, udpSize: 4096 },
  });
}

/** An alias and what it stands for, with the zone's name servers, as an authoritative server answers. */
export function cnameAnswer(): Message {
  const zone = name('example.com.');
  const servers = ['ns-1.awsdns-1.com.', 'ns-513.awsdns-2.net.', 'ns-1025.awsdns-3.org.', 'ns-1537.awsdns-4.co.uk.'];
  return response(stubQuery(), {
    flags: { aa: true },
    answer: [
      record(name('www.example.com.'), 'CNAME', 300, { target: name('web.example.com.') }),
      record(name('web.example.com.'), 'A', 60, { address: address('192.0.2.44') }),
      record(name('web.example.com.'), 'A', 60, { address: address('192.0.2.45') }),
    ],
    authority: servers.map((server) => record(zone, 'NS', 172_800, { nameServer: name(server) })),
    edns: { ...edns, udpSize: 4096 },
  });
}

/** A root server's referral to `.com`: 13 name servers and 26 addresses. */
export function rootReferral(): Message {
  const servers = LETTERS.map((letter): Name => name(`${letter}.gtld-servers.net.`));
  const additional = servers.flatMap((server, i): ResourceRecord[] => [
    record(server, 'A', 172_800, { address: address(`192.${i + 5}.${6 + i * 7}.30`) }),
    record(server, 'AAAA', 172_800, { address: address(`2001:50${i % 9}:${(0x231d + i * 977).toString(16)}::2:30`) }),
  ]);
  return response(query(0x77aa, { name: name('www.example.com.'), type: 'A', class: 'IN' }), {
    authority: servers.map((nameServer) => record(name('com.'), 'NS', 172_800, { nameServer })),
    additional,
    edns: { ...edns, udpSize: 1472 },
  });
}

/** A priming answer: the root's 13 name servers. */
export function priming(): Message {
  const servers = LETTERS.map((letter): Name => name(`${letter}.root-servers.net.`));
  return response(query(9, { name: ROOT, type: 'NS', class: 'IN' }), {
    flags: { aa: true },
    answer: servers.map((nameServer) => record(ROOT, 'NS', 518_400, { nameServer })),
  });
}
