/** Messages as the lesson's resolver meets them; tests and benchmarks share them. */
import { address, cidr } from '../../../src/base/address.ts';
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

/** One message with a record of every kind of field, EDNS options and names of odd octets. */
export function everything(): Message {
  const owner = name('odd\\.label\\000.Example.com.');
  const text = (s: string): Uint8Array => new TextEncoder().encode(s);
  const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
  return response(stubQuery(), {
    rcode: 'BADCOOKIE',
    answer: [
      record(owner, 'SOA', 900, {
        primary: name('ns.example.com.'),
        mailbox: name('a\\.b.example.com.'),
        serial: 4_294_967_295,
        refresh: 1800,
        retry: 900,
        expire: 604_800,
        minimum: 86_400,
      }),
      record(owner, 'MX', 300, { preference: 10, exchange: name('mail.example.com.') }),
      record(owner, 'TXT', 300, { strings: [text('v=spf1 -all'), new Uint8Array(0), Uint8Array.of(0, 255)] }),
      record(owner, 'SRV', 300, { priority: 1, weight: 2, port: 443, target: name('web.example.com.') }),
      record(owner, 'NAPTR', 300, {
        order: 1,
        preference: 2,
        flags: text('u'),
        services: text('E2U+sip'),
        regexp: text('!^.*$!sip:info@example.com!'),
        replacement: ROOT,
      }),
      record(owner, 'CAA', 300, { flags: 0, tag: text('issue'), value: text('amazon.com') }),
      record(owner, 'LOC', 300, {
        version: 0,
        size: 0x12,
        horizontalPrecision: 0x16,
        verticalPrecision: 0x13,
        latitude: 2_332_887_285,
        longitude: 2_146_974_648,
        altitude: 10_002_500,
      }),
      record(owner, 'HTTPS', 300, {
        priority: 1,
        target: ROOT,
        parameters: [
          { key: 'mandatory', keys: [1] },
          { key: 'alpn', ids: [text('h3'), text('h2')] },
          { key: 'no-default-alpn' },
          { key: 'port', port: 8443 },
          { key: 'ipv4hint', addresses: [address('192.0.2.44')] },
          { key: 'ech', config: key },
          { key: 'ipv6hint', addresses: [address('2001:db8::44')] },
          { key: 'dohpath', template: text('/dns-query{?dns}') },
          { key: 'key65000', value: Uint8Array.of(1, 2) },
        ],
      }),
    ],
    authority: [
      record(owner, 'DS', 300, { keyTag: 20_326, algorithm: 8, digestType: 2, digest: key }),
      record(owner, 'DNSKEY', 300, { flags: 257, protocol: 3, algorithm: 13, publicKey: key }),
      record(owner, 'RRSIG', 300, {
        typeCovered: 'SOA',
        algorithm: 13,
        labels: 3,
        originalTtl: 300,
        expiration: 1_767_225_600,
        inception: 1_764_547_200,
        keyTag: 4711,
        signer: name('example.com.'),
        signature: key,
      }),
      record(owner, 'NSEC', 300, { next: name('\\000.example.com.'), types: ['A', 'RRSIG', 'NSEC', 'CAA', 'TYPE65280'] }),
      record(owner, 'NSEC3', 300, {
        algorithm: 1,
        flags: 1,
        iterations: 0,
        salt: key.slice(0, 4),
        nextHash: key.slice(0, 20),
        types: ['A'],
      }),
    ],
    additional: [{ name: owner, type: 'TYPE65280', class: 'IN', ttl: 0, data: { opaque: key } }],
    edns: {
      ...edns,
      do: true,
      options: [
        { option: 'client-subnet', subnet: cidr(address('198.51.100.0'), 24), scope: 0 },
        { option: 'cookie', client: key.slice(0, 8), server: key.slice(0, 16) },
        { option: 'extended-error', code: 22, text: 'no server could be reached' },
        { option: 'nsid', id: text('host-7') },
        { option: 'keepalive', timeout: 100 },
        { option: 'padding', length: 20 },
      ],
    },
  });
}

/** Messages to mutate. */
export const seeds = (): Message[] => [
  stubQuery(),
  referral(),
  cnameAnswer(),
  rootReferral(),
  priming(),
  everything(),
  everything(),
];
