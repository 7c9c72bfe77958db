/** Telling a zone's operator that its data do not fit, by a question whose name says it all: DNS Error Reporting (RFC 9567). */
import type { Message, Question } from '../message.ts';
import { isSubdomain, MAX_NAME, type Name, ROOT, wireLength } from '../name.ts';
import { typeCode } from '../record.ts';
import { reader, readName } from '../wire/reader.ts';

/** The EDNS option "Report-Channel" (RFC 9567 §5). */
const REPORT_CHANNEL = 18;

/** The agent to whom errors may be told, as the server's response names it; undefined when it names none, or the root (RFC 9567 §6.1). */
export function agentOf({ edns }: Message): Name | undefined {
  const option = edns?.options.find((one) => one.option === 'other' && one.code === REPORT_CHANNEL);
  if (option?.option !== 'other') return undefined;
  const from = reader(option.data, false);
  const agent = readName(from, option.data.length);
  return from.problem === '' && from.at === option.data.length && agent !== ROOT ? agent : undefined;
}

/**
 * The question that tells `agent` of an error: its name holds the type and the name that were asked for, and the error's code
 * (RFC 8914). Undefined where there is no room for all of it, and for questions about the agent's own zone, which would lead in
 * a circle (RFC 9567 §6.1.1).
 */
export function reportOf({ name, type }: Question, code: number, agent: Name): Question | undefined {
  const about = name === ROOT ? '' : name;
  const report = `_er.${typeCode(type)}.${about}${code}._er.${agent}` as Name;
  return isSubdomain(name, agent) || wireLength(report) > MAX_NAME ? undefined : { name: report, type: 'TXT', class: 'IN' };
}
