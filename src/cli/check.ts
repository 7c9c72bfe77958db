/** `rootwalk check`: validates scenario files, zone files and Route 53 JSON, and names every mistake with its place. */
import { type Mistake, mistakeText } from '../base/mistake.ts';
import type { Name } from '../dns/name.ts';
import { DOCUMENTATION_SET } from '../route53/delegation.ts';
import { openBundle } from '../route53/formats/bundle.ts';
import { checkChangeBatch } from '../route53/formats/changeBatch.ts';
import type { Imported } from '../route53/formats/document.ts';
import { importHealthChecks } from '../route53/formats/healthChecks.ts';
import { importHostedZones } from '../route53/formats/hostedZones.ts';
import { type Format, formatsOf, openZone } from '../route53/formats/open.ts';
import { importTrafficPolicy } from '../route53/formats/trafficPolicy.ts';
import { importZoneFile } from '../route53/formats/zoneFile.ts';
import { newHostedZone } from '../route53/hostedZone.ts';
import { readZoneFile } from '../scenario/zoneFile.ts';
import { EXIT, type Exit, type Io, readText } from './io.ts';
import { includer, isWholeZone, originOf, readScenario, report } from './open.ts';

export interface CheckArguments {
  readonly json?: boolean;
  readonly origin?: string;
}

export function checkCommand(io: Io, files: readonly string[], { json, origin: originText }: CheckArguments): Exit {
  const origin = originOf(io, originText);
  if (originText !== undefined && origin === undefined) return EXIT.badInput;
  const results = files.flatMap((file) => {
    const text = readText(io, file);
    return text === undefined ? [undefined] : [{ file, ...examine(io, text, file, origin) }];
  });
  const read = results.filter((result) => result !== undefined);
  const mistakes = read.flatMap((result) => result.mistakes);
  if (json) io.out(`${JSON.stringify(read, null, 2)}\n`);
  else {
    for (const { file, kind, mistakes: own, notes } of read) {
      if (own.length > 0) continue;
      io.out(`${file}: a ${kind} without a mistake\n`);
      for (const note of notes) io.out(`  ${note}.\n`);
    }
    report(io, mistakes);
  }
  return mistakes.length > 0 || read.length < results.length ? EXIT.badInput : EXIT.held;
}

interface Examined {
  readonly kind: string;
  readonly mistakes: readonly Mistake[];
  /** What is assumed, which fields are not known, and what Route 53 would refuse. */
  readonly notes: readonly string[];
}

const KINDS: Readonly<Record<Exclude<Format, 'JSON' | 'zone file'>, string>> = {
  'record sets': 'list of record sets',
  'change batch': 'change batch',
  'hosted zones': 'list of hosted zones',
  'health checks': 'list of health checks',
  'traffic policy': 'traffic policy document',
  'Lightsail domain': 'Lightsail domain',
};

/** What a file is, by what stands in it and by its name, and what is wrong with it. */
function examine(io: Io, text: string, file: string, origin: Name | undefined): Examined {
  const formats = formatsOf(text);
  const isScenario = /\.ya?ml$/.test(file) || (formats[0] === 'JSON' && /"(?:stimuli|title|world)"/.test(text));
  if (isScenario) return { kind: 'scenario', mistakes: readScenario(text, file).mistakes, notes: [] };
  if (isWholeZone(text, origin)) return examineZoneFile(io, text, file, origin);
  const kind = formats.map((format) => (format === 'JSON' || format === 'zone file' ? format : KINDS[format])).join(' and a ');
  if (formats.length > 1) {
    const { mistakes, told } = openBundle([{ file, text }], origin);
    return { kind, mistakes, notes: told.map((one) => one.text) };
  }
  const { mistakes, notes, unknown } = importAs(formats[0] ?? 'JSON', text, file, origin);
  const strange = unknown.map((path) => `The field ${path} is not known here; it is kept`);
  return { kind, mistakes, notes: [...notes.map((note) => note.text), ...strange] };
}

function importAs(format: Format, text: string, file: string, origin: Name | undefined): Imported<unknown> {
  switch (format) {
    case 'hosted zones':
      return importHostedZones(text, file);
    case 'health checks':
      return importHealthChecks(text, file);
    case 'traffic policy':
      return importTrafficPolicy(text, file);
    case 'change batch':
      // By itself a batch says nothing of what the zone holds: its form is checked.
      return checkChangeBatch(text, file, origin);
    default:
      return openZone(text, { file, ...(origin === undefined ? {} : { origin }) });
  }
}

/** A zone file as any server would read it; and as a note, what keeps Route 53 from importing it. */
function examineZoneFile(io: Io, text: string, file: string, origin: Name | undefined): Examined {
  const { zone, mistakes } = readZoneFile(text, file, includer(io), origin);
  if (!zone) return { kind: 'zone file', mistakes, notes: [] };
  const empty = newHostedZone({
    id: 'Z0CHECK',
    name: zone.origin,
    callerReference: file,
    comment: '',
    scope: { kind: 'public', delegationSet: DOCUMENTATION_SET },
  });
  const refused = importZoneFile(text, empty, file).mistakes;
  const [first] = refused;
  const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
  return {
    kind: 'zone file',
    mistakes,
    notes: first ? [`Route 53 would not import it: ${mistakeText(first)}${more}`] : [],
  };
}
