/**
 * YAML text to plain data and the place of every part of it. The only file that needs the `yaml` package, so that a site can
 * carry scenarios as data and load this when somebody opens a file of their own.
 */
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { type Mistake, quoted } from '../base/mistake.ts';

/** A step into plain data: keys of mappings and places in lists, counted from 0. */
export type Path = readonly (string | number)[];

export interface Place {
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** Where the parts of a file stand. */
export interface Places {
  /** The value at a path, or the nearest thing around it that exists. */
  value(path: Path): Place;
  /** The key that the path ends with. */
  key(path: Path): Place;
  /** A place inside the text of a block ("|"), from line and column within that text; inside other text, the text's own place. */
  inside(path: Path, line: number, column: number): Place;
}

export interface Parsed {
  readonly data: unknown;
  readonly places: Places;
  readonly mistakes: readonly Mistake[];
}

/** The most nodes that aliases may stand for: a file cannot be made to grow without bound. */
const MAX_ALIASES = 100;
/** How deep lists and mappings may stand in one another; as in the JSON of Route 53. */
const MAX_DEPTH = 100;
const TOO_DEEP = `at most ${MAX_DEPTH} levels of nesting`;

/** Reads YAML (JSON included). What is wrong with the text as YAML is in `mistakes`; `data` is then undefined. */
export function parseYaml(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const places = placesOf(document.contents as Node | null, at, text);
  const mistakes: Mistake[] = [...document.errors, ...document.warnings].map((error) => ({
    file,
    ...at(error.pos[0]),
    found: foundAt(text, error.pos[0]),
    expected: expectation(error.code, error.message),
  }));
  const shape = mistakes.length === 0 ? misshapen(document.contents as Node | null) : [];
  for (const { node, expected } of shape) {
    const offset = node.range?.[0] ?? 0;
    mistakes.push({ file, ...at(offset), found: foundAt(text, offset), expected });
  }
  if (mistakes.length > 0) return { data: undefined, places, mistakes };
  try {
    return { data: document.toJS({ maxAliasCount: MAX_ALIASES }), places, mistakes };
  } catch {
    return {
      data: undefined,
      places,
      mistakes: [{ file, line: 1, column: 1, found: 'too many aliases', expected: `at most ${MAX_ALIASES}` }],
    };
  }
}

/** What would be right where the parser stops; most of its own messages say it, after a colon. */
function expectation(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'one document: a second one begins here';
  return /maximum call stack/i.test(message) ? TOO_DEEP : `YAML: ${sentence(message)}`;
}

/** Keys that are lists or mappings, and the first node that stands in too many others. */
function misshapen(root: Node | null): { readonly node: Node; readonly expected: string }[] {
  const found: { node: Node; expected: string }[] = [];
  let level: (Node | null)[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    const first = depth > MAX_DEPTH ? level.find((node) => node !== null) : undefined;
    if (first) return [...found, { node: first, expected: TOO_DEEP }];
    const pairs = level.flatMap((node) => (isMap(node) ? (node.items as Pair<Node, Node | null>[]) : []));
    for (const { key } of pairs) if (isMap(key) || isSeq(key)) found.push({ node: key, expected: 'a word as a key' });
    level = [...pairs.map(({ value }) => value), ...level.flatMap((node) => (isSeq(node) ? (node.items as Node[]) : []))];
  }
  return found;
}

function placesOf(root: Node | null, at: (offset: number) => Place, text: string): Places {
  const start = (node: Node | null | undefined): number => node?.range?.[0] ?? 0;
  const find = (path: Path): { node: Node | null; pair?: Pair<Node, Node | null> } => {
    let node = root;
    let pair: Pair<Node, Node | null> | undefined;
    for (const part of path) {
      if (isMap(node)) {
        const next = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part));
        if (!next) break;
        pair = next as Pair<Node, Node | null>;
        node = pair.value ?? pair.key;
      } else if (isSeq(node)) {
        const next = node.items[Number(part)] as Node | undefined;
        if (!next) break;
        pair = undefined;
        node = next;
      } else break;
    }
    return pair ? { node, pair } : { node };
  };
  return {
    value: (path) => at(start(find(path).node)),
    key: (path) => {
      const { node, pair } = find(path);
      return at(start(pair ? pair.key : node));
    },
    inside(path, line, column) {
      const { node } = find(path);
      const own = at(start(node));
      if (!isScalar(node) || (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED')) return own;
      const whole = text.split('\n');
      const first = whole.slice(own.line).find((l) => l.trim() !== '') ?? '';
      return { line: own.line + line, column: column + (first.length - first.trimStart().length) };
    },
  };
}

const foundAt = (text: string, offset: number): string => {
  const rest = text.slice(offset, text.indexOf('\n', offset) < 0 ? undefined : text.indexOf('\n', offset)).trim();
  return rest === '' ? 'the end of the line' : quoted(rest);
};

const sentence = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1).replace(/\s+/g, ' ');
