/** What a command needs from outside: files, streams, the library. Tests give their own. */

import type { Live } from '../scenario/live.ts';
import type { Served } from './sockets.ts';

export interface Io {
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** The octets of a file, or why it cannot be read. */
  read(path: string): Uint8Array | { readonly problem: string };
  /** Writes a file; gives the problem if it cannot. */
  write(path: string, bytes: Uint8Array): string | undefined;
  /** All of standard input. */
  input(): Uint8Array;
  /** The paths of all files below a folder, or of the one file, sorted. */
  filesBelow(path: string): { readonly files: readonly string[] } | { readonly problem: string };
  /** Whether standard input is a person's keyboard, from which nothing is to be expected. */
  readonly inputIsTerminal: boolean;
  /** The scenario files that come with Rootwalk: names without ending, and paths. */
  library(): readonly { readonly name: string; readonly path: string }[];
  /** Puts a world on sockets, from this port on, until the program is told to end; `ready` is called when they are open. */
  serve(live: Live, port: number, ready: (served: Served) => void): void;
}

/** How a command ends. */
export const EXIT = { held: 0, failed: 1, badInput: 2 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Says what was wrong, where, and what would be right; the exit status is that of bad input. */
export function complain(io: Io, ...sentences: readonly string[]): Exit {
  for (const sentence of sentences) io.err(`rootwalk: ${sentence}\n`);
  return EXIT.badInput;
}

/** A file as text; complains when it cannot be read, or is none: no text in UTF-8 has an octet 0, nearly everything else has. */
export function readText(io: Io, path: string): string | undefined {
  const bytes = io.read(path);
  if (!(bytes instanceof Uint8Array)) {
    complain(io, `${path}: ${bytes.problem}`);
    return undefined;
  }
  const zero = bytes.indexOf(0);
  if (zero < 0) return new TextDecoder().decode(bytes);
  complain(io, `${path}: found an octet 0 at offset ${zero}, expected text in UTF-8`);
  return undefined;
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
/** A path without its last part; "" when it has only one. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
