/** A server's response as the questions that led to it, for whoever asks "why this answer?". */
import type { Message } from '../../dns/message.ts';
import { sameName } from '../../dns/name.ts';
import type { DecisionRecord } from '../../trace/trace.ts';

/** What kind of response this is, and the four questions of RFC 1034 §4.3.2 that decide it. */
export function describeResponse(query: Message, response: Message): Pick<DecisionRecord, 'outcome' | 'asked'> {
  const [question] = query.question;
  const { rcode, flags, answer, authority } = response;
  if (!question || (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN'))
    return { outcome: rcode, asked: [{ question: 'Is the question one for this server?', found: rcode, yes: false }] };
  const here = { question: 'Does a zone here hold the name?', found: authority[0]?.name ?? question.name, yes: true };
  const cut = authority.find(({ type }) => type === 'NS');
  if (!flags.aa && answer.length === 0 && cut)
    return {
      outcome: `referral to the servers of ${cut.name}`,
      asked: [here, { question: 'Is the name given to other servers?', found: `yes, from ${cut.name} on`, yes: true }],
    };
  const own = { question: 'Is the name given to other servers?', found: 'no', yes: false };
  if (rcode === 'NXDOMAIN')
    return { outcome: 'no such name', asked: [here, own, { question: 'Does the name exist?', found: 'no', yes: false }] };
  const exists = { question: 'Does the name exist?', found: 'yes', yes: true };
  const count = answer.filter(({ type }) => type === question.type).length;
  const alias = answer.find(({ type, name }) => type === 'CNAME' && sameName(name, question.name));
  const asked = { question: `Has it records of type ${question.type}?`, found: `${count}`, yes: count > 0 };
  if (answer.length === 0) return { outcome: 'no record of this type', asked: [here, own, exists, { ...asked, found: 'none' }] };
  if (!alias) return { outcome: 'answer', asked: [here, own, exists, asked] };
  return { outcome: 'alias', asked: [here, own, exists, { question: 'Is it an alias?', found: 'a CNAME', yes: true }] };
}
