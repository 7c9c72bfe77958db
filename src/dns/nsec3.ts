/** Hashed owner names (RFC 5155 §5). */
import { sha1 } from '@noble/hashes/legacy.js';
import type { Name } from './name.ts';
import { key } from './name.ts';
import { nameToWire } from './wire/nameOctets.ts';

/** The hash of a name in lower case: SHA-1 once, and `iterations` times more, the salt added each time. */
export function nsec3Hash(name: Name, how: { readonly salt: Uint8Array; readonly iterations: number }): Uint8Array {
  let octets = nameToWire(key(name) as string as Name);
  for (let i = 0; i <= how.iterations; i++) {
    const salted = new Uint8Array(octets.length + how.salt.length);
    salted.set(octets);
    salted.set(how.salt, octets.length);
    octets = sha1(salted);
  }
  return octets;
}
