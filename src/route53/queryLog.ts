/** The query log of a public hosted zone: one line for each query that reaches a name server (Developer Guide, query-logs). */
import type { Address, Cidr } from '../base/address.ts';
import type { Message, Rcode } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { dataText } from '../dns/presentation.ts';
import type { RecordType } from '../dns/record.ts';
import type { JsonObject } from './formats/json.ts';
import { serviceName } from './names.ts';
import type { Vpc } from './private.ts';

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

/** What the log of a VPC's Resolver says of one query besides the messages (Developer Guide, resolver-query-logs-format). */
export interface ResolverLogContext {
  readonly account: string;
  readonly vpc: Vpc;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly source: Address;
  readonly sourcePort: number;
  readonly transport: 'UDP' | 'TCP';
  /** The instance that asked, or the inbound endpoint through which the query came. */
  readonly from: { readonly kind: 'instance' | 'resolver_endpoint'; readonly id: string };
}

/** One entry of the Resolver's query log: JSON, with the answers in it; undefined for a message without a question. */
export function resolverLogEntry(response: Message, about: ResolverLogContext): JsonObject | undefined {
  const [question] = response.question;
  if (!question) return undefined;
  return {
    version: '1.100000',
    account_id: about.account,
    region: about.vpc.region,
    vpc_id: about.vpc.id,
    query_timestamp: about.timestamp,
    query_name: serviceName(question.name),
    query_type: question.type,
    query_class: question.class,
    rcode: response.rcode,
    answers: response.answer.map((record) => ({
      Rdata: dataText(record.type, record.data),
      Type: record.type,
      Class: record.class,
    })),
    srcaddr: about.source,
    srcport: String(about.sourcePort),
    transport: about.transport,
    srcids: { [about.from.kind]: about.from.id },
  };
}
