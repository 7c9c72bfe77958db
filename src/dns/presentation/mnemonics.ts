/** Numbers that presentation format may write as words. They are always printed as numbers. */
import type { KnownType } from '../record.ts';

/** DNSSEC algorithms (RFC 4034 App. A.1 and the IANA registry "DNS Security Algorithm Numbers"). */
const ALGORITHMS: Readonly<Record<string, number>> = {
  DELETE: 0,
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  ECC: 4,
  RSASHA1: 5,
  'DSA-NSEC3-SHA1': 6,
  NSEC3DSA: 6,
  'RSASHA1-NSEC3-SHA1': 7,
  NSEC3RSASHA1: 7,
  RSASHA256: 8,
  RSASHA512: 10,
  'ECC-GOST': 12,
  ECCGOST: 12,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
};

/** DS digest types (IANA registry "Digest Algorithms"). */
const DIGESTS: Readonly<Record<string, number>> = { 'SHA-1': 1, SHA1: 1, 'SHA-256': 2, SHA256: 2, 'SHA-384': 4, SHA384: 4 };

const delegationSigner = { algorithm: ALGORITHMS, digestType: DIGESTS };
const publicKey = { algorithm: ALGORITHMS, protocol: { DNSSEC: 3 } };

const WORDS: { readonly [T in KnownType]?: Readonly<Record<string, Readonly<Record<string, number>>>> } = {
  DS: delegationSigner,
  CDS: delegationSigner,
  DNSKEY: publicKey,
  CDNSKEY: publicKey,
  RRSIG: { algorithm: ALGORITHMS },
  /** RFC 7218 §2. */
  TLSA: {
    usage: { 'PKIX-TA': 0, 'PKIX-EE': 1, 'DANE-TA': 2, 'DANE-EE': 3, PRIVCERT: 255 },
    selector: { CERT: 0, SPKI: 1, PRIVSEL: 255 },
    matching: { FULL: 0, 'SHA2-256': 1, 'SHA2-512': 2, PRIVMATCH: 255 },
  },
};

/** The words that a field of a type may be written with; undefined for the many fields that are numbers only. */
export const wordsOf = (type: KnownType, field: string): Readonly<Record<string, number>> | undefined => WORDS[type]?.[field];
