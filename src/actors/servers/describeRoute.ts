/** A routing policy's decision as the four questions of "Why this answer": what matches, what is healthy, what decides, what is given. */
import { type Reason, reason } from '../../base/reason.ts';
import { serviceName } from '../../route53/names.ts';
import { setLabel } from '../../route53/records.ts';
import type { Decision } from '../../route53/routing/decision.ts';
import { leafOf } from '../../route53/routing/decision.ts';
import type { DecisionRecord, MessageId } from '../../trace/trace.ts';

/** The decision for the record; the whole of it is in `detail`, with those of the groups that alias records lead to. */
export function routeRecord(decision: Decision, message: MessageId): DecisionRecord {
  const { group, considered, failOpen, branch } = decision;
  const healthy = considered.filter(({ health }) => health.healthy).map(({ set }) => setLabel(set));
  const count = group.sets.length === 1 ? 'one record' : `${group.sets.length} records`;
  const given = givenBy(decision);
  return {
    about: 'route',
    outcome: given,
    asked: [
      {
        question: 'Which records match?',
        found: `${serviceName(group.name)} ${group.type}: ${count}, ${group.policy}`,
        yes: true,
      },
      {
        question: 'Which of them are healthy?',
        found: failOpen ? 'none, so all count as healthy' : healthy.length === considered.length ? 'all' : healthy.join(', '),
        yes: !failOpen,
      },
      { question: 'What decides?', found: ruleOf(decision), yes: decision.chosen.length > 0 },
      ...(branch?.kind === 'group' || branch?.kind === 'policy'
        ? [{ question: 'And behind the alias record?', found: ruleOf(leafOf(decision)), yes: true }]
        : []),
      { question: 'What is given?', found: given, yes: decision.chosen.length > 0 },
    ],
    reasons: reasonsOf(decision),
    message,
    detail: decision,
  };
}

/** "blue", "m1, m2 and 6 more", "balancer’s addresses", "nothing". */
function givenBy(decision: Decision): string {
  const { branch } = decision;
  const names = decision.chosen.map(setLabel);
  if (names.length === 0) return 'nothing';
  if (branch?.kind === 'resource') return `the addresses of ${serviceName(branch.resource.dnsName)}`;
  if (branch?.kind === 'missing') return `nothing: there is no ${branch.what}`;
  if (branch?.kind === 'loop') return 'nothing: the alias records lead in a circle';
  if (branch) return `${names[0]}, and there ${givenBy(branch.decision)}`;
  const [first] = decision.chosen;
  if (first?.routing.policy === 'simple') return 'its values';
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
}

/** The reason that decided: the last that is not about health. */
const ruleOf = ({ reasons, chosen }: Decision): string =>
  reasons.findLast(({ rule }) => rule !== 'fail-open')?.text ?? (chosen.length > 0 ? 'nothing to choose' : 'nothing fits');

function reasonsOf(decision: Decision): Reason[] {
  const { branch, considered } = decision;
  const sick = considered
    .filter(({ health }) => !health.healthy)
    .map(({ set, health }) =>
      reason('unhealthy-record', `${setLabel(set)} is unhealthy: ${health.reason.text}`, health.reason.source),
    );
  const below = branch?.kind === 'group' || branch?.kind === 'policy' ? reasonsOf(branch.decision) : [];
  return [...sick, ...decision.reasons, ...below];
}
