/** How the octets of a TCP connection are cut into messages, and how a message is put on the stream. */
import type { Framing } from '../effects.ts';

/** The message as it goes on the stream. */
export function wrap(framing: Framing, message: Uint8Array): Uint8Array {
  if (framing !== 'dns') return message;
  // RFC 1035 §4.2.2: two octets in front give the length.
  const framed = new Uint8Array(message.length + 2);
  framed[0] = message.length >> 8;
  framed[1] = message.length & 0xff;
  framed.set(message, 2);
  return framed;
}

/** A whole message found at the front of what has arrived: itself, and how many octets of the stream it took. */
export interface Cut {
  readonly message: Uint8Array;
  readonly taken: number;
}

/** The first whole message in `octets`; undefined while it is not complete. */
export function cut(framing: Framing, octets: Uint8Array): Cut | undefined {
  switch (framing) {
    case 'dns':
      return cutDns(octets);
    case 'http':
      return cutHttp(octets);
    case 'smtp':
      return upTo(octets, lineEnd(octets, 0));
  }
}

function cutDns(octets: Uint8Array): Cut | undefined {
  if (octets.length < 2) return undefined;
  const taken = 2 + (((octets[0] as number) << 8) | (octets[1] as number));
  return octets.length < taken ? undefined : { message: octets.slice(2, taken), taken };
}

/** RFC 9112 §6.3: the header section, an empty line, and as many octets of content as Content-Length says; none without it. */
function cutHttp(octets: Uint8Array): Cut | undefined {
  let start = 0;
  let length = 0;
  for (let end = lineEnd(octets, start); end !== undefined; end = lineEnd(octets, start)) {
    if (end === start + 2) return upTo(octets, end + length);
    const found = /^content-length:\s*(\d{1,9})\s*$/i.exec(LATIN1.decode(octets.subarray(start, end)));
    if (found) length = Number(found[1]);
    start = end;
  }
  return undefined;
}

const upTo = (octets: Uint8Array, end: number | undefined): Cut | undefined =>
  end === undefined || end > octets.length ? undefined : { message: octets.slice(0, end), taken: end };

/** Where the line that begins at `start` ends, its CRLF included. */
function lineEnd(octets: Uint8Array, start: number): number | undefined {
  const at = octets.indexOf(CR, start);
  if (at < 0) return undefined;
  return octets[at + 1] === LF ? at + 2 : lineEnd(octets, at + 1);
}

const CR = 13;
const LF = 10;
const LATIN1 = new TextDecoder('latin1');
