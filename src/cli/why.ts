/** Why an answer is what it is, and why two places get different ones: a Route 53 server's decisions in words. */
import { leafOf } from '../route53/routing/decision.ts';
import { describeMessage } from '../trace/describe.ts';
import { recordLines } from '../trace/dig.ts';
import { figuresOf, routeIn, whyLines } from '../trace/routes.ts';
import type { Turn } from '../trace/trace.ts';
import type { Asked } from './places.ts';

/** The turns of name servers in which a policy decided, or at least a server of zones answered with authority. */
const deciding = ({ trace }: Asked): Turn[] =>
  trace.turns.filter((turn) => turn.effects.some((effect) => effect.kind === 'decide' && routeIn(effect.decision)));

/** The lines of "Why this answer?"; where no policy chose, what the last name server went by. */
export function whyText(asked: Asked): string[] {
  const { answer } = asked;
  const way = decisionsAbout(asked, 'rule').map(
    ({ host, outcome, reasons }) => `The ${host} took this way: ${outcome}${sourceText(reasons.at(-1)?.source)}`,
  );
  const lines = deciding(asked).flatMap(whyLines);
  if (lines.length > 0) return [...way, ...lines];
  if (!answer) return ['Why no answer?', ...asked.trace.turns.slice(-1).flatMap(reasonsOf)];
  const found = decisionsAbout(asked, 'find').at(-1);
  const told = found ? [found.outcome, ...found.reasons.map(({ text, source }) => `${text}${sourceText(source)}`)] : [];
  const alone = way.length > 0 && told.length === 0 ? ['What it says holds: nobody else is asked.'] : [];
  return [
    ...way,
    'Why this answer?',
    '  No routing policy had anything to choose.',
    ...[...told, ...alone].map((line) => `  ${line}`),
  ];
}

const sourceText = (source: string | undefined): string => (source === undefined ? '' : ` (${source})`);

/** What hosts decided about something, in order, with the title of each. */
const decisionsAbout = ({ trace }: Asked, about: string) =>
  trace.turns.flatMap(({ host, effects }) =>
    effects.flatMap((effect) =>
      effect.kind === 'decide' && effect.decision.about === about
        ? [{ ...effect.decision, host: trace.hosts.find(({ id }) => id === host)?.title ?? host }]
        : [],
    ),
  );

const reasonsOf = (turn: Turn): string[] =>
  turn.effects.flatMap((effect) => (effect.kind === 'decide' ? effect.decision.reasons.map(({ text }) => `  ${text}`) : []));

/** Who got what, and, where that differs, what decided in each place. */
export function comparison(all: readonly Asked[]): string[] {
  const rows = all.map((one) => ({ one, title: one.place.title, got: gotText(one), rule: ruleText(one) }));
  const same = rows.every(({ got }) => got === rows[0]?.got);
  const head = same ? ';; All get the same answer.' : ';; The answers differ:';
  return [head, ...rows.map(({ title, got, rule }) => `;;   ${title}: ${got}${rule === '' ? '' : `, because ${rule}`}`)];
}

function gotText({ trace, answer }: Asked): string {
  if (!answer) return 'no answer at all';
  const { dns } = describeMessage(trace, answer.id);
  if (!dns) return 'something that cannot be read';
  const data = recordLines(dns.answer).map((line) => line.split(/\s+/).slice(4).join(' '));
  return data.length > 0 ? [...data].sort().join(', ') : dns.rcode === 'NOERROR' ? 'an empty answer' : dns.rcode;
}

/** "the record eu: Europe is the smallest place …"; empty where no policy chose. */
function ruleText(asked: Asked): string {
  const decisions = deciding(asked).flatMap((turn) =>
    turn.effects.flatMap((effect) => (effect.kind === 'decide' ? (routeIn(effect.decision) ?? []) : [])),
  );
  const last = decisions.findLast(({ group, branch }) => group.policy !== 'simple' || branch !== undefined);
  if (!last) return decisionsAbout(asked, 'rule').at(-1)?.outcome ?? '';
  const { chosen } = figuresOf(last);
  const why = leafOf(last).considered.find(({ standing }) => standing === 'chosen')?.why;
  const reasons = leafOf(last).reasons.filter(({ rule }) => rule !== 'fail-open');
  const said = why ?? reasons.at(-1)?.text ?? 'nothing fits';
  return chosen.length === 0 ? said : `${chosen.join(', then ')} is taken: ${said.charAt(0).toLowerCase()}${said.slice(1)}`;
}
