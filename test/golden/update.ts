/** Writes what the golden tests compare with: a transcript for each scenario, and the published JSON Schema. `npm run golden`. */
import { writeFileSync } from 'node:fs';
import { scenarioNames } from '../scenario/library.ts';
import { goldenFile, goldenText, SCHEMA_FILE, schemaText } from './texts.ts';

for (const name of scenarioNames) writeFileSync(goldenFile(name), goldenText(name));
writeFileSync(SCHEMA_FILE, schemaText());
console.log(`${scenarioNames.length} transcripts and the JSON Schema are written. Read the difference before you keep it.`);
