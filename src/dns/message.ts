/** A DNS message as a plain value (RFC 1035 §4.1), with EDNS pulled out of the additional section (RFC 6891). */
import type { Cidr } from '../base/address.ts';
import type { Name } from './name.ts';
import type { RecordClass, RecordType, ResourceRecord } from './record.ts';

export type Opcode = 'QUERY' | 'IQUERY' | 'STATUS' | 'NOTIFY' | 'UPDATE' | 'DSO' | `OPCODE${number}`;

/** The response code, its EDNS extension bits included. */
export type Rcode =
  | 'NOERROR'
  | 'FORMERR'
  | 'SERVFAIL'
  | 'NXDOMAIN'
  | 'NOTIMP'
  | 'REFUSED'
  | 'YXDOMAIN'
  | 'YXRRSET'
  | 'NXRRSET'
  | 'NOTAUTH'
  | 'NOTZONE'
  | 'BADVERS'
  | 'BADCOOKIE'
  | `RCODE${number}`;

export interface Flags {
  /** Response. */
  readonly qr: boolean;
  /** Authoritative answer. */
  readonly aa: boolean;
  /** Truncated. */
  readonly tc: boolean;
  /** Recursion desired. */
  readonly rd: boolean;
  /** Recursion available. */
  readonly ra: boolean;
  /** The reserved bit. */
  readonly z: boolean;
  /** Authentic data. */
  readonly ad: boolean;
  /** Checking disabled. */
  readonly cd: boolean;
}

export interface Question {
  readonly name: Name;
  readonly type: RecordType;
  readonly class: RecordClass;
}

export type EdnsOption =
  | { readonly option: 'client-subnet'; readonly subnet: Cidr; readonly scope: number }
  | { readonly option: 'cookie'; readonly client: Uint8Array; readonly server?: Uint8Array }
  | { readonly option: 'extended-error'; readonly code: number; readonly text: string }
  | { readonly option: 'padding'; readonly length: number }
  | { readonly option: 'keepalive' /** In units of 100 ms; absent in a query. */; readonly timeout?: number }
  | { readonly option: 'nsid'; readonly id: Uint8Array }
  /** Any other option, or one whose data does not fit its code (then `unfit` says why). */
  | { readonly option: 'other'; readonly code: number; readonly data: Uint8Array; readonly unfit?: string };

/** The OPT pseudo-record (RFC 6891 §6.1). The extended rcode bits are part of `Message.rcode`. */
export interface Edns {
  readonly version: number;
  /** The largest UDP payload that the sender takes, in octets. */
  readonly udpSize: number;
  readonly do: boolean;
  /** The other flag bits, as sent; 0 in all ordinary messages. */
  readonly z?: number;
  readonly options: readonly EdnsOption[];
}

export interface Message {
  readonly id: number;
  readonly opcode: Opcode;
  readonly rcode: Rcode;
  readonly flags: Flags;
  readonly question: readonly Question[];
  readonly answer: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  /** Without the OPT record, which is `edns`. A second OPT (a fault) stays here as opaque data. */
  readonly additional: readonly ResourceRecord[];
  readonly edns?: Edns;
  /** How many octets followed the message's end. Absent when none did. */
  readonly trailing?: number;
}

export const NO_FLAGS: Flags = { qr: false, aa: false, tc: false, rd: false, ra: false, z: false, ad: false, cd: false };

/** An ordinary question. */
export function query(
  id: number,
  question: Question,
  options: { rd?: boolean; cd?: boolean; ad?: boolean; edns?: Edns } = {},
): Message {
  const flags: Flags = { ...NO_FLAGS, rd: options.rd ?? false, cd: options.cd ?? false, ad: options.ad ?? false };
  const message: Message = {
    id,
    opcode: 'QUERY',
    rcode: 'NOERROR',
    flags,
    question: [question],
    answer: [],
    authority: [],
    additional: [],
  };
  return options.edns ? Object.assign(message, { edns: options.edns }) : message;
}

/**
 * An empty response to `to`: its ID, opcode, question and RD echoed (RFC 1035 §4.1.1); all else as `change` says. CD comes back
 * from recursive resolvers only (RFC 4035 §3.1.6, §3.2.2).
 */
export function response(to: Message, change: Omit<Partial<Message>, 'flags'> & { flags?: Partial<Flags> } = {}): Message {
  return {
    id: to.id,
    opcode: to.opcode,
    rcode: 'NOERROR',
    question: to.question,
    answer: [],
    authority: [],
    additional: [],
    ...change,
    flags: { ...NO_FLAGS, qr: true, rd: to.flags.rd, ...change.flags },
  };
}

const OPCODES: Readonly<Record<string, number>> = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5, DSO: 6 };
const OPCODE_NAMES: (Opcode | undefined)[] = new Array(16).fill(undefined);
for (const [mnemonic, code] of Object.entries(OPCODES)) OPCODE_NAMES[code] = mnemonic as Opcode;
const RCODES: Readonly<Record<string, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADCOOKIE: 23,
};
const RCODE_NAMES: (Rcode | undefined)[] = new Array(24).fill(undefined);
for (const [mnemonic, code] of Object.entries(RCODES)) RCODE_NAMES[code] = mnemonic as Rcode;

export const opcodeName = (code: number): Opcode => OPCODE_NAMES[code] ?? `OPCODE${code}`;
export const opcodeCode = (opcode: Opcode): number => OPCODES[opcode] ?? Number(opcode.slice(6));
export const rcodeName = (code: number): Rcode => RCODE_NAMES[code] ?? `RCODE${code}`;
export const rcodeCode = (rcode: Rcode): number => RCODES[rcode] ?? Number(rcode.slice(5));
