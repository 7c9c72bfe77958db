/** What each field of RDATA is for, in plain words, and where its type is defined: for the packet view, and only for it. */
import type { DataByType, KnownType } from '../record.ts';

/** A plain sentence; with a source of its own, or with what single values mean, where the type's does not say it. */
export type FieldWords =
  | string
  | { readonly about: string; readonly source?: string; readonly values?: ReadonlyMap<number, string> };

type About = {
  readonly [T in KnownType]: { readonly source: string; readonly fields: { readonly [F in keyof DataByType[T]]: FieldWords } };
};

const at = (source: string, about: string, values?: ReadonlyMap<number, string>): FieldWords => ({
  about,
  source,
  ...(values ? { values } : {}),
});

/** IANA, "Domain Name System Security (DNSSEC) Algorithm Numbers". */
const ALGORITHMS: ReadonlyMap<number, string> = new Map([
  [5, 'RSA with SHA-1, no longer to be used'],
  [7, 'RSA with SHA-1, for NSEC3, no longer to be used'],
  [8, 'RSA with SHA-256'],
  [10, 'RSA with SHA-512'],
  [13, 'ECDSA on the curve P-256 with SHA-256'],
  [14, 'ECDSA on the curve P-384 with SHA-384'],
  [15, 'Ed25519'],
  [16, 'Ed448'],
]);
/** IANA, "DNSSEC Delegation Signer (DS) Resource Record (RR) Type Digest Algorithms". */
const DIGESTS: ReadonlyMap<number, string> = new Map([
  [1, 'SHA-1, no longer to be used'],
  [2, 'SHA-256'],
  [4, 'SHA-384'],
]);
/** The zone key bit, the secure entry point (RFC 4034 §2.1.1), and the bit that takes a key back (RFC 5011 §3). */
const KEY_FLAGS: ReadonlyMap<number, string> = new Map([
  [256, 'a key of the zone'],
  [257, 'a key of the zone, for its parent to vouch for'],
  [385, 'such a key, taken back'],
]);
const KEY_TAG = 'Short number that helps to find the key';

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
      minimum: at('RFC 2308 §4', 'Upper bound, in seconds, on how long a “no” is kept'),
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
      keyTag: at('RFC 4034 §5.1.1', KEY_TAG),
      algorithm: at('RFC 4034 §5.1.2', 'Signature algorithm of the key', ALGORITHMS),
      digestType: at('RFC 4034 §5.1.3', 'How the key was hashed', DIGESTS),
      digest: at('RFC 4034 §5.1.4', 'Hash of the child zone’s key'),
    },
  },
  CDS: {
    source: 'RFC 7344 §3.1',
    fields: {
      keyTag: at('RFC 4034 §5.1.1', KEY_TAG),
      algorithm: at('RFC 4034 §5.1.2', 'Signature algorithm of the key', ALGORITHMS),
      digestType: at('RFC 4034 §5.1.3', 'How the key was hashed', DIGESTS),
      digest: at('RFC 4034 §5.1.4', 'Hash of the child zone’s key'),
    },
  },
  SSHFP: {
    source: 'RFC 4255 §3.1',
    fields: { algorithm: 'Kind of key', fingerprintType: 'How it was hashed', fingerprint: 'Hash of the host’s key' },
  },
  RRSIG: {
    source: 'RFC 4034 §3.1',
    fields: {
      typeCovered: at('RFC 4034 §3.1.1', 'The type whose records are signed'),
      algorithm: at('RFC 4034 §3.1.2', 'Signature algorithm', ALGORITHMS),
      labels: at('RFC 4034 §3.1.3', 'Labels of the owner, a wildcard’s star not counted'),
      originalTtl: at('RFC 4034 §3.1.4', 'The TTL that was signed'),
      expiration: at('RFC 4034 §3.1.5', 'Not good after'),
      inception: at('RFC 4034 §3.1.5', 'Not good before'),
      keyTag: at('RFC 4034 §3.1.6', KEY_TAG),
      signer: at('RFC 4034 §3.1.7', 'The zone that signed'),
      signature: at('RFC 4034 §3.1.8', 'The signature, over the records in one fixed order and form'),
    },
  },
  NSEC: {
    source: 'RFC 4034 §4.1',
    fields: {
      next: at('RFC 4034 §4.1.1', 'The next name that exists; none lies between'),
      types: at('RFC 4034 §4.1.2', 'The types that exist here'),
    },
  },
  DNSKEY: {
    source: 'RFC 4034 §2.1',
    fields: {
      flags: at('RFC 4034 §2.1.1', 'What kind of key it is', KEY_FLAGS),
      protocol: at('RFC 4034 §2.1.2', 'Always 3'),
      algorithm: at('RFC 4034 §2.1.3', 'Signature algorithm', ALGORITHMS),
      publicKey: at('RFC 4034 §2.1.4', 'The public key, with which signatures are checked'),
    },
  },
  CDNSKEY: {
    source: 'RFC 7344 §3.2',
    fields: {
      flags: at('RFC 4034 §2.1.1', 'What kind of key it is', KEY_FLAGS),
      protocol: at('RFC 4034 §2.1.2', 'Always 3'),
      algorithm: at('RFC 4034 §2.1.3', 'Signature algorithm', ALGORITHMS),
      publicKey: at('RFC 4034 §2.1.4', 'The public key, with which signatures are checked'),
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
    source: 'RFC 7553 §4.5',
    fields: { priority: 'The lowest is tried first', weight: 'Share among equals', target: 'The URI' },
  },
  CAA: {
    source: 'RFC 8659 §4.1',
    fields: { flags: '128: must be understood', tag: 'What is regulated', value: 'Who may issue' },
  },
};
