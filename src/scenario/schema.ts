/**
 * The scenario format: what a file in `scenarios/` may say. The published JSON Schema is made from this, and the types of
 * everything that reads a scenario.
 *
 * A scenario is plain data, as YAML or JSON has it; durations, addresses and names stay the text that the author wrote.
 */
import * as v from 'valibot';
import type { Matcher, Pattern, Selector } from '../trace/pattern.ts';
import { isSubject, SUBJECTS, type Subject } from '../trace/patternFields.ts';
import { resolverSettings } from './resolvers.ts';
import { ROUTE53_ACTIONS, ROUTE53_WORLD } from './route53/schema.ts';
import { signed } from './signing.ts';
import { when } from './when.ts';
import {
  address,
  choice,
  domainName,
  duration,
  leaf,
  list,
  mapping,
  named,
  noneOf,
  oneOrMore,
  question,
  type Schema,
  share,
  text,
  whole,
  word,
  yes,
} from './words.ts';

const { optional } = v;

const host = text('a host ("browser", "isp", "ns-2048")');
/** Also a zone, which stands for all servers that have it: "root", "com", "example.com". */
const hosts = oneOrMore(text('a host, or a zone for all its servers ("isp", "root", "com")'), 'a list of hosts');
const records = text('records as in a master file ("www 300 A 192.0.2.44")');
const types = 'an owner name and a record type ("www A")';

const hostSchema = mapping({
  role: optional(word(['browser', 'program', 'resolver', 'authoritative', 'web', 'mail', 'attacker'])),
  title: optional(text('the name on the map ("Neighbour")')),
  addresses: optional(oneOrMore(address, 'a list of addresses')),
  place: optional(text('where it stands: a place that links name ("home", "provider", "dns", "hosting")')),
  thinking: optional(duration),
  resolvers: optional(oneOrMore(host, 'a list of resolvers')),
  /** UDP payload that a client or resolver announces by EDNS; 0 sends no OPT record. */
  edns: optional(whole('a UDP payload size in octets, 0 for no EDNS')),
  /** How an authoritative server words positive answers: with the zone's name servers, as Route 53 does, or without. */
  answers: optional(word(['plain', 'route53'])),
  /** What a resolver does otherwise than usual. */
  settings: optional(resolverSettings),
  page: optional(
    mapping({
      title: optional(text('the title of the page')),
      body: optional(text('the text of the page')),
      movedTo: optional(text('where the page is now ("http://www.example.com/")')),
    }),
  ),
  state: optional(word(['up', 'down', 'refusing'])),
});

const zoneSchema = mapping({
  /** Begin with an empty zone, even where the built-in world has one of this name. */
  replace: optional(yes('true or false')),
  servers: optional(list(host, 'a list of hosts')),
  /** RRsets given here take the place of those of the same name and type. */
  records: optional(records),
  without: optional(list(text(types), `a list, each ${types}`)),
  /** Whether, and how, it is signed with DNSSEC. */
  signed: optional(signed),
});

const linkSchema = mapping({
  between: list(text('a host or a place'), 'two hosts or places'),
  takes: optional(duration),
  jitter: optional(duration),
  loss: optional(share('a share of 0 to 1')),
});

export const worldSchema = mapping({
  /** What the world begins with: the built-in Internet, or nothing. */
  base: optional(word(['internet', 'nothing'])),
  hosts: optional(named(hostSchema, 'a mapping from host to what it is')),
  links: optional(list(linkSchema, 'a list of links')),
  zones: optional(named(zoneSchema, 'a mapping from zone to what it holds')),
  ...ROUTE53_WORLD,
});

/** How one field of a pattern is compared. */
function matcher(kind: 'text' | 'number' | 'flag', about: string): Schema<Matcher> {
  const scalar = (input: unknown): boolean =>
    kind === 'text'
      ? typeof input === 'string'
      : kind === 'number'
        ? typeof input === 'number'
        : [0, 1, true, false].includes(input as number);
  const fits = (input: unknown): boolean => {
    if (Array.isArray(input)) return input.length > 0 && input.every(scalar);
    if (typeof input !== 'object' || input === null) return scalar(input);
    const keys = Object.keys(input);
    return (
      keys.length > 0 &&
      keys.every((k) =>
        k === 'not'
          ? fits((input as { not: unknown }).not)
          : ['min', 'max'].includes(k) && typeof (input as Record<string, unknown>)[k] === 'number',
      )
    );
  };
  const kinds = { text: 'a text', number: 'a number', flag: '0 or 1' };
  return leaf(
    `${kinds[kind]}, a list of them, or { not: … }${kind === 'number' ? ' or { min: …, max: … }' : ''}: ${about}`,
    fits,
    {},
  );
}

const selectors = Object.fromEntries(
  Object.entries(SUBJECTS).map(([subject, fields]) => [
    subject,
    mapping(
      Object.fromEntries(Object.entries(fields).map(([field, { kind, about }]) => [field, optional(matcher(kind, about))])),
      `a mapping with fields of "${subject}"`,
    ),
  ]),
) as unknown as Readonly<Record<Subject, Schema<Selector>>>;

