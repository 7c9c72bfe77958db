/** The query log of a public hosted zone: one line for each query that reaches a name server (Developer Guide, query-logs). */
import type { Address, Cidr } from '../base/address.ts';
import type { Message, Rcode } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import type { RecordType } from '../dns/record.ts';
import { serviceName } from './names.ts';

export interface QueryLogEntry {
  /** ISO 8601 in UTC with milliseconds: "2026-01-02T03:04:05.678Z". */
  readonly timestamp: string;
  readonly zoneId: string;
  readonly name: Name;
  readonly type: RecordType;
  readonly rcode: Rcode;
  readonly protocol: 'UDP' | 'TCP';
  /** An airport's three letters and a number: "FRA50". */
  readonly edge: string;
  readonly resolver: Address;
  readonly subnet?: Cidr;
}

/** Ten fields with blanks between; a client subnet that was not sent is "-". */
export const queryLogLine = (entry: QueryLogEntry): string =>
  [
    '1.0',
    entry.timestamp,
    entry.zoneId,
    entry.name === '.' ? '.' : serviceName(entry.name).slice(0, -1),
    entry.type,
    entry.rcode,
    entry.protocol,
    entry.edge,
    entry.resolver,
    entry.subnet ?? '-',
  ].join(' ');

/** The entry for a response, from what the server and the transport know about it. */
export function queryLogEntry(
  response: Message,
  about: Pick<QueryLogEntry, 'timestamp' | 'zoneId' | 'protocol' | 'edge' | 'resolver'>,
): QueryLogEntry | undefined {
  const [question] = response.question;
  if (!question) return undefined;
  const subnet = response.edns?.options.find((option) => option.option === 'client-subnet')?.subnet;
  return {
    ...about,
    name: question.name,
    type: question.type,
    rcode: response.rcode,
    ...(subnet === undefined ? {} : { subnet }),
  };
}
