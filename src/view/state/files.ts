/** Files of the reader's own: scenarios, zones and exports, read and checked. Fetched when the first one comes. */
import type { Mistake } from '../../base/mistake.ts';
import { loadScenario } from '../../scenario/load.ts';
import { parseYaml } from '../../scenario/parse.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { scenarioFromFiles } from '../geometry/zone/import.ts';

/** What was wrong with a file, or that it could not be read. */
export interface Report {
  readonly file: string;
  readonly mistakes: readonly Mistake[];
}

/** What a file holds, and the view that shows it best. */
export interface Found {
  readonly name: string;
  readonly scenario: Scenario;
  readonly view: 'Map' | 'Hosted zone';
  /** What is to be known about it. */
  readonly notes: readonly string[];
}

/** Bytes: a zone of 10,000 records, as the command line prints it, is below three million. */
const LARGEST_FILE = 8_000_000;

/** The scenario in one file, or the zones in several; else everything that is wrong with the first that is no such thing. */
export async function found(files: readonly File[]): Promise<Found | Report> {
  const read: Text[] = [];
  for (const file of files) {
    const text = await textIn(file);
    if (typeof text !== 'string') return { file: file.name, mistakes: [{ file: file.name, line: 1, column: 1, ...text }] };
    read.push({ file: file.name, text });
  }
  const [first] = read;
  return first && read.length === 1 && isScenario(first) ? scenarioIn(first) : zonesIn(read);
}

interface Text {
  readonly file: string;
  readonly text: string;
}

/** A file's text; when it has none that could be read, why: a picture, a table, a text in UTF-16 are none. */
async function textIn(file: File): Promise<string | Pick<Mistake, 'found' | 'expected'>> {
  if (file.size > LARGEST_FILE)
    return { found: 'more than eight million bytes', expected: 'a scenario, or a zone of 10,000 records at most' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    if (!text.includes('\0')) return text;
  } catch {
    // Octets that are no UTF-8: told below, with those that hold a NUL.
  }
  return { found: 'octets that are no text', expected: 'a text in UTF-8: a scenario, a zone file or JSON' };
}

const isScenario = ({ file, text }: Text): boolean => /\.ya?ml$/i.test(file) || /["']?stimuli["']?\s*:/.test(text);

/** A scenario file; every mistake in it is listed by line. */
function scenarioIn({ file, text }: Text): Found | Report {
  const parsed = parseYaml(text, file);
  if (parsed.mistakes.length > 0) return { file, mistakes: parsed.mistakes };
  const { scenario, mistakes } = loadScenario(parsed.data, { file, places: parsed.places });
  return scenario ? { name: file.replace(/\.(ya?ml|json)$/i, ''), scenario, view: 'Map', notes: [] } : { file, mistakes };
}

/** A zone file, or exports of Route 53 or Lightsail: a small Internet of its own around these zones. */
function zonesIn(texts: readonly Text[]): Found | Report {
  const { scenario, mistakes, notes } = scenarioFromFiles(texts);
  if (!scenario) return { file: texts.map(({ file }) => file).join(', '), mistakes };
  return { name: (texts[0]?.file ?? '').replace(/\.(zone|db|txt|json)$/i, ''), scenario, view: 'Hosted zone', notes };
}
