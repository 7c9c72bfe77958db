/** The query log as the console shows it: every line of it, taken apart, and beside it how many questions never came. */
import type { Instant } from '../../../base/time.ts';
import { isSubdomain, type Name } from '../../../dns/name.ts';
import { queryLog } from '../../../scenario/route53/queryLog.ts';
import { describeMessage } from '../../../trace/describe.ts';
import type { MessageId, Trace, TurnId } from '../../../trace/trace.ts';

export interface LogRow {
  readonly at: Instant;
  readonly line: string;
  readonly message: MessageId;
  /** The turn in which the server answered. */
  readonly turn: TurnId;
  /** The ten fields, in order. */
  readonly fields: readonly string[];
}

/** What the ten fields are (Developer Guide, query-logs). */
export const FIELDS = [
  'format version',
  'time',
  'hosted zone',
  'query name',
  'type',
  'response code',
  'protocol',
  'edge location',
  'resolver',
  'client subnet',
] as const;

export const logRows = (trace: Trace, zone: string, until: Instant): LogRow[] =>
  queryLog(trace, zone, until).map(({ at, line, message }) => ({
    at,
    line,
    message,
    turn: trace.messages[message]?.turn ?? 0,
    fields: line.split(' '),
  }));

/**
 * How many questions for names of a zone clients put to resolvers until an instant: those that the log would need to hold if
 * resolvers remembered nothing.
 */
export function questionsToResolvers(trace: Trace, zone: Name, until: Instant): number {
  const resolvers = new Set(trace.hosts.filter(({ role }) => role === 'resolver').map(({ id }) => id));
  const clients = new Set(trace.hosts.filter(({ role }) => role === 'browser' || role === 'program').map(({ id }) => id));
  let count = 0;
  for (const { id, answers, sentAt, fromHost, toHost, protocol } of trace.messages) {
    if (protocol !== 'dns' || answers !== undefined || sentAt > until) continue;
    if (!clients.has(fromHost) || toHost === undefined || !resolvers.has(toHost)) continue;
    const question = describeMessage(trace, id).dns?.question[0];
    if (question && isSubdomain(question.name, zone)) count++;
  }
  return count;
}
