/** "Why this answer": a Route 53 server's decisions as lines of text and as figures, read from the trace. */

import { serviceName } from '../route53/names.ts';
import { setLabel, toldApartBy } from '../route53/records.ts';
import { type Decision, leafOf, type Measure } from '../route53/routing/decision.ts';
import type { DecisionRecord, Turn } from './trace.ts';

/** The routing decision in a record; undefined when it is about something else. */
export const routeIn = ({ about, detail }: DecisionRecord): Decision | undefined =>
  about === 'route' ? (detail as Decision) : undefined;

/** The routing decisions of a server's turn. */
const routesIn = (turn: Turn): Decision[] =>
  turn.effects.flatMap((effect) => (effect.kind === 'decide' ? (routeIn(effect.decision) ?? []) : []));

/** The lines of "Why this answer" for the server's turn; none when every record was the only one of its name and type. */
export const whyLines = (turn: Turn): string[] =>
  routesIn(turn).flatMap((decision) => (isPlain(decision) ? [] : ['Why this answer?', ...decisionLines(decision, '  ')]));

const isPlain = ({ group, branch }: Decision): boolean => group.policy === 'simple' && branch === undefined;

function decisionLines(decision: Decision, indent: string): string[] {
  const { group, considered, reasons, branch } = decision;
  const rows = considered.map(({ set, health, standing, share, why, measure }) => [
    standing === 'chosen' ? '>' : ' ',
    setLabel(set),
    toldApartBy(set.routing),
    measure && measure.kind !== 'weight' ? measureText(measure) : '',
    health.healthy ? 'healthy' : 'unhealthy',
    `${Math.round(share * 100)} %`,
    why,
  ]);
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  const table = rows.map((row) => `${indent}  ${row.map((cell, i) => cell.padEnd(widths[i] as number)).join('  ')}`.trimEnd());
  const told = reasons.map(({ text, source }) => `${indent}${text}${source === undefined ? '' : ` (${source})`}`);
  const name = `${indent}${serviceName(group.name)} ${group.type}, ${group.policy}`;
  return [name, ...(group.policy === 'simple' ? [] : table), ...told, ...branchLines(branch, indent)];
}

function branchLines(branch: Decision['branch'], indent: string): string[] {
  switch (branch?.kind) {
    case undefined:
      return [];
    case 'group':
      return [`${indent}The alias record leads on in this zone:`, ...decisionLines(branch.decision, `${indent}  `)];
    case 'policy':
      return [`${indent}The traffic policy decides:`, ...decisionLines(branch.decision, `${indent}  `)];
    case 'resource':
      return [`${indent}The alias record leads to the ${branch.resource.service} ${branch.resource.dnsName}`];
    case 'missing':
      return [`${indent}There is no ${branch.what}`];
    case 'loop':
      return [`${indent}The alias records lead in a circle`];
  }
}

function measureText(measure: Measure): string {
  switch (measure.kind) {
    case 'weight':
      return `weight ${measure.weight}`;
    case 'latency':
      return `${measure.milliseconds} ms`;
    case 'distance': {
      const plain = Math.round(measure.kilometres);
      const biased = Math.round(measure.biased);
      return plain === biased ? `${plain} km` : `${plain} km, counted as ${biased}`;
    }
    case 'block':
      return measure.block;
    case 'place':
      return measure.place;
  }
}

/** What a pattern can say of a routing decision. */
export interface RouteFigures {
  readonly chosen: readonly string[];
  readonly unhealthy: readonly string[];
  /** Per cent: how likely the first chosen was. */
  readonly share: number | undefined;
  /** The figure that decided: milliseconds, kilometres, a weight; and that of the best one that was not taken. */
  readonly figure: number | undefined;
  readonly second: number | undefined;
  /** Kilometres after the bias. */
  readonly counted: number | undefined;
  readonly block: string | undefined;
  readonly policy: string;
  readonly name: string;
}

/** The figures of a decision; those of the last one of a tree where records lead to one another. */
export function figuresOf(decision: Decision): RouteFigures {
  const leaf = leafOf(decision);
  const first = leaf.considered.find(({ standing }) => standing === 'chosen');
  const others = leaf.considered.filter(({ standing }) => standing !== 'chosen');
  const figures = others.flatMap(({ measure }) => figureOf(measure) ?? []);
  return {
    chosen: [...decision.chosen, ...(leaf === decision ? [] : leaf.chosen)].map(setLabel),
    unhealthy: leaf.considered.filter(({ health }) => !health.healthy).map(({ set }) => setLabel(set)),
    share: first && Math.round(first.share * 100),
    figure: figureOf(first?.measure),
    second: figures.length > 0 ? Math.min(...figures) : undefined,
    counted: first?.measure?.kind === 'distance' ? Math.round(first.measure.biased) : undefined,
    block: first?.measure?.kind === 'block' ? first.measure.block : undefined,
    policy: decision.group.policy,
    name: decision.group.name,
  };
}

function figureOf(measure: Measure | undefined): number | undefined {
  switch (measure?.kind) {
    case 'latency':
      return measure.milliseconds;
    case 'distance':
      return Math.round(measure.kilometres);
    case 'weight':
      return measure.weight;
    default:
      return undefined;
  }
}
