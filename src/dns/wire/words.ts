/** Plain words for the numbers of a message: what types, codes and bits mean, one phrase each. */
import type { Opcode, Rcode } from '../message.ts';
import type { RecordType, ServiceParameter } from '../record.ts';

/** What a type is, to follow "Type 1:". */
export const TYPE_WORDS: Readonly<Partial<Record<RecordType, string>>> = {
  A: 'an IPv4 address',
  NS: 'a name server',
  CNAME: 'an alias for another name',
  SOA: 'the start of a zone and its settings',
  NULL: 'anything at all',
  PTR: 'a pointer to a name',
  HINFO: 'the kind of host',
  MX: 'a mail server',
  TXT: 'text',
  PX: 'a mail mapping',
  AAAA: 'an IPv6 address',
  LOC: 'a place on the Earth',
  SRV: 'where a service runs',
  NAPTR: 'a rule that rewrites names',
  DNAME: 'an alias for a whole subtree',
  OPT: 'EDNS, which extends the header',
  DS: 'the hash of the child zone’s key',
  SSHFP: 'the fingerprint of a host’s SSH key',
  RRSIG: 'a signature',
  NSEC: 'proof that nothing lies between two names',
  DNSKEY: 'a public key of the zone',
  NSEC3: 'proof that nothing lies between two hashes',
  NSEC3PARAM: 'how the zone hashes its names',
  TLSA: 'the certificate to expect',
  CDS: 'a hash the child wants its parent to publish',
  CDNSKEY: 'a key the child wants its parent to vouch for',
  SVCB: 'how to reach a service',
  HTTPS: 'how to reach a web server',
  SPF: 'who may send mail',
  TKEY: 'a key exchange',
  TSIG: 'a signature over the message',
  IXFR: 'the changes of a zone',
  AXFR: 'a whole zone',
  ANY: 'whatever there is',
  URI: 'an address for programs',
  CAA: 'who may issue certificates',
};

/** What a class is. */
export const CLASS_WORDS: Readonly<Record<string, string>> = {
  IN: 'the Internet',
  CH: 'Chaosnet, today a server about itself',
  HS: 'Hesiod',
  NONE: 'no class',
  ANY: 'every class',
};

/** What is wanted of the server. */
export const OPCODE_WORDS: Readonly<Partial<Record<Opcode, string>>> = {
  QUERY: 'an ordinary question',
  IQUERY: 'an inverse question, no longer in use',
  STATUS: 'how the server is',
  NOTIFY: 'the zone has changed',
  UPDATE: 'a change to the zone',
  DSO: 'a message about the connection',
};

/** How it went. */
export const RCODE_WORDS: Readonly<Partial<Record<Rcode, string>>> = {
  NOERROR: 'no error',
  FORMERR: 'the server could not read the query',
  SERVFAIL: 'the server could not find an answer',
  NXDOMAIN: 'the name does not exist',
  NOTIMP: 'the server does not do this',
  REFUSED: 'the server will not answer this',
  YXDOMAIN: 'the name exists and should not',
  YXRRSET: 'the records exist and should not',
  NXRRSET: 'the records should exist and do not',
  NOTAUTH: 'the server has no authority for the zone',
  NOTZONE: 'the name is not in the zone',
  BADVERS: 'the server does not know this version of EDNS',
  BADCOOKIE: 'the cookie is missing or wrong',
};

/** A flag of the header: its name, and what it says when it is 0 and when it is 1. */
export interface FlagWords {
  readonly bit: number;
  readonly name: string;
  readonly off: string;
  readonly on: string;
  readonly source: string;
}

const flag = (bit: number, name: string, off: string, on: string, source = 'RFC 1035 §4.1.1'): FlagWords => ({
  bit,
  name,
  off,
  on,
  source,
});

/** The single bits of the header's third and fourth octet, counted from the left. */
export const FLAGS: readonly FlagWords[] = [
  flag(0, 'QR', 'This is a query', 'This is a response'),
  flag(5, 'AA', 'The sender does not speak with authority', 'The sender is authoritative for the name'),
  flag(6, 'TC', 'Nothing was cut off', 'The message was cut off to fit; ask again over TCP'),
  flag(7, 'RD', 'Whoever asks will follow referrals alone', 'Please do the whole search for me'),
  flag(8, 'RA', 'The sender does not search for others', 'The sender does whole searches'),
  flag(9, 'Z', 'Reserved, always 0', 'Reserved, and should be 0'),
  flag(
    10,
    'AD',
    'Nobody vouches for signatures',
    'All signatures were checked and are right; in a query: say whether they are',
    'RFC 6840 §5.7',
  ),
  flag(11, 'CD', 'Signatures may be checked on the way', 'Leave checking signatures to me', 'RFC 4035 §3.2.2'),
];

/** EDNS options by code: name, what it is for, where it is written. */
export const OPTION_WORDS: ReadonlyMap<number, readonly [name: string, about: string, source: string]> = new Map([
  [3, ['Server identifier', 'Which of many servers at this address answered', 'RFC 5001 §2.3']],
  [8, ['Client subnet', 'Roughly where the client is, so that the answer can be near it', 'RFC 7871 §6']],
  [10, ['Cookie', 'Shows that both sides have spoken before', 'RFC 7873 §4']],
  [11, ['Keepalive', 'How long an idle connection stays open, in tenths of a second', 'RFC 7828 §3.1']],
  [12, ['Padding', 'Filling that hides the real length', 'RFC 7830 §3']],
  [15, ['Extended error', 'Why it went wrong, for people', 'RFC 8914 §2']],
]);

/** Extended DNS errors by code (RFC 8914 §4 and IANA, "Extended DNS Error Codes"). */
export const EXTENDED_ERRORS: Readonly<Record<number, string>> = {
  0: 'some other error',
  1: 'a DNSKEY algorithm that the resolver does not know',
  2: 'a DS digest type that the resolver does not know',
  3: 'the answer is stale',
  4: 'the answer was forged on purpose',
  5: 'nobody can tell whether it should be signed',
  6: 'the signatures do not hold',
  7: 'a signature has run out',
  8: 'a signature is not good yet',
  9: 'no key of the zone fits the DS record',
  10: 'signatures are missing',
  11: 'the key is not marked as a zone key',
  12: 'the proof that there is nothing is missing',
  13: 'the error was kept from before',
  14: 'the server is not ready yet',
  15: 'blocked by the resolver’s operator',
  16: 'blocked by order of others',
  17: 'blocked as the client asked',
  18: 'this client may not ask',
  19: 'the “no such name” is stale',
  20: 'the server has no authority for this',
  21: 'the server does not do this',
  22: 'no authoritative server could be reached',
  23: 'the network failed',
  24: 'the data is not valid',
};

/** Service parameters by key: what each is for. */
export const PARAMETER_WORDS: Readonly<Partial<Record<ServiceParameter['key'], string>>> = {
  mandatory: 'Keys that a client must understand',
  alpn: 'Protocols that the service speaks',
  'no-default-alpn': 'The usual protocol is not spoken',
  port: 'Port of the service',
  ipv4hint: 'IPv4 addresses to try at once',
  ech: 'Key that hides the host name in the handshake',
  ipv6hint: 'IPv6 addresses to try at once',
  dohpath: 'Path for DNS over HTTPS',
};
