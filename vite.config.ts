/** Three builds from one file: the site, the command line (`--mode cli`), and the test runner's projects. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { type Plugin, type Rolldown, runnerImport } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { parse } from 'yaml';
import type { Scenario } from './src/scenario/schema.ts';

const root = import.meta.dirname;
const MAIN = resolve(root, 'src/view/main.ts');
const TELLER = resolve(root, 'src/view/state/teller.ts');
const CLI = resolve(root, 'src/cli/main.ts');

/** Suites that take thousands of runs or every lesson from end to end: for `npm test`, while `npm run check` is for each change. */
const LONG = [
  'test/**/*fuzz.test.ts',
  'test/**/*properties.test.ts',
  'test/**/*.property.test.ts',
  'test/actors/resolver/forest.test.ts',
  'test/trace/{archive,pattern,scene,steps,timeline}.test.ts',
  'test/view/question/prediction.test.ts',
];

export default defineConfig(({ mode }) => (mode === 'cli' ? commandLine() : site()));

function site(): ViteUserConfig {
  return {
    // Relative addresses: the site works from any sub-path of any static host.
    base: './',
    plugins: [scenarios(), chartLayouts(), svelte(), styleInPage(), offline()],
    build: {
      outDir: 'dist/site',
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { page: resolve(root, 'index.html'), sw: resolve(root, 'src/view/offline.ts') },
        output: {
          entryFileNames: (chunk: { name: string }) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
          codeSplitting: { groups: [together('first', MAIN), together('telling', TELLER)] },
        },
      },
    },
    test: {
      passWithNoTests: true,
      // Speed is measured by `npm run bench`, never by a test: this only ends what hangs.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // Nothing is mocked, so files share what they import, and the lessons that one has run.
      isolate: false,
      projects: [
        {
          extends: true,
          test: { name: 'core', include: ['test/**/*.test.ts'], exclude: ['test/whole/**', 'test/browser/**', ...LONG] },
        },
        { extends: true, test: { name: 'whole', include: ['test/whole/**/*.test.ts', ...LONG] } },
      ],
    },
  };
}

/** What a module needs at once comes in one file, for on a slow line every further file costs a round trip. */
function together(name: string, start: string) {
  let needed: Set<string> | undefined;
  return {
    debugName: name,
    name(id: string, context: Rolldown.ChunkingContext): string | null {
      needed ??= reachable(start, (one) => context.getModuleInfo(one)?.importedIds ?? []);
      return needed.has(id) ? name : null;
    },
  };
}

function reachable(start: string, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set([start]);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}

function commandLine(): ViteUserConfig {
  return {
    plugins: [scenarios(), executable()],
    publicDir: false as const,
    build: {
      ssr: true,
      outDir: 'dist/cli',
      // Before the command line is written there is nothing to build, which is no error.
      rolldownOptions: {
        input: { rootwalk: existsSync(CLI) ? CLI : 'data:text/javascript,export{}' },
        output: { banner: '#!/usr/bin/env node', entryFileNames: '[name].js' },
      },
    },
  };
}

/** What the lesson index shows of a scenario; the rest is loaded with the lesson. */
const CARD = ['title', 'lesson', 'chapter'];

/**
 * A scenario file becomes a module that gives the address of its parsed data, so the site ships no YAML parser before somebody
 * opens a file of their own. With `?card` it gives only what the lesson index shows; with `?trace` the address of the
 * lesson's trace, run while the site is built, so that the first lesson plays before the engine is there.
 */
