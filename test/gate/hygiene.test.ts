/** What must never enter the repository. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

test('the lock file holds no registry address', () => {
  expect(readFileSync(resolve(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved":\s*"https?:/);
});

test('the top level holds only what belongs there', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  const top = new Set(tracked.map((file) => file.split('/')[0]));
  const known = new Set([
    'package.json',
    'package-lock.json',
    'vite.config.ts',
    'index.html',
    'src',
    'scenarios',
    'public',
    'test',
    'docs',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    'CONTRIBUTING.md',
    'tsconfig.json',
    'biome.json',
    'knip.json',
    '.npmrc',
    '.gitignore',
    '.ci',
  ]);
  expect([...top].filter((entry) => entry !== undefined && !known.has(entry))).toEqual([]);
});

test('no tracked file is a symbolic link or over one megabyte', () => {
  const listed = execFileSync('git', ['ls-files', '-s'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  const links = listed.filter((line) => line.startsWith('120000'));
  const large = listed
    .map((line) => line.split('\t')[1] as string)
    .filter((file) => existsSync(resolve(root, file)) && readFileSync(resolve(root, file)).length > 1_000_000);
  expect({ links, large }).toEqual({ links: [], large: [] });
});
