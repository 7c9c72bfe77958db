/** Octets as character-strings of presentation format (RFC 1035 §5.1). */

/** The octets as text: those outside printable ASCII as \DDD, quotation marks and backslashes escaped. */
export function octetsText(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) {
    if (octet < 0x20 || octet > 0x7e) text += `\\${octet.toString().padStart(3, '0')}`;
    else if (octet === QUOTE || octet === BACKSLASH) text += `\\${String.fromCharCode(octet)}`;
    else text += String.fromCharCode(octet);
  }
  return text;
}

export const quotedText = (octets: Uint8Array): string => `"${octetsText(octets)}"`;

/** The octets that a token means; undefined when an escape in it is wrong. Characters outside ASCII are UTF-8. */
export function octetsOf(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH || code > 127) return unescaped(text);
    octets[i] = code;
  }
  return octets;
}

function unescaped(text: string): Uint8Array | undefined {
  const octets: number[] = [];
  for (let i = 0; i < text.length; ) {
    const digits = text[i] === '\\' ? /^\d{1,3}/.exec(text.slice(i + 1, i + 4))?.[0] : undefined;
    if (digits !== undefined) {
      if (digits.length !== 3 || Number(digits) > 255) return undefined;
      octets.push(Number(digits));
      i += 4;
      continue;
    }
    if (text[i] === '\\' && ++i === text.length) return undefined;
    const character = String.fromCodePoint(text.codePointAt(i) as number);
    octets.push(...UTF8.encode(character));
    i += character.length;
  }
  return Uint8Array.from(octets);
}

const UTF8 = new TextEncoder();
const QUOTE = 34;
const BACKSLASH = 92;
