/** The program `rootwalk`: Node's files and streams around the command line. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, type Io } from './io.ts';
import { runCli } from './program.ts';
import { serveOnSockets } from './sockets.ts';

/** Beside the source as beside the built program, two folders up. */
const LIBRARY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'scenarios');

const problemOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'this is a folder, not a file',
    EACCES: 'no permission to do this',
    ENOTDIR: 'there is no such folder',
  };
  return known[code ?? ''] ?? message ?? 'cannot be used';
};

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
      return problemOf(error);
    }
  },
  input: () => new Uint8Array(readFileSync(0)),
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
  inputIsTerminal: process.stdin.isTTY === true,
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
        const why =
          code === 'EADDRINUSE' ? `port ${taken ?? port} is taken; --port chooses others, 0 any that are free` : message;
        process.stderr.write(`rootwalk: ${why}\n`);
        process.exitCode = EXIT.badInput;
      },
    );
  },
};

// Whoever reads only the first lines (`| head`) closes the pipe; that is no error.
process.stdout.on('error', (error: { code?: string }) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = runCli(process.argv.slice(2), io);
