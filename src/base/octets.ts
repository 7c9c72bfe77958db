/** Octets as text and back: hexadecimal, base64 (RFC 4648 §4) and base32hex (RFC 4648 §7). */

const HEX = '0123456789ABCDEF';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** Upper-case hexadecimal, two digits an octet, nothing between. */
export function hexText(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += HEX.charAt(octet >> 4) + HEX.charAt(octet & 15);
  return text;
}

/** Reads pairs of hexadecimal digits, any letter case; undefined when the text is anything else. */
export function parseHex(text: string): Uint8Array | undefined {
  return text.length % 2 === 0 ? regroup(text.toUpperCase(), HEX_VALUES, 4, text.length / 2) : undefined;
}

/** Base64 with its padding. */
export function base64Text(octets: Uint8Array): string {
  return spell(octets, BASE64, 6).padEnd(Math.ceil(octets.length / 3) * 4, '=');
}

/** Reads base64; padding may be absent, but neither wrong nor inside. Undefined when the text is anything else. */
export function parseBase64(text: string): Uint8Array | undefined {
  const found = /^([^=]*)(={0,2})$/.exec(text);
  const digits = found?.[1];
  if (digits === undefined || digits.length % 4 === 1 || (found?.[2] !== '' && text.length % 4 !== 0)) return undefined;
  return regroup(digits, BASE64_VALUES, 6, Math.floor((digits.length * 3) / 4));
}

/** Base32 with the extended hexadecimal alphabet, upper case, no padding: as NSEC3 writes its hashes (RFC 5155 §3.3). */
export const base32Text = (octets: Uint8Array): string => spell(octets, BASE32, 5);

/** Reads base32hex without padding, any letter case; undefined when the text is anything else. */
export function parseBase32(text: string): Uint8Array | undefined {
  if ([1, 3, 6].includes(text.length % 8)) return undefined;
  return regroup(text.toUpperCase(), BASE32_VALUES, 5, Math.floor((text.length * 5) / 8));
}

const valuesOf = (alphabet: string): Int8Array => {
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
};
const HEX_VALUES = valuesOf(HEX);
const BASE64_VALUES = valuesOf(BASE64);
const BASE32_VALUES = valuesOf(BASE32);

/** Octets regrouped into digits of `width` bits; the last digit is filled with zero bits. */
function spell(octets: Uint8Array, alphabet: string, width: number): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const octet of octets) {
    held = ((held << 8) | octet) & 0xffff;
    for (bits += 8; bits >= width; ) {
      bits -= width;
      text += alphabet.charAt((held >> bits) & ((1 << width) - 1));
    }
  }
  return bits > 0 ? text + alphabet.charAt((held << (width - bits)) & ((1 << width) - 1)) : text;
}

/** Digits of `width` bits regrouped into `length` octets; bits left over do not matter (RFC 4648 §3.5). */
function regroup(text: string, values: Int8Array, width: number, length: number): Uint8Array | undefined {
  const octets = new Uint8Array(length);
  let held = 0;
  let bits = 0;
  let filled = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    held = ((held << width) | value) & 0xffff;
    bits += width;
    if (bits >= 8) {
      bits -= 8;
      octets[filled++] = (held >> bits) & 0xff;
    }
  }
  return octets;
}
