/** The command line: which commands there are, what they take, and how errors of usage are worded. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { type CheckArguments, checkCommand } from './check.ts';
import { type ConformanceArguments, conformanceCommand } from './conformance.ts';
import { decodeCommand } from './decode.ts';
import { type DigArguments, digCommand } from './dig.ts';
import { complain, EXIT, type Exit, type Io } from './io.ts';
import { listCommand } from './list.ts';
import { type RunArguments, runCommand } from './run.ts';
import { type ServeArguments, serveCommand } from './serve.ts';

/** Runs a command line (without the program's own name) and gives its exit status. Never throws for bad input. */
export function runCli(args: readonly string[], io: Io): Exit {
  let exit: Exit = EXIT.held;
  const program = programFor(io, (status) => {
    exit = status;
  });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.held : EXIT.badInput;
    // The program's edge: what broke says so in a sentence, such as a run that goes on for ever.
    return complain(io, error instanceof Error ? error.message : String(error));
  }
  return exit;
}

function programFor(io: Io, end: (status: Exit) => void): Command {
  const program = new Command('rootwalk')
    .description('A small Internet you can watch, break and query, in a terminal.')
    .version(manifest.version)
    .showSuggestionAfterError()
    .showHelpAfterError('("rootwalk --help" says what can be asked.)')
    .configureOutput({ writeOut: io.out, writeErr: (text) => io.err(text.replace(/^error: /, 'rootwalk: ')) })
    .addHelpText('after', EXITS)
    .exitOverride();

  program
    .command('run')
    .description('play a scenario and print what happens, step by step')
    .argument('<scenario>', 'a name of the library, or a file')
    .option('--zone <file>', ZONE, collected)
    .option('--origin <name>', ORIGIN)
    .option('--json', 'print the whole trace as JSON')
    .option('--pcap <file>', 'write the packets as a capture for Wireshark')
    .option('--query-log <file>', 'write what reached the hosted zones, as Route 53 logs it ("-" prints it alone)')
    .option('--seed <number>', 'chance, in place of the scenario’s own seed', wholeNumber)
    .action((scenario: string, options: RunArguments) => end(runCommand(io, scenario, options)));

  program
    .command('list')
    .description('the lesson library')
    .option('--json', 'print it as JSON')
    .action((options: { json?: boolean }) => end(listCommand(io, options)));

  program
    .command('check')
    .description('validate scenario files, zone files and the JSON of Route 53 and Lightsail')
    .argument('<file...>', 'files to check')
    .option('--origin <name>', ORIGIN)
    .option('--json', 'print what was found as JSON')
    .action((files: string[], options: CheckArguments) => end(checkCommand(io, files, options)));

  program
    .command('decode')
    .description('explain DNS messages field by field')
    .argument('[hex|file.pcap...]', 'hexadecimal digits in any spacing, or a capture; standard input when left out')
    .option('--json', 'print the messages and their layout as JSON')
    .action((words: string[], options: { json?: boolean }) =>
      end(decodeCommand(io, words.length === 0 ? undefined : words.join(' '), options)),
    );

  program
    .command('dig')
    .description('ask the simulated resolver')
    .argument('<name>', 'what to ask about')
    .argument('[words...]', 'a type (A unless told), the @server to ask, and switches')
    .usage('[options] [@server] <name> [type] [+trace] [+short] [+norec] [+dnssec] [+cd] [+subnet=NETWORK]')
    .option('--scenario <scenario>', 'the world to ask in (first-visit unless told)')
    .option('--zone <file>', ZONE, collected)
    .option('--origin <name>', ORIGIN)
    .option(
      '--from <place>',
      'ask from a city, a resolver’s address or a client of the scenario; several are compared',
      collected,
    )
    .option('--why', 'tell why the answer is what it is')
    .option('--json', 'print the response as JSON')
    .action((name: string, words: string[], options: DigArguments) => end(digCommand(io, [name, ...words], options)));

  program
    .command('serve')
    .description('put a scenario’s resolvers and name servers on real UDP and TCP sockets of this computer')
    .argument('<scenario>', 'a name of the library, or a file')
    .option('--port <number>', 'the port of the first server, the others follow; 0 takes free ones', portNumber, 5300)
    .option('--zone <file>', ZONE, collected)
    .option('--origin <name>', ORIGIN)
    .option('--seed <number>', 'chance, in place of the scenario’s own seed', wholeNumber)
    .action((scenario: string, options: ServeArguments) => end(serveCommand(io, scenario, options)));

  program
    .command('conformance')
    .description('run replay files (.rpl) of Unbound and Deckard against our resolver')
    .argument('[folder...]', 'folders or files')
    .option('--json', 'print the results as JSON')
    .option('--only <pattern>', 'only files with this in their path')
    .option('--trace <file>', 'tell the whole story of one file')
    .option('--require <counts>', 'fail below these counts, such as full:tier1=12,full:tier2=18')
    .action((folders: string[], options: ConformanceArguments) => end(conformanceCommand(io, folders, options)));

  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

const EXITS = `
Exit status: 0 when all is well (of serve: when it is told to end), 1 when an
expectation of a scenario or a count of --require is not met, 2 when something
that was given is wrong. Problems go to standard error.`;
const ZONE = 'serve this zone file, or export of Route 53 or Lightsail; may stand several times';
const ORIGIN = 'the zone’s name where the file does not say it';

/** An option that may stand several times. */
const collected = (value: string, before: readonly string[] = []): string[] => [...before, value];

function portNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_000) throw new InvalidArgumentError('A port is a whole number up to 65000.');
  return value;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('A seed is a whole number.');
  return value;
}
