/** A command line in a box: files in memory, what was printed, and the exit status. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/program.ts';

const LIBRARY = join(import.meta.dirname, '..', '..', 'scenarios');

export interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

interface Given {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Standard input; a keyboard when absent. */
  readonly input?: string | Uint8Array;
}

const octets = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** Runs a command line, given as its words. */
export function rootwalk(words: readonly string[], { files = {}, input }: Given = {}): Outcome {
  const disk = new Map(Object.entries(files).map(([path, content]) => [path, octets(content)]));
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    read: (path) =>
      disk.get(path) ?? (path.startsWith(LIBRARY) ? new Uint8Array(readFileSync(path)) : { problem: 'there is no such file' }),
    write(path, bytes) {
      if (path.startsWith('/nowhere/')) return 'there is no such folder';
      disk.set(path, bytes);
      return undefined;
    },
    input: () => octets(input ?? ''),
    inputIsTerminal: input === undefined,
    library: () =>
      readdirSync(LIBRARY)
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => ({ name: file.slice(0, -'.yaml'.length), path: join(LIBRARY, file) })),
    serve: () => {},
    filesBelow(path) {
      const files = [...disk.keys()].filter((file) => file === path || file.startsWith(`${path}/`)).sort();
      return files.length > 0 ? { files } : { problem: 'there is no such file' };
    },
  };
  const exit = runCli(words, io);
  return { exit, out, err, files: disk };
}