const subjects = Object.keys(SUBJECTS) as Subject[];
/** The subject that a mapping has as a key. */
const subjectIn = (input: unknown): Subject | undefined =>
  typeof input === 'object' && input !== null ? Object.keys(input).find(isSubject) : undefined;

const patternOf = (subject: Subject) => mapping({ [subject]: selectors[subject] });
const patterns = subjects.map(patternOf);
const anyPattern = noneOf('a pattern: a mapping', subjects);
const pattern = choice<Pattern>((input) => {
  const subject = subjectIn(input);
  return subject ? (patterns[subjects.indexOf(subject)] as Schema) : anyPattern;
}, patterns);

/** Which packets a `drop` or `delay` is about. A bare number is a packet of this run, while it is on its way. */
const packets = choice<number | Selector>(
  (input) => (typeof input === 'number' ? whole("a packet's number", 0) : selectors.packet),
  [whole("a packet's number", 0), selectors.packet],
);

/** Everything that a line of `stimuli` can do, by its verb. */
export const ACTIONS = {
  /** Somebody types a name or URL and presses Enter. */
  visit: mapping({ ...when, visit: text('a name or URL to type'), by: optional(host) }),
  /** A program asks a resolver (or, with `of`, a server itself). */
  ask: mapping({
    ...when,
    ask: question,
    by: optional(host),
    of: optional(host),
    rd: optional(yes('true or false: whether it wants recursion')),
    ad: optional(yes('true or false: whether it wants to know if the answer was checked')),
    cd: optional(yes('true or false: whether it checks by itself')),
    do: optional(yes('true or false: whether it wants to see signatures')),
    times: optional(whole('a whole number up to 1000: how often', 1, 1000)),
  }),
  /** Somebody sends a letter. */
  mail: mapping({
    ...when,
    mail: leaf<string>(
      'a mail address ("user@example.com")',
      (input) => typeof input === 'string' && /^[^@\s]+@[^@\s]+$/.test(input),
      { type: 'string' },
    ),
    by: optional(host),
  }),
  /** Nothing happens for a while. */
  wait: mapping({ ...when, wait: duration }),
  stop: mapping({ ...when, stop: hosts, how: optional(word(['down', 'refusing'])) }),
  start: mapping({ ...when, start: hosts }),
  /** Loses packets: one on its way, or those to come that fit; the first of them unless `times` says otherwise. */
  drop: mapping({ ...when, drop: packets, times: optional(whole('a whole number up to 1000: how many', 1, 1000)) }),
  delay: mapping({
    ...when,
    delay: packets,
    for: duration,
    times: optional(whole('a whole number up to 1000: how many', 1, 1000)),
  }),
  /** Turns over a bit of an address in answers to come that fit; in the first of them unless `times` says otherwise. */
  flip: mapping({ ...when, flip: selectors.packet, times: optional(whole('a whole number: how many', 1)) }),
  /** An attacker sends answers in the name of a server, and guesses ID and port unless he knows them. */
  forge: mapping({
    ...when,
    forge: text('the lie: a record ("www.example.com. 86400 A 203.0.113.66")'),
    as: host,
    to: host,
    by: optional(host),
    times: optional(whole('a whole number: how many', 1)),
    every: optional(duration),
    id: optional(whole('the ID in the header, if it is known', 0, 65_535)),
    port: optional(whole('the port that the query left from, if it is known', 1, 65_535)),
  }),
  /** Changes a zone on all its servers. */
  edit: mapping({
    ...when,
    edit: domainName,
    set: optional(records),
    remove: optional(list(text(types), `a list, each ${types}`)),
    by: optional(text('who does it: one of `people`, or a role; an administrator unless told')),
  }),
  /** Has a resolver do something otherwise from now on: it starts anew, with what its cache holds. */
  configure: mapping({ ...when, configure: host, settings: resolverSettings }),
  /** Empties the caches of hosts. */
  clear: mapping({ ...when, clear: hosts }),
  /** Cuts the line between two hosts or zones. */
  cut: mapping({
    ...when,
    cut: list(text('a host or zone'), 'two hosts or zones'),
    family: optional(leaf<4 | 6>('4 or 6', (input) => input === 4 || input === 6, { enum: [4, 6] })),
    transport: optional(word(['udp', 'tcp'])),
  }),
  mend: mapping({ ...when, mend: list(text('a host or zone'), 'two hosts or zones') }),
  ...ROUTE53_ACTIONS,
} as const;

export type Action = keyof typeof ACTIONS;
export type LineOf<A extends Action> = v.InferOutput<(typeof ACTIONS)[A]>;
export type Line = { [A in Action]: LineOf<A> }[Action];

const actions = Object.keys(ACTIONS) as Action[];
export const actionOf = (line: object): Action | undefined => actions.find((action) => Object.hasOwn(line, action));
const noAction = noneOf('a line', actions);
const line = choice<Line>((input) => {
  const action = typeof input === 'object' && input !== null ? actionOf(input) : undefined;
  return action ? ACTIONS[action] : noAction;
}, Object.values(ACTIONS));

