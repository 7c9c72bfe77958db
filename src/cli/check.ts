/** `rootwalk check`: validates scenario files, zone files and Route 53 JSON, and names every mistake with its place. */
import type { Mistake } from '../base/mistake.ts';
import { importHostedZones } from '../route53/formats/hostedzones.ts';
import { importRecordSets } from '../route53/formats/recordsets.ts';
import { readZoneFile } from '../scenario/zonefile.ts';
import { EXIT, type Exit, folderOf, type Io, readText } from './io.ts';
import { readScenario, report } from './open.ts';

export function checkCommand(io: Io, files: readonly string[], { json }: { readonly json?: boolean }): Exit {
  const results = files.flatMap((file) => {
    const text = readText(io, file);
    return text === undefined ? [undefined] : [{ file, ...examine(io, text, file) }];
  });
  const read = results.filter((result) => result !== undefined);
  const mistakes = read.flatMap((result) => result.mistakes);
  if (json) io.out(`${JSON.stringify(read, null, 2)}\n`);
  else {
    for (const result of read) if (result.mistakes.length === 0) io.out(`${result.file}: a ${result.kind} without a mistake\n`);
    report(io, mistakes);
  }
  return mistakes.length > 0 || read.length < results.length ? EXIT.badInput : EXIT.held;
}

interface Examined {
  readonly kind: 'scenario' | 'zone file' | 'list of record sets' | 'list of hosted zones';
  readonly mistakes: readonly Mistake[];
}

/** What a file is, by its name and its first keys, and what is wrong with it. */
function examine(io: Io, text: string, file: string): Examined {
  if (file.endsWith('.json') && /^\s*\{\s*"ResourceRecordSets"/.test(text))
    return { kind: 'list of record sets', mistakes: importRecordSets(text, { file }).mistakes };
  if (file.endsWith('.json') && /^\s*\{\s*"HostedZones?"/.test(text))
    return { kind: 'list of hosted zones', mistakes: importHostedZones(text, file).mistakes };
  if (/\.(ya?ml|json)$/.test(file)) return { kind: 'scenario', mistakes: readScenario(text, file).mistakes };
  const include = (path: string, from: string): string | undefined => {
    const bytes = io.read(path.startsWith('/') ? path : folderOf(from) + path);
    return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : undefined;
  };
  return { kind: 'zone file', mistakes: readZoneFile(text, file, include).mistakes };
}
