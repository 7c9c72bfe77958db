/** A small signed Internet: the root, com., example.com., and an unsigned child. */
import type { SignedZone, SigningPolicy } from '../../../src/dns/dnssec/sign.ts';
import { signZone } from '../../../src/dns/dnssec/sign.ts';
import { name } from '../../../src/dns/name.ts';
import type { ResourceRecord } from '../../../src/dns/record.ts';
import { parseMasterFile } from '../../../src/dns/zone/masterFile.ts';
import type { Zone } from '../../../src/dns/zone/zone.ts';
import { makeZone, withRecords } from '../../../src/dns/zone/zone.ts';

/** 2026-01-15, in the middle of the signatures' time. */
export const DATE = 1_768_435_200;
export const WINDOW = { inception: DATE - 1_000_000, expiration: DATE + 1_000_000 };
export const NSEC: SigningPolicy = { seed: 'test', window: WINDOW, denial: { kind: 'nsec' } };
export const NSEC3: SigningPolicy = {
  ...NSEC,
  denial: { kind: 'nsec3', optOut: false, iterations: 0, salt: new Uint8Array(0) },
};
export const OPT_OUT: SigningPolicy = {
  ...NSEC,
  denial: { kind: 'nsec3', optOut: true, iterations: 2, salt: Uint8Array.of(0xab, 0xcd) },
};

export function zoneOf(origin: string, text: string): Zone {
  const { records, mistakes } = parseMasterFile(text, { file: origin, origin: name(origin), defaultTtl: 3600 });
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes));
  return makeZone(name(origin), records);
}

const SOA = '@ 3600 SOA ns hostmaster 1 7200 900 1209600 900\n';

export const EXAMPLE = `${SOA}@ NS ns
ns A 192.0.2.53
www A 192.0.2.44
www AAAA 2001:db8::44
alias CNAME www
away CNAME www.example.net.
a.b.c TXT "below empty names"
*.wild TXT "wild"
*.wild MX 10 www
*.walias CNAME www
old DNAME new.example.com.
www.new A 192.0.2.45
sub NS ns.sub
ns.sub A 192.0.2.9
only.unsigned NS ns.sub
`;
const COM = `${SOA}@ NS ns
ns A 192.0.2.1
example NS ns.example
ns.example A 192.0.2.53
plain NS ns.plain
ns.plain A 192.0.2.60
`;
const ROOT = `${SOA}@ NS ns
ns A 192.0.2.2
com NS ns.com.
ns.com. A 192.0.2.1
`;

export interface Internet {
  readonly root: SignedZone;
  readonly com: SignedZone;
  readonly example: SignedZone;
  /** The trust anchor: the root's DS record. */
  readonly anchor: ResourceRecord;
}

/** Signs all three, each child's DS record in its parent. `change` may alter the zones before they are signed. */
export function internet(policy: SigningPolicy = NSEC, example = EXAMPLE): Internet {
  const signedExample = signZone(zoneOf('example.com.', example), policy);
  const com = signZone(withRecords(zoneOf('com.', COM), [signedExample.signer]), policy);
  const root = signZone(withRecords(zoneOf('.', ROOT), [com.signer]), policy);
  return { root, com, example: signedExample, anchor: root.signer };
}
