/**
 * A traffic policy drawn as a tree, its root at the left: rules, what tells their branches apart, and endpoints; and which way
 * through it an answer took. A rule to which two branches lead stands there twice: it is a tree that is evaluated.
 */
import { type HierarchyPointNode, hierarchy, tree } from 'd3';
import { toldApartBy } from '../../../route53/records.ts';
import type { Decision, Standing } from '../../../route53/routing/decision.ts';
import type { PolicyDocument, PolicyItem, PolicyReference } from '../../../route53/trafficPolicy.ts';

export interface TreeNode {
  /** The way from the root: "0", "0.1", "0.1.0". */
  readonly id: string;
  readonly kind: 'rule' | 'endpoint';
  /** "latency", or the endpoint's type. */
  readonly type: string;
  readonly name: string;
  /** An endpoint's value. */
  readonly value: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether the answer came this way. */
  readonly lit: boolean;
}

export interface TreeEdge {
  readonly id: string;
  /** An SVG path from the right side of a node to the left side of another. */
  readonly d: string;
  /** "us-east-1", "weight 3", "primary"; empty where nothing tells the branches apart. */
  readonly label: string;
  readonly labelX: number;
  readonly labelY: number;
  readonly lit: boolean;
  /** What the evaluation found of this branch; absent where it did not come. */
  readonly standing?: Standing['standing'];
  readonly healthy?: boolean;
  /** Why it stands so. */
  readonly why: string;
}

export interface PolicyTree {
  readonly nodes: readonly TreeNode[];
  readonly edges: readonly TreeEdge[];
  readonly width: number;
  readonly height: number;
}

interface Branch {
  readonly id: string;
  readonly reference: PolicyReference;
  /** Of the rule above; absent at the root. */
  readonly item?: PolicyItem;
  readonly branches: readonly Branch[];
}

const RULE = { width: 150, height: 46 };
const ENDPOINT = { width: 178, height: 46 };
/** From the left side of one column to that of the next: a node, and room for the words on the branch. */
const COLUMN = 318;
const ROW = 62;
const PAD = 2;

/** The deepest tree that is drawn; documents are trees of a few rules. */
const MOST_DEPTH = 12;

function branchOf(document: PolicyDocument, reference: PolicyReference, id: string, item?: PolicyItem): Branch {
  const rule = reference.kind === 'rule' ? document.rules.get(reference.id) : undefined;
  const below = id.split('.').length < MOST_DEPTH ? (rule?.items ?? []) : [];
  const branches = below.map((one, i) => branchOf(document, one.target, `${id}.${i}`, one));
  return { id, reference, ...(item ? { item } : {}), branches };
}

/** The tree of a document; `decision` is what the policy record of an answer decided, if one is to be shown. */
export function policyTree(document: PolicyDocument, decision?: Decision): PolicyTree {
  const root = hierarchy(branchOf(document, document.start, '0'), ({ branches }) => branches);
  const placed = tree<Branch>()
    .nodeSize([ROW, COLUMN])
    .separation((a, b) => (a.parent === b.parent ? 1 : 1.25))(root);
  const standings = decision ? standingsOf(document, decision) : new Map<string, Standing>();
  const lit = litOf(standings);
  const all = placed.descendants();
  const top = Math.min(...all.map(({ x }) => x));
  const bottom = Math.max(...all.map(({ x }) => x));
  const nodes = all.map((node): TreeNode => {
    const { id, reference } = node.data;
    const isRule = reference.kind === 'rule';
    const size = isRule ? RULE : ENDPOINT;
    const endpoint = document.endpoints.get(reference.id);
    return {
      id,
      kind: reference.kind,
      type: isRule ? (document.rules.get(reference.id)?.type ?? '') : (endpoint?.type ?? ''),
      name: reference.id,
      value: endpoint?.value ?? '',
      ...corner(node, top),
      ...size,
      lit: lit.has(id),
    };
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edges = all.flatMap((node): TreeEdge[] => {
    const { id, item } = node.data;
    const from = node.parent && byId.get(node.parent.data.id);
    const to = byId.get(id);
    if (!from || !to || !item) return [];
    const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
    const bend = x1 + 26;
    const standing = standings.get(id);
    return [
      {
        id,
        // Out of the rule, up or down in one bend, and along under the words to the branch's end.
        d: `M${x1} ${y1}C${bend} ${y1} ${x1 + 8} ${y2} ${x1 + 44} ${y2}L${x2} ${y2}`,
        label: toldApartBy(item.routing),
        labelX: x1 + 48,
        labelY: y2 - 6,
        lit: lit.has(id),
        why: standing?.why ?? '',
        ...(standing ? { standing: standing.standing, healthy: standing.health.healthy } : {}),
      },
    ];
  });
  const width = Math.max(...nodes.map((node) => node.x + node.width)) + PAD;
  return { nodes, edges, width, height: bottom - top + RULE.height + 2 * PAD };
}

const corner = ({ x, y }: HierarchyPointNode<Branch>, top: number): { x: number; y: number } => ({
  x: Math.round(y) + PAD,
  y: Math.round(x - top) + PAD,
});

/** The standing of each branch that was looked at, by its way from the root. */
function standingsOf(document: PolicyDocument, decision: Decision): Map<string, Standing> {
  const standings = new Map<string, Standing>();
  const walk = (one: Decision, reference: PolicyReference, id: string): void => {
    if (reference.kind !== 'rule') return;
    const items = document.rules.get(reference.id)?.items ?? [];
    for (const [i, standing] of one.considered.entries()) {
      const item = items[i];
      if (!item) continue;
      standings.set(`${id}.${i}`, standing);
      if (standing.standing === 'chosen' && one.branch?.kind === 'group') walk(one.branch.decision, item.target, `${id}.${i}`);
    }
  };
  const inside = decision.branch?.kind === 'policy' ? decision.branch.decision : undefined;
  if (inside) walk(inside, document.start, '0');
  return standings;
}

function litOf(standings: ReadonlyMap<string, Standing>): Set<string> {
  const lit = new Set<string>();
  for (const [id, { standing }] of standings) if (standing === 'chosen') lit.add(id);
  if (lit.size > 0) lit.add('0');
  return lit;
}

/** The tree in words, a line for each branch, for those who do not see the picture: depth and text. */
export function treeLines({
  nodes,
  edges,
}: PolicyTree): { readonly depth: number; readonly text: string; readonly lit: boolean }[] {
  const edgeTo = new Map(edges.map((edge) => [edge.id, edge]));
  return [...nodes]
    .sort((a, b) => compareWays(a.id, b.id))
    .map(({ id, kind, type, name, value, lit }) => {
      const edge = edgeTo.get(id);
      const what = kind === 'rule' ? `rule ${name}, by ${type}` : `endpoint ${name}${value === '' ? '' : `, ${value}`}`;
      const way = edge?.label ? `${edge.label}: ` : '';
      const why = edge?.why ? ` (${edge.why})` : '';
      return { depth: id.split('.').length - 1, text: `${way}${what}${why}`, lit };
    });
}

function compareWays(a: string, b: string): number {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}
