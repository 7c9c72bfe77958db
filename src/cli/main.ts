/** The program `rootwalk`: Node's files and streams around the command line. */
import { readdirSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { EXIT, type Io } from './io.ts';
import { runCli } from './program.ts';
import { serveOnSockets } from './sockets.ts';

/** Beside the source as beside the built program, two folders up. */
const LIBRARY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'scenarios');

/** A problem of the operating system, in words. */
const problemOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'this is a folder, not a file',
    EACCES: 'no permission to do this',
    ENOTDIR: 'there is no such folder',
    ENOSPC: 'there is no space left',
  };
  return known[code ?? ''] ?? message ?? 'cannot be used';
};

/** All of standard input, waiting for whoever writes it; a pipe that somebody has set not to wait is asked again. */
function readInput(): Uint8Array {
  const pieces: Buffer[] = [];
  const piece = Buffer.alloc(65_536);
  for (;;) {
    try {
      const count = readSync(0, piece);
      if (count === 0) return new Uint8Array(Buffer.concat(pieces));
      pieces.push(Buffer.from(piece.subarray(0, count)));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EOF') return new Uint8Array(Buffer.concat(pieces));
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  read(path) {
    try {
      return new Uint8Array(readFileSync(path));
    } catch (error) {
      return { problem: problemOf(error) };
    }
  },
  write(path, bytes) {
    try {
      writeFileSync(path, bytes);
      return undefined;
    } catch (error) {
      return (error as { code?: string }).code === 'ENOENT' ? 'there is no such folder' : problemOf(error);
    }
  },
  input: readInput,
  filesBelow(path) {
    try {
      if (!statSync(path).isDirectory()) return { files: [path] };
      const entries = readdirSync(path, { recursive: true, withFileTypes: true });
      return {
        files: entries
          .filter((entry) => entry.isFile() || entry.isSymbolicLink())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort(),
      };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  },
  // Not `process.stdin.isTTY`: to look at that stream is to make it one that does not wait for what comes.
  inputIsTerminal: isatty(0),
  library: () =>
    readdirSync(LIBRARY)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => ({ name: file.slice(0, -'.yaml'.length), path: join(LIBRARY, file) })),
  serve(live, port, ready) {
    serveOnSockets(live, { port, clock: () => performance.now() }).then(
      (served) => {
        const end = (): void => void served.close();
        process.once('SIGINT', end);
        process.once('SIGTERM', end);
        ready(served);
      },
      (error: unknown) => {
        const { code, message, port: taken } = error as { code?: string; message?: string; port?: number };
        const known: Readonly<Record<string, string>> = {
          EADDRINUSE: `port ${taken ?? port} is taken; --port chooses others, 0 any that are free`,
          EMFILE: 'there are not as many open files as sockets are needed; "ulimit -n 1024" allows more',
          EACCES: `port ${taken ?? port} is for administrators; --port chooses others, from 1024 on`,
        };
        process.stderr.write(`rootwalk: ${known[code ?? ''] ?? message}\n`);
        process.exitCode = EXIT.badInput;
      },
    );
  },
};

process.stdout.on('error', (error: { code?: string }) => {
  // Whoever reads only the first lines (`| head`) closes the pipe; that is no error.
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`rootwalk: standard output: ${problemOf(error)}\n`);
  process.exit(EXIT.badInput);
});
// With nobody to tell, there is nothing to say.
process.stderr.on('error', () => {});

process.exitCode = runCli(process.argv.slice(2), io);