const noteSchema = mapping({
  /** Standing lines (see `narration.ts`) that this lesson tells in full. */
  standing: optional(oneOrMore(whole('the number of a standing line', 1), 'a list of numbers')),
  when: optional(pattern),
  headline: optional(text('one sentence in bold')),
  plain: optional(text('one or two sentences in plain words')),
  term: optional(text("the protocol's term")),
});

const count = matcher('number', 'how often');

const subjectExpectation = (subject: Subject) =>
  mapping({
    [subject]: selectors[subject],
    count: optional(count),
    is: optional(selectors[subject]),
    why: optional(text('why it matters')),
  });
const subjectExpectations = subjects.map(subjectExpectation);

const EXPECTATIONS = {
  rail: mapping({ rail: text('the steps of each visit ("1-9 / 1 8 9")') }),
  received: mapping({
    received: named(whole('a whole number: how many queries'), 'a mapping from host or zone to a number'),
    visit: optional(whole('the number of a visit', 1)),
  }),
  order: mapping({ order: list(pattern, 'a list of patterns') }),
};
export type Expectation =
  | v.InferOutput<(typeof EXPECTATIONS)[keyof typeof EXPECTATIONS]>
  | (Pattern & { readonly count?: Matcher; readonly is?: Selector; readonly why?: string });

const noExpectation = noneOf('an expectation: a mapping', [...Object.keys(EXPECTATIONS), ...subjects]);
const expectation = choice<Expectation>(
  (input) => {
    const kind =
      typeof input === 'object' && input !== null ? Object.keys(input).find((k) => Object.hasOwn(EXPECTATIONS, k)) : undefined;
    if (kind) return EXPECTATIONS[kind as keyof typeof EXPECTATIONS];
    const subject = subjectIn(input);
    return subject ? (subjectExpectations[subjects.indexOf(subject)] as Schema) : noExpectation;
  },
  [...Object.values(EXPECTATIONS), ...subjectExpectations],
);

const choiceSchema = mapping({
  text: text('a possible answer'),
  right: optional(yes('true or false')),
  /** The belief behind a wrong one. */
  belief: optional(text('what one believes who chooses this')),
  why: optional(text('what to say when this was chosen')),
  /** Told under every choice once the question is answered, so that those that were not taken teach too. */
  fact: optional(text('what is so, in a few words ("Named, but no address.")')),
  /** Its letter stands at their stations on the map and on their rows of the timetable. */
  at: optional(oneOrMore(text('a host, or a zone for all its servers ("isp", "root", "com")'), 'a list of whom it is about')),
  /** Told beside the letter, once the question is answered. */
  seen: optional(text('what would then be seen, in a few words ("three more questions first")')),
  /** "Try it instead": the run goes on with this line, which happens when the question is asked. */
  try: optional(
    mapping({
      say: text('what is done, in one sentence ("The cache is emptied first.")'),
      line,
      expect: optional(list(expectation, 'a list of expectations of the run with that line')),
    }),
  ),
});

const questionSchema = mapping({
  /** Where the run stops to ask. */
  before: pattern,
  ask: text('a question'),
  choices: list(choiceSchema, 'a list of choices'),
  because: text('why the right one is right, in one or two sentences'),
});

const whatIfSchema = mapping({
  say: text('what to try, in one sentence'),
  seen: optional(text('what will be seen')),
  lines: optional(list(line, 'a list of lines')),
  world: optional(worldSchema),
  expect: optional(list(expectation, 'a list of expectations')),
});

export const scenarioSchema = mapping({
  title: text('a title, as a question if it can be one'),
  /** Place among the 38 lessons. */
  lesson: optional(whole('a whole number: its place in teaching order', 1)),
  chapter: optional(whole('a whole number: its chapter', 1)),
  audience: optional(word(['anyone', 'student', 'engineer'])),
  minutes: optional(whole('a whole number of minutes', 1)),
  /** What to notice, as questions or short sentences. */
  notice: optional(oneOrMore(text('what to notice'), 'a list of texts')),
  seed: optional(whole('a whole number')),
  world: optional(worldSchema),
  stimuli: list(line, 'a list of what people do and what breaks'),
  notes: optional(list(noteSchema, 'a list of notes')),
  questions: optional(list(questionSchema, 'a list of questions')),
  whatIf: optional(list(whatIfSchema, 'a list of what-ifs')),
  expect: optional(list(expectation, 'a list of expectations')),
  /** Standing expectations that do not hold here, by name. */
  unless: optional(list(text('the name of a standing expectation'), 'a list of names')),
});

export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type World = v.InferOutput<typeof worldSchema>;
export type HostLine = v.InferOutput<typeof hostSchema>;
export type ZoneLine = v.InferOutput<typeof zoneSchema>;
export type LinkLine = v.InferOutput<typeof linkSchema>;
export type Note = v.InferOutput<typeof noteSchema>;
