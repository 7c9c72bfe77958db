/**
 * Names as Route 53 writes them: lower case, special characters as `\ddd` with three OCTAL digits.
 *
 * RFC 1035 zone files use decimal digits for the same escape, and so does `Name`; these two functions stand between.
 */
import type { Name } from '../dns/name.ts';
import { labelOctets, labels, labelText, MAX_LABEL, MAX_NAME, wireLength } from '../dns/name.ts';

/** Why a text is no Route 53 name: a code as the service uses it, and a plain sentence. */
export interface NameFault {
  readonly code: 'DomainLabelEmpty' | 'DomainLabelTooLong' | 'DomainNameTooLong' | 'UnsupportedCharacter' | 'DomainNameEmpty';
  readonly words: string;
}

/**
 * Reads a name as the API and the console take it: always fully qualified, final dot optional, `\ddd` octal.
 * The name is lower-cased, as Route 53 stores it (Developer Guide, DomainNameFormat).
 */
export function parseServiceName(text: string): Name | NameFault {
  if (PLAIN.test(text) && text.length < MAX_NAME) return (text.endsWith('.') ? text : `${text}.`).toLowerCase() as Name;
  if (text === '.') return text as Name;
  if (text === '') return { code: 'DomainNameEmpty', words: 'The name is empty.' };
  const parts: string[] = [];
  let label: number[] = [];
  const close = (): NameFault | undefined => {
    if (label.length === 0) return { code: 'DomainLabelEmpty', words: 'Two dots stand together, or the name begins with a dot.' };
    if (label.length > MAX_LABEL)
      return { code: 'DomainLabelTooLong', words: `One label has ${label.length} bytes; ${MAX_LABEL} is the most.` };
    parts.push(labelText(label));
    label = [];
    return undefined;
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      const fault = close();
      if (fault) return fault;
      continue;
    }
    const octal = code === 0x5c ? OCTAL.exec(text.slice(i + 1, i + 4)) : undefined;
    if (octal) {
      label.push(lower(Number.parseInt(octal[0], 8)));
      i += 3;
    } else if (code > 0x20 && code < 0x7f) label.push(lower(code));
    else
      return {
        code: 'UnsupportedCharacter',
        words: `The character at position ${i + 1} must be written as \\ and three octal digits.`,
      };
  }
  if (label.length > 0) {
    const fault = close();
    if (fault) return fault;
  }
  const name = `${parts.join('.')}.` as Name;
  const length = wireLength(name);
  return length > MAX_NAME
    ? { code: 'DomainNameTooLong', words: `The name takes ${length} bytes; ${MAX_NAME} is the most.` }
    : name;
}

export const isNameFault = (parsed: Name | NameFault): parsed is NameFault => typeof parsed !== 'string';

/**
 * A name as the API returns it: every character but a-z, 0-9, "-", "_" and the separating dots as octal escape, so
 * `*.example.com` comes back as `\052.example.com.` (Developer Guide, DomainNameFormat).
 */
export function serviceName(name: Name): string {
  if (SHOWN_AS_IS.test(name)) return name;
  if (name === '.') return name;
  return `${labels(name)
    .map((label) => [...labelOctets(label)].map(shownOctet).join(''))
    .join('.')}.`;
}

/**
 * Text with Route 53's octal escapes turned into the decimal ones of RFC 1035 §5.1, for values and quoted strings.
 * `\"` and `\\` stay.
 */
export const decimalEscapes = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\([0-3][0-7]{2})|\\[\s\S]/g, (all, octal: string | undefined) =>
        octal === undefined ? all : `\\${Number.parseInt(octal, 8).toString().padStart(3, '0')}`,
      )
    : text;

/** Text with decimal escapes turned into octal ones: the way back of `decimalEscapes`. */
export const octalEscapes = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\([0-2]\d{2})|\\[\s\S]/g, (all, decimal: string | undefined) =>
        decimal === undefined ? all : `\\${octal(Number(decimal))}`,
      )
    : text;

const PLAIN = /^(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?$/;
const SHOWN_AS_IS = /^(?:[a-z0-9_-]+\.)+$/;
const OCTAL = /^[0-3][0-7]{2}/;

const octal = (octet: number): string => octet.toString(8).padStart(3, '0');
const lower = (octet: number): number => (octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet);
const shownOctet = (octet: number): string => {
  const c = String.fromCharCode(lower(octet));
  return /[a-z0-9_-]/.test(c) ? c : `\\${octal(octet)}`;
};
