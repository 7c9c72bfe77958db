/** The lesson library: its chapters, and the order in which lessons are taught. */
import type { Scenario } from './schema.ts';

/** Chapters by number, from 1. */
export const CHAPTERS: readonly string[] = [
  'The nine steps',
  'What is remembered',
  'When there is no answer',
  'Names for things',
  'Route 53: who gets which answer',
  'When things break',
  'Setting up and changing',
  'Private side and hybrid',
  'Trust and privacy',
  'The crowd',
];

/** A lesson by the name of its file, without the ending. */
export interface Lesson {
  readonly name: string;
  readonly scenario: Pick<Scenario, 'title' | 'lesson' | 'chapter' | 'audience' | 'minutes' | 'notice'>;
}

/** In teaching order; what has no place in it comes last, by name. */
export const inTeachingOrder = <L extends Lesson>(lessons: readonly L[]): L[] =>
  [...lessons].sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));

/** By chapter, then by number: what was added to a chapter later comes last in it. */
const place = ({ scenario: { chapter = 999, lesson = 999 } }: Lesson): number => chapter * 1_000 + lesson;
