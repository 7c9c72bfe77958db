/** A DNS message as `dig` prints it, so that whoever knows the one can read the other. */

import { hexText } from '../base/octets.ts';
import type { Edns, EdnsOption, Flags, Message } from '../dns/message.ts';
import { dataText } from '../dns/presentation.ts';
import type { ResourceRecord } from '../dns/record.ts';

export interface DigOptions {
  /** Sections with more records show the first of them and say how many more there are; all are shown unless told. */
  readonly most?: number;
}

/** The lines of a message, from the header to the last section. */
export function digLines(message: Message, { most = Number.POSITIVE_INFINITY }: DigOptions = {}): string[] {
  const { id, opcode, rcode, flags, question, answer, authority, additional, edns } = message;
  const counts = `QUERY: ${question.length}, ANSWER: ${answer.length}, AUTHORITY: ${authority.length}, ADDITIONAL: ${additional.length + (edns ? 1 : 0)}`;
  return [
    `;; ->>HEADER<<- opcode: ${opcode}, status: ${rcode}, id: ${id}`,
    `;; flags:${flagsText(flags)}; ${counts}`,
    ...(edns ? ['', ';; OPT PSEUDOSECTION:', ...ednsLines(edns)] : []),
    ...(question.length > 0 ? ['', ';; QUESTION SECTION:'] : []),
    ...aligned(question.map((q) => [`;${q.name}`, '', q.class, q.type])),
    ...section('ANSWER', answer, most),
    ...section('AUTHORITY', authority, most),
    ...section('ADDITIONAL', additional, most),
  ];
}

/** The flags that are set, as dig names them: " qr aa". */
export const flagsText = (flags: Flags): string =>
  (['qr', 'aa', 'tc', 'rd', 'ra', 'z', 'ad', 'cd'] as const)
    .filter((flag) => flags[flag])
    .map((flag) => ` ${flag}`)
    .join('');

function section(title: string, records: readonly ResourceRecord[], most: number): string[] {
  if (records.length === 0) return [];
  const shown = records.length > most + 1 ? records.slice(0, most) : records;
  const left = records.length - shown.length;
  return ['', `;; ${title} SECTION:`, ...recordLines(shown), ...(left > 0 ? [`; and ${left} more`] : [])];
}

/** Records in columns, as dig and master files have them. */
export const recordLines = (records: readonly ResourceRecord[]): string[] =>
  aligned(records.map((r) => [r.name, String(r.ttl), r.class, r.type, dataText(r.type, r.data)]));

function ednsLines({ version, udpSize, do: dnssecOk, options }: Edns): string[] {
  return [
    `; EDNS: version: ${version}, flags:${dnssecOk ? ' do' : ''}; udp: ${udpSize}`,
    ...options.map((option) => `; ${optionText(option)}`),
  ];
}

/** One EDNS option in words. */
export function optionText(option: EdnsOption): string {
  switch (option.option) {
    case 'client-subnet':
      return `CLIENT-SUBNET: ${option.subnet}/${option.scope}`;
    case 'cookie':
      return `COOKIE: ${hexText(option.client)}${option.server ? hexText(option.server) : ''}`;
    case 'extended-error':
      return `EDE: ${option.code}${option.text === '' ? '' : `: (${option.text})`}`;
    case 'padding':
      return `PADDING: ${option.length} octets`;
    case 'keepalive':
      return `KEEPALIVE: ${option.timeout === undefined ? '' : `${option.timeout / 10} s`}`.trimEnd();
    case 'nsid':
      return `NSID: ${hexText(option.id)}`;
    case 'other':
      return `OPT=${option.code}: ${hexText(option.data)}`;
  }
}

/** Rows with their columns one under the other; the last column is as long as it is. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i === row.length - 1 ? cell : cell.padEnd((widths[i] as number) + (cell === '' && widths[i] === 0 ? 0 : 2)),
      )
      .join(''),
  );
}
