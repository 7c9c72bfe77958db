/** `rootwalk list`: the lesson library, in teaching order. */
import { CHAPTERS, inTeachingOrder } from '../scenario/library.ts';
import { EXIT, type Exit, type Io, readText } from './io.ts';
import { readScenario, report } from './open.ts';

const AUDIENCES = { anyone: 'anyone', student: 'students', engineer: 'engineers' } as const;

export function listCommand(io: Io, { json }: { readonly json?: boolean }): Exit {
  const lessons = io.library().flatMap(({ name, path }) => {
    const text = readText(io, path);
    const { scenario, mistakes } =
      text === undefined ? { scenario: undefined, mistakes: [] } : readScenario(text, `${name}.yaml`);
    report(io, mistakes);
    return scenario ? [{ name, scenario }] : [];
  });
  const ordered = inTeachingOrder(lessons);
  if (json) {
    const cards = ordered.map(({ name, scenario: { title, lesson, chapter, audience, minutes, notice } }) => ({
      name,
      title,
      lesson,
      chapter,
      audience,
      minutes,
      notice,
    }));
    io.out(`${JSON.stringify(cards, null, 2)}\n`);
    return EXIT.held;
  }
  const width = Math.max(...ordered.map(({ name }) => name.length));
  let chapter: number | undefined;
  for (const { name, scenario } of ordered) {
    if (scenario.chapter !== chapter) io.out(`${chapter === undefined ? '' : '\n'}${chapterTitle(scenario.chapter)}\n`);
    chapter = scenario.chapter;
    const audience = scenario.audience === undefined ? '' : `, for ${AUDIENCES[scenario.audience]}`;
    const minutes = scenario.minutes === undefined ? '' : ` (${scenario.minutes} min${audience})`;
    io.out(`  ${name.padEnd(width)}  ${scenario.title}${minutes}\n`);
  }
  return EXIT.held;
}

const chapterTitle = (chapter: number | undefined): string =>
  chapter === undefined ? 'Other' : `${chapter} ${CHAPTERS[chapter - 1] ?? ''}`.trimEnd();
