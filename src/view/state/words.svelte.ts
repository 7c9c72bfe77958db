/** The words of the moment: what is told, what comes next, what the clock says, what a screen reader hears. */
import { ordinal } from '../../base/text.ts';
import { between, formatDuration, START } from '../../base/time.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { zoneName } from '../../trace/describe.ts';
import type { Vocabulary } from '../../trace/narration.ts';
import type { Visit } from '../../trace/steps.ts';
import type { betweenVisits } from '../geometry/health/say.ts';
import { messageOfMoment, nextWords, plainTelling, timeSaved, triesOf } from '../geometry/moment.ts';
import { bare } from '../geometry/slips/text.ts';
import { spanText } from '../geometry/span.ts';
import { tied } from '../geometry/tied.ts';
import type { Moment } from './moment.svelte.ts';
import type { Picture } from './picture.svelte.ts';

/** Headline, plain words, the protocol's term. */
export interface Told {
  readonly headline: string;
  readonly plain: string;
  readonly term?: string;
  /** Whose word that is. */
  readonly vocabulary?: Vocabulary;
  /** Whether the term is a sentence of its own. */
  readonly sentence?: boolean;
}

/** For how long a lesson's own line stands between visits, and how soon after a visit that is; in microseconds. */
const OWN = 3_000_000;
const LINGER = 1_000_000;

export class Words {
  #moment: Moment;
  #picture: Picture;
  #scenario: () => Scenario;
  #whatIfs: () => number;

  constructor(moment: Moment, picture: Picture, scenario: () => Scenario, whatIfs: () => number) {
    this.#moment = moment;
    this.#picture = picture;
    this.#scenario = scenario;
    this.#whatIfs = whatIfs;
  }

