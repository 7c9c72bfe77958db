/** Who is at the console: the people of a scenario and one of each role, and what a line says of whoever makes it. */
import type { Role } from '../../../route53/permissions.ts';
import type { Line, Scenario } from '../../../scenario/schema.ts';

export interface ConsolePerson {
  /** The word that lines use. */
  readonly word: string;
  readonly role: Role;
  /** What that means: "records of example.com only". */
  readonly may: string;
}

const ROLES: readonly ConsolePerson[] = [
  { word: 'administrator', role: 'administrator', may: 'may change everything' },
  { word: 'zone editor', role: 'zone editor', may: 'may change records, but neither zones nor policies' },
  { word: 'reader', role: 'reader', may: 'may look, and change nothing' },
];

/** One person of each role, then the people of the scenario. */
export function peopleOf({ world }: Scenario): ConsolePerson[] {
  const own = Object.entries(world?.people ?? {}).map(([word, { role, zones }]): ConsolePerson => {
    const [general] = ROLES.filter((one) => one.role === role);
    const kept = zones && role === 'zone editor' ? `may change records of ${zones.join(', ')} only` : general?.may;
    return { word, role, may: kept ?? '' };
  });
  return [...ROLES.filter(({ word }) => !own.some((one) => one.word === word)), ...own];
}

/** What people do in the console, and so may be refused; the rest of the lines happens to the world by itself. */
const ASKED: ReadonlySet<string> = new Set([
  'edit',
  'change',
  'undo',
  'createZone',
  'deleteZone',
  'associate',
  'disassociate',
  'lightsail',
  'check',
  'collection',
  'policy',
  'register',
  'transfer',
  'delegate',
  'sign',
  'unsign',
  'signingKey',
  'ds',
]);

/** The verb by which a line asks the control plane for something; undefined when it does not. */
export const requestOf = (line: Line): string | undefined => Object.keys(line).find((key) => ASKED.has(key));

/** The line as whoever is signed in makes it. An administrator is meant where nobody is named. */
export const signedBy = (line: Line, person: string): Line =>
  person === 'administrator' || requestOf(line) === undefined ? line : ({ ...line, by: person } as Line);
