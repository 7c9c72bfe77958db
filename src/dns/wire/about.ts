/** What each field of RDATA is for, in plain words, and where its type is defined: for the packet view, and only for it. */
import type { DataByType, KnownType } from '../record.ts';

type About = {
  readonly [T in KnownType]: { readonly source: string; readonly fields: { readonly [F in keyof DataByType[T]]: string } };
};

export const ABOUT: About = {
  A: { source: 'RFC 1035 §3.4.1', fields: { address: 'IPv4 address of the host' } },
  NS: { source: 'RFC 1035 §3.3.11', fields: { nameServer: 'A server that has the zone' } },
  CNAME: { source: 'RFC 1035 §3.3.1', fields: { target: 'The name that this one stands for' } },
  SOA: {
    source: 'RFC 1035 §3.3.13',
    fields: {
      primary: 'The zone’s primary server',
      mailbox: 'Mail address of who looks after it, with a dot for the @',
      serial: 'Version of the zone',
      refresh: 'Seconds between checks by secondary servers',
      retry: 'Seconds until a failed check is tried again',
      expire: 'Seconds after which a secondary gives up the zone',
      minimum: 'Upper bound, in seconds, on how long a “no” is kept (RFC 2308 §4)',
    },
  },
  PTR: { source: 'RFC 1035 §3.3.12', fields: { target: 'The name that belongs here' } },
  HINFO: { source: 'RFC 1035 §3.3.2', fields: { cpu: 'Kind of machine', os: 'Operating system' } },
  MX: { source: 'RFC 1035 §3.3.9', fields: { preference: 'The lowest is tried first', exchange: 'Host that takes the mail' } },
  TXT: { source: 'RFC 1035 §3.3.14', fields: { strings: 'Text, in pieces of at most 255 octets' } },
  SPF: { source: 'RFC 7208 §3.1', fields: { strings: 'Text, in pieces of at most 255 octets' } },
  AAAA: { source: 'RFC 3596 §2.2', fields: { address: 'IPv6 address of the host' } },
  LOC: {
    source: 'RFC 1876 §2',
    fields: {
      version: 'Always 0',
      size: 'Diameter of the place, in centimetres: a digit and how many zeros',
      horizontalPrecision: 'How far off the position may be, written like the size',
      verticalPrecision: 'How far off the altitude may be, written like the size',
      latitude: 'Thousandths of an arc second; 2147483648 is the equator, more is north',
      longitude: 'Thousandths of an arc second; 2147483648 is Greenwich, more is east',
      altitude: 'Centimetres above 100 km below the sea',
    },
  },
  SRV: {
    source: 'RFC 2782',
    fields: {
      priority: 'The lowest is tried first',
      weight: 'Share among equals',
      port: 'Port of the service',
      target: 'Host that offers it',
    },
  },
  NAPTR: {
    source: 'RFC 3403 §4.1',
    fields: {
      order: 'Rules are read in this order',
      preference: 'Order among equals',
      flags: 'What comes next',
      services: 'What is offered',
      regexp: 'How the text is rewritten',
      replacement: 'Name to ask next',
    },
  },
  DNAME: { source: 'RFC 6672 §2.1', fields: { target: 'Names below this one continue there' } },
  DS: {
    source: 'RFC 4034 §5.1',
    fields: {
      keyTag: 'Short number that helps to find the key',
      algorithm: 'Signature algorithm of the key',
      digestType: 'How the key was hashed',
      digest: 'Hash of the child zone’s key',
    },
  },
  CDS: {
    source: 'RFC 7344 §3.1',
    fields: {
      keyTag: 'Short number that helps to find the key',
      algorithm: 'Signature algorithm of the key',
      digestType: 'How the key was hashed',
      digest: 'Hash of the child zone’s key',
    },
  },
  SSHFP: {
    source: 'RFC 4255 §3.1',
    fields: { algorithm: 'Kind of key', fingerprintType: 'How it was hashed', fingerprint: 'Hash of the host’s key' },
  },
  RRSIG: {
    source: 'RFC 4034 §3.1',
    fields: {
      typeCovered: 'The type whose records are signed',
      algorithm: 'Signature algorithm',
      labels: 'Labels of the owner, a wildcard’s star not counted',
      originalTtl: 'The TTL that was signed',
      expiration: 'Not good after',
      inception: 'Not good before',
      keyTag: 'Short number that helps to find the key',
      signer: 'The zone that signed',
      signature: 'The signature',
    },
  },
  NSEC: {
    source: 'RFC 4034 §4.1',
    fields: { next: 'The next name that exists; none lies between', types: 'The types that exist here' },
  },
  DNSKEY: {
    source: 'RFC 4034 §2.1',
    fields: {
      flags: '256: a key of the zone; 257: one that its parent may vouch for',
      protocol: 'Always 3',
      algorithm: 'Signature algorithm',
      publicKey: 'The public key',
    },
  },
  CDNSKEY: {
    source: 'RFC 7344 §3.2',
    fields: {
      flags: '256: a key of the zone; 257: one that its parent may vouch for',
      protocol: 'Always 3',
      algorithm: 'Signature algorithm',
      publicKey: 'The public key',
    },
  },
  NSEC3: {
    source: 'RFC 5155 §3.2',
    fields: {
      algorithm: 'Hash algorithm',
      flags: '1: unsigned delegations may lie between',
      iterations: 'Extra rounds of hashing',
      salt: 'Mixed into the hash',
      nextHash: 'The next hash that exists; none lies between',
      types: 'The types that exist here',
    },
  },
  NSEC3PARAM: {
    source: 'RFC 5155 §4.2',
    fields: {
      algorithm: 'Hash algorithm',
      flags: 'Always 0',
      iterations: 'Extra rounds of hashing',
      salt: 'Mixed into the hash',
    },
  },
  TLSA: {
    source: 'RFC 6698 §2.1',
    fields: {
      usage: 'What the certificate must be',
      selector: 'Whole certificate or its key',
      matching: 'Whole or hashed',
      association: 'What it is compared with',
    },
  },
  SVCB: {
    source: 'RFC 9460 §2.2',
    fields: {
      priority: '0 points to another name; otherwise lower is tried first',
      target: 'Host that offers the service',
      parameters: 'How to connect',
    },
  },
  HTTPS: {
    source: 'RFC 9460 §9',
    fields: {
      priority: '0 points to another name; otherwise lower is tried first',
      target: 'Host that offers the service',
      parameters: 'How to connect',
    },
  },
  URI: {
    source: 'RFC 7553 §4.1',
    fields: { priority: 'The lowest is tried first', weight: 'Share among equals', target: 'The URI' },
  },
  CAA: {
    source: 'RFC 8659 §4.1',
    fields: { flags: '128: must be understood', tag: 'What is regulated', value: 'Who may issue' },
  },
};
