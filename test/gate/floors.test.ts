/** The floors of docs/architecture.md: imports go down only, and the core has no clock, no chance and no DOM of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

interface Floor {
  readonly level: number;
  readonly packages: readonly string[];
}

/** Folder of `src` → its floor and the packages it may import. */
const FLOORS: Readonly<Record<string, Floor>> = {
  base: { level: 0, packages: [] },
  dns: { level: 1, packages: ['@noble/curves', '@noble/hashes'] },
  sim: { level: 1, packages: [] },
  route53: { level: 2, packages: [] },
  trace: { level: 3, packages: [] },
  actors: { level: 4, packages: ['xstate'] },
  scenario: { level: 5, packages: ['yaml', 'valibot'] },
  conformance: { level: 6, packages: [] },
  view: { level: 7, packages: ['svelte', 'd3', 'fflate'] },
  cli: { level: 7, packages: ['node:', 'commander'] },
};

/** Sources of time, chance and input that only floor 7 may touch: below it they are arguments. */
const BANNED = new Set([
  'Date',
  'performance',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'window',
  'document',
  'localStorage',
  'process',
  'console',
]);

/** What lies outside and may be had all the same: lessons and pages that are shown, and the version that is told. */
const OUTSIDE: Readonly<Record<string, RegExp>> = { view: /^\.\.\/(scenarios|docs)\//, cli: /^\.\.\/package\.json$/ };

const src = resolve(import.meta.dirname, '../../src');
const files = (readdirSync(src, { recursive: true }) as string[]).filter((file) => /\.(ts|svelte)$/.test(file)).sort();

describe('every import goes down, or stays in its folder', () => {
  test.each(files)('%s', (file) => {
    const room = roomOf(file);
    const floor = FLOORS[room];
    if (!floor) throw new Error(`src/${room} is on no floor; add it to the table`);
    const faults = importsOf(file).flatMap((wanted) => {
      if (wanted.startsWith('virtual:') && floor.level === 7) return [];
      if (!wanted.startsWith('.')) {
        const allowed = floor.packages.some(
          (name) => wanted === name || wanted.startsWith(name.endsWith(':') ? name : `${name}/`),
        );
        return allowed ? [] : [`imports the package ${wanted}`];
      }
      const target = relative(src, resolve(src, dirname(file), wanted));
      if (target.startsWith('..')) return OUTSIDE[room]?.test(target) ? [] : [`reaches out of src: ${wanted}`];
      const below = FLOORS[roomOf(target)];
      if (roomOf(target) === room || (below && below.level < floor.level)) return [];
      return [`imports ${target}, which is not on a lower floor`];
    });
    expect(faults).toEqual([]);
  });
});

describe('below floor 7 nothing asks for time, chance or the outside', () => {
  const core = files.filter((file) => (FLOORS[roomOf(file)]?.level ?? 7) < 7);
  test.each(core)('%s', (file) => {
    const found: string[] = [];
    const own = declaredIn(parse(file));
    visit(parse(file), (node) => {
      if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') found.push('Math.random');
      if (ts.isIdentifier(node) && BANNED.has(node.text) && !own.has(node.text) && isReference(node)) found.push(node.text);
    });
    expect(found).toEqual([]);
  });
});

test('d3 is imported in view/geometry only', () => {
  const elsewhere = files.filter((file) => importsOf(file).includes('d3') && !file.startsWith('view/geometry/'));
  expect(elsewhere).toEqual([]);
});

test('no file is a barrel', () => {
  expect(files.filter((file) => /(^|\/)index\.ts$/.test(file))).toEqual([]);
});

test('no file imports one that, straight or by others, imports it', () => {
  const imports = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((wanted) => wanted.startsWith('.'))
        .map((wanted) => relative(src, resolve(src, dirname(file), wanted))),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const from = path.indexOf(file);
    if (from >= 0) circles.push([...path.slice(from), file].join(' → '));
    if (from >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(circles).toEqual([]);
});

function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

const parsed = new Map<string, ts.SourceFile>();

function parse(file: string): ts.SourceFile {
  const known = parsed.get(file) ?? parseAnew(file);
  parsed.set(file, known);
  return known;
}

function parseAnew(file: string): ts.SourceFile {
  const text = readFileSync(resolve(src, file), 'utf8');
  const code = file.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]).join('\n')
    : text;
  return ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
}

function importsOf(file: string): string[] {
  const wanted: string[] = [];
  visit(parse(file), (node) => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    )
      wanted.push(node.moduleSpecifier.text);
    const argument =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
    if (argument && ts.isStringLiteral(argument)) wanted.push(argument.text);
  });
  return wanted.map((specifier) => specifier.replace(/\?.*$/, ''));
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** Every name that a file declares itself: a variable, a parameter, a function, an import. */
function declaredIn(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  visit(file, (node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node);
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}

/** A use of a name as a value: not a property, and not the name of a member. */
function isReference(node: ts.Identifier): boolean {
  const up = node.parent;
  if (ts.isPropertyAccessExpression(up)) return up.expression === node;
  if (ts.isPropertyAssignment(up)) return up.initializer === node;
  const isMember =
    ts.isPropertySignature(up) || ts.isPropertyDeclaration(up) || ts.isMethodDeclaration(up) || ts.isMethodSignature(up);
  return (
    !isMember && !ts.isTypeReferenceNode(up) && !ts.isQualifiedName(up) && !ts.isImportSpecifier(up) && !ts.isBindingElement(up)
  );
}