function scenarios(): Plugin {
  let serving = false;
  return {
    name: 'rootwalk:scenarios',
    enforce: 'pre',
    configResolved(config) {
      serving = config.command === 'serve';
    },
    async load(id) {
      const [file, query] = id.split('?') as [string, string | undefined];
      if (!file.endsWith('.yaml') || query === 'raw') return null;
      const name = basename(file, '.yaml');
      const data = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      if (query === 'card') {
        const card = Object.fromEntries(CARD.filter((key) => key in data).map((key) => [key, data[key]]));
        return { code: `export default ${JSON.stringify({ name, ...card })};`, map: null };
      }
      const source = query === 'trace' ? await traceOf(data, name) : JSON.stringify(data);
      if (serving) return `export default ${JSON.stringify(`data:application/json,${encodeURIComponent(source)}`)};`;
      const asset = this.emitFile({ type: 'asset', name: `${name}.json`, source });
      return `export default import.meta.ROLLUP_FILE_URL_${asset};`;
    },
  };
}

/** Runs a scenario with our own engine. */
async function traceOf(data: unknown, name: string): Promise<string> {
  const load = async <T>(path: string): Promise<T> =>
    (await runnerImport<T>(resolve(root, path), { configFile: false, logLevel: 'error' })).module;
  const { run } = await load<typeof import('./src/scenario/run.ts')>('src/scenario/run.ts');
  const { writeTrace } = await load<typeof import('./src/trace/archive.ts')>('src/trace/archive.ts');
  return writeTrace(run(data as Scenario, { name }));
}

/**
 * Where the states and arrows of every machine's chart stand: `import layouts from 'virtual:chart-layouts'`. The layout engine
 * is larger than the whole site, so it runs here, and only the coordinates ship.
 */
function chartLayouts(): Plugin {
  const id = 'virtual:chart-layouts';
  return {
    name: 'rootwalk:chart-layouts',
    resolveId: (wanted) => (wanted === id ? `\0${id}` : null),
    async load(wanted) {
      if (wanted !== `\0${id}`) return null;
      const [{ default: Elk }, { module, dependencies }] = await Promise.all([
        import('elkjs'),
        runnerImport<typeof import('./src/view/build/chartLayout.ts')>(resolve(root, 'src/view/build/chartLayout.ts')),
      ]);
      const lessons = readdirSync(resolve(root, 'scenarios'))
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => resolve(root, 'scenarios', file));
      for (const file of [...dependencies.map((one) => resolve(root, one)), ...lessons]) this.addWatchFile(file);
      const layouts = await module.layOutAll(
        new Elk() as never,
        lessons.map((file) => parse(readFileSync(file, 'utf8'))),
      );
      return `export default ${JSON.stringify(layouts)};`;
    },
  };
}

/**
 * Writes the style of the first screen into the page itself: on a slow line its first words need not wait for a second answer.
 * The link stays, disabled, so that a part loaded later finds what it asks for there already.
 */
function styleInPage(): Plugin {
  return {
    name: 'rootwalk:style-in-page',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle }) =>
        html.replace(/<link rel="stylesheet"[^>]* href="\.\/([^"]+)">/g, (link, name: string) => {
          const file = bundle?.[name];
          if (file?.type !== 'asset') return link;
          const style = String(file.source).replaceAll('url(../', 'url(./');
          return `<style>${style}</style>\n    ${link.replace('<link', '<link disabled')}`;
        }),
    },
  };
}

/** Tells the service worker which files the site has, and gives it a name that does not change from build to build. */
function offline(): Plugin {
  return {
    name: 'rootwalk:offline',
    apply: 'build',
    generateBundle(_options, bundle) {
      const worker = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === 'sw');
      if (worker?.type !== 'chunk') return;
      const built = Object.keys(bundle).filter((file) => file !== worker.fileName && !file.endsWith('.map'));
      const copied = readdirSync(resolve(root, 'public'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${entry.parentPath.slice(resolve(root, 'public').length + 1)}/${entry.name}`.replace(/^\//, ''));
      const files = [...built, ...copied].sort();
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
      worker.code = worker.code.replace('__VERSION__', version).replace(/(["'`])__FILES__\1/, JSON.stringify(files));
    },
  };
}

function executable(): Plugin {
  return {
    name: 'rootwalk:executable',
    apply: 'build',
    writeBundle(options, bundle) {
      for (const file of Object.keys(bundle)) chmodSync(resolve(options.dir ?? '.', file), 0o755);
    },
  };
}
