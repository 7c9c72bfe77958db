/** Names and RDATA on their own, without a message around them: for DNSSEC and for RFC 3597 text. */
import type { Name } from '../name.ts';
import { MAX_NAME } from '../name.ts';
import type { RecordType } from '../record.ts';
import { typeCode } from '../record.ts';
import type { Data } from './rdata.ts';
import { readData, writeData } from './rdata.ts';
import { reader } from './reader.ts';
import type { Writer } from './writer.ts';
import { forgetNames, putName } from './writer.ts';

/** The octets of a name, not compressed, its final zero included. */
export function nameToWire(name: Name): Uint8Array {
  return written(MAX_NAME, (w) => putName(w, name, false));
}

/** The octets of RDATA, names in it not compressed, letter case kept. */
export function encodeData(type: RecordType, data: Data): Uint8Array {
  return written(512, (w) => writeData(w, typeCode(type), data, false));
}

/** The data that RDATA of type `type` spells, names in it not compressed; octets with the reason when it does not fit. */
export function decodeData(type: RecordType, bytes: Uint8Array): Data {
  return readData(reader(bytes, false), typeCode(type), bytes.length);
}

/** What `write` writes, first into `guess` octets and, if that was not enough, into as many as it took. */
function written(guess: number, write: (w: Writer) => void): Uint8Array {
  for (let size = guess; ; ) {
    forgetNames(0);
    const w: Writer = { bytes: new Uint8Array(size), start: 0, at: 0 };
    write(w);
    if (w.at <= size) return w.bytes.slice(0, w.at);
    size = w.at;
  }
}