  /** What tells a run: fetched by itself, since before anything has happened there is nothing to tell. */
  #teller = $state.raw<typeof import('./teller.ts') | undefined>();
  async learn(): Promise<void> {
    this.#teller ??= await import('./teller.ts');
  }
  #lines = $derived.by(() => this.#teller?.linesOf(this.#moment.trace, this.#scenario()) ?? []);
  /** What to say between visits where health is checked; set by what draws that. */
  between = $state.raw<typeof betweenVisits | undefined>();
  meanwhile = $derived.by(() => {
    const { trace, scene, visit, cast, ended, read: at } = this.#moment;
    if (!this.between || !this.#picture.watched || (scene.visit && !(ended && at - (visit?.to ?? 0) > LINGER))) return undefined;
    return this.between({ trace, turn: scene.turn?.id ?? -1, at, name: visit?.name, resolver: cast.resolver?.id });
  });
  #told: Told = $derived.by(() => {
    const { scene, trace, turn, at, visit, cast } = this.#moment;
    const line = this.#teller?.lineOf(trace, this.#lines, scene);
    if (!scene.visit) return this.meanwhile ?? (line ? { plain: '', ...line } : beginningOf(visit));
    if (line && (line.turn === turn || at < line.until)) return { plain: '', ...line };
    // The lesson's own words stand for a while before the checkers have the word again.
    if (this.meanwhile && (line?.standing !== undefined || at - (line?.at ?? 0) > OWN)) return this.meanwhile;
    return plainTelling(trace, scene, cast) ?? (line ? { plain: '', ...line } : beginningOf(visit));
  });
  told: Told = $derived(toldTied(this.#told));
  /** Beside the numeral: "of 9, steps 3 and 4 skipped". */
  stepWords = $derived.by(() => {
    const { scene, step, begun } = this.#moment;
    if (!begun) return 'of 9, ready';
    const skipped = scene.steps.filter(({ state }) => state === 'skipped').map((at) => at.step.number);
    const at = scene.steps[step - 1];
    const passes = at?.step.passes.slice(0, at.pass) ?? [];
    if (passes.some((pass) => pass.purpose === 'tcp')) return 'of 9, asked twice';
    if (passes.length > 1 && passes.at(-1)?.purpose === 'retry') return `of 9, ${ordinal(passes.length)} try`;
    return skipped.length === 0 ? 'of 9' : `of 9, ${skipped.length === 1 ? 'step' : 'steps'} ${listed(skipped)} skipped`;
  });
  next = $derived.by(() => {
    const next = nextWords(this.#moment.trace, this.#moment.scene, this.#moment.cast);
    return next === undefined ? undefined : tied(next);
  });
  ending = $derived.by(() => {
    const { scene, ended, visits } = this.#moment;
    if (!scene.visit || !ended) return undefined;
    const over = { visit: 'This visit is over.', ask: 'This question is over.', mail: 'That was the letter’s way.' }[
      scene.visit.action
    ];
    return visits.some((visit) => visit.number > (scene.visit?.number ?? 0))
      ? `${over} Play on, and time passes until the next.`
      : `${over} Let time pass, ask again, or go back and break something.`;
  });
  /** The message whose header is shown: a response that was cut short as long as it matters, else the last one sent. */
  message = $derived.by(() => {
    const cut = this.#picture.cutShort
      ? this.#picture.slips.find((slip) => slip.kind === 'cut' && slip.tied)?.packet.message
      : undefined;
    return cut ?? messageOfMoment(this.#moment.trace, this.#moment.sent);
  });
  tries = $derived.by(() => triesOf(this.#moment.trace, this.#moment.scene, this.#moment.stories, this.#moment.read));
  saved = $derived.by(() => timeSaved(this.#moment.visits, this.#moment.scene, this.#moment.read, 316));

  /** Beside the lesson's name: how things stand at the visit at hand. */
  setting = $derived.by(() => {
    const changed = this.#whatIfs();
    if (changed > 0) return changed === 1 ? 'one what-if' : `${changed} what-ifs`;
    const { scene, visits, ended, read: now } = this.#moment;
    const { visit } = scene;
    const first = visits[0];
    const since = visit && ended && now - (visit.to ?? now) > 1e6 ? now : visit?.from;
    return visit && first && since !== undefined && since > first.from
      ? `${spanText(since - first.from)} later`
      : 'every cache empty';
  });
  clock = $derived.by(() => formatDuration(between(START, this.#moment.read)));
  clockWords = $derived.by(() => {
    const { scene, ended, read: now } = this.#moment;
    const { visit } = scene;
    if (this.meanwhile) return this.meanwhile.since;
    if (!visit) return this.#moment.turn < 0 ? 'nothing has happened yet' : 'before the first visit';
    const since = visit.action === 'visit' ? 'since Enter' : 'since the question';
    const what = `${ordinal(visit.number)} ${visit.action === 'visit' ? 'visit' : 'question'}`;
    const after = now - (visit.to ?? now);
    if (ended && after > 1e6) return `${spanText(after)} after the ${what}`;
    return visit.number === 1 ? since : `${what}: ${formatDuration(between(visit.from, now))} ${since}`;
  });
  topLevel = $derived.by(() => {
    const { zone } = this.#moment.cast.zones[1];
    return zone === undefined ? 'TLD' : zoneName(zone);
  });
  /** For the slider; read anew when something has happened. */
  timeText = $derived.by(() => {
    const { begun, step, at, turn } = this.#moment;
    const since = formatDuration(between(START, at));
    if (begun) return `Step ${step} of 9, ${since}. ${this.told.headline}`;
    return turn < 0 ? 'Before anything has happened' : `${since}, before the first visit`;
  });
  /** For the live region. */
  spoken = $derived.by(() => {
    const { begun, step, turn } = this.#moment;
    if (turn < 0) return '';
    // What the checkers count changes too often to be spoken each time.
    const plain = this.#told === this.meanwhile ? '' : this.told.plain;
    return `${begun ? `Step ${step} of 9. ` : ''}${this.told.headline} ${plain}`.trim();
  });
}

/** Numbers keep their units wherever the words are shown. */
const toldTied = (told: Told): Told => ({
  ...told,
  headline: tied(told.headline),
  plain: tied(told.plain),
  ...(told.term === undefined ? {} : { term: tied(told.term) }),
});

function beginningOf(visit: Visit | undefined): Told {
  const what = visit?.name === undefined ? 'that name' : bare(visit.name);
  if (visit?.action === 'ask')
    return {
      headline: 'A record is wanted, not a page.',
      plain: `Which ${visit.type ?? 'A'} records does ${what} have? Press Enter.`,
    };
  if (visit?.action === 'mail')
    return { headline: 'A letter has to find its server.', plain: `Who takes letters for ${what}? Press Enter.` };
  return {
    headline: 'You type a name. The network needs a number.',
    plain: `Your computer does not know where ${what} is. Nor does the resolver. It knows only where to begin: at the root servers. Press Enter.`,
  };
}

/** "3 and 4", "3 to 6", "3 to 6, 8 and 9". */
function listed(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    const first = numbers[i] as number;
    let count = 1;
    while (numbers[i + count] === first + count) count++;
    if (count > 2) parts.push(`${first} to ${first + count - 1}`);
    else parts.push(...numbers.slice(i, i + count).map(String));
    i += count;
  }
  return parts.length === 1 ? (parts[0] as string) : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
