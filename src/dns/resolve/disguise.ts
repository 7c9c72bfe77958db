/** Defences against forged replies beyond ID and port: random letter case ("0x20") and cookies (RFC 7873). */
import type { EdnsOption, Message } from '../message.ts';
import type { Name } from '../name.ts';
import { sameName } from '../name.ts';
import type { ResourceRecord } from '../record.ts';

/** The name with the case of each letter chosen by chance; `draw(i)` gives a number in [0, 1) for every 24 letters. */
export function randomCase(name: Name, draw: (i: number) => number): Name {
  let out = '';
  let bits = 0;
  let letters = 0;
  for (const character of name) {
    if (!/[a-zA-Z]/.test(character)) {
      out += character;
      continue;
    }
    if (letters % 24 === 0) bits = Math.floor(draw(letters / 24) * 0x1000000);
    out += bits & 1 ? character.toUpperCase() : character.toLowerCase();
    bits >>= 1;
    letters++;
  }
  return out as Name;
}

/** The message with the query name written as the client wrote it, so that the disguise does not reach cache or client. */
export function plainCase(message: Message, asked: Name, plain: Name): Message {
  if (asked === plain) return message;
  const rename = (r: ResourceRecord): ResourceRecord => (sameName(r.name, plain) ? { ...r, name: plain } : r);
  return {
    ...message,
    question: message.question.map((q) => (sameName(q.name, plain) ? { ...q, name: plain } : q)),
    answer: message.answer.map(rename),
    authority: message.authority.map(rename),
    additional: message.additional.map(rename),
  };
}

/** A cookie as a client keeps it for one server: its own half, and the server's when it has shown one (RFC 7873 §5.3). */
export interface Cookie {
  readonly client: Uint8Array;
  readonly server?: Uint8Array;
}

/** A fresh client cookie of 8 octets; `draw(i)` gives a number in [0, 1). */
export const freshCookie = (draw: (i: number) => number): Cookie => ({
  client: Uint8Array.from({ length: 8 }, (_, i) => Math.floor(draw(i) * 256)),
});

/** Whether two cookies have the same half of the server's. */
export const sameCookie = ({ server: a }: Cookie, { server: b }: Cookie): boolean =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((octet, i) => octet === b[i]));

export const cookieOf = (message: Message): Extract<EdnsOption, { option: 'cookie' }> | undefined =>
  message.edns?.options.find((option) => option.option === 'cookie');

/**
 * What a response's cookie means: `right` (then `cookie` is to be used from now on), `wrong`, which must not be believed, or
 * `none`, which is wrong too once the server has shown a cookie of its own (RFC 7873 §5.3).
 */
export function judgeCookie(response: Message, sent: Cookie): { kind: 'right'; cookie: Cookie } | { kind: 'wrong' | 'none' } {
  const option = cookieOf(response);
  if (!option) return { kind: sent.server ? 'wrong' : 'none' };
  const same = option.client.length === sent.client.length && option.client.every((octet, i) => octet === sent.client[i]);
  if (!same) return { kind: 'wrong' };
  return { kind: 'right', cookie: option.server ? { client: sent.client, server: option.server } : sent };
}
