/** One sitting: the state put together, and what reaches beyond a single part of it: links, files, lessons, lazy views. */
import type { Component } from 'svelte';
import type { Mistake } from '../../base/mistake.ts';
import { describePacket } from '../../trace/describe.ts';
import { BEGINNING } from '../../trace/timeline.ts';
import type { Stage } from './context.ts';
import { fetchScenario, fetchTrace, library } from './library.ts';
import type { Shared } from './link.ts';
import { Moment } from './moment.svelte.ts';
import { Picture } from './picture.svelte.ts';
import { Player } from './player.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Registering } from './registering.svelte.ts';
import { Screen, type View, viewNamed } from './screen.svelte.ts';
import { type Played, Theatre } from './theatre.svelte.ts';
import { Words } from './words.svelte.ts';

const FIRST = library[0]?.name ?? 'first-visit';

/** What was wrong with a file, or that it could not be read. */
export interface Report {
  readonly file: string;
  readonly mistakes: readonly Mistake[];
}

type LazyView = () => Promise<{ readonly default: Component }>;
/** Views other than the map are fetched when they are first opened. */
const lazy = import.meta.glob<{ readonly default: Component }>('../panels/{compare,packets,statecharts,zone}/*View.svelte');
const VIEW_FILES: Readonly<Record<Exclude<View, 'Map'>, string>> = {
  Packets: '../panels/packets/PacketsView.svelte',
  Statecharts: '../panels/statecharts/StatechartsView.svelte',
  'Hosted zone': '../panels/zone/ConsoleView.svelte',
  Compare: '../panels/compare/CompareView.svelte',
};

/** Bytes: a zone of 10,000 records, as the command line prints it, is below three million. */
const LARGEST_FILE = 8_000_000;

/** A file's text; undefined when its octets are none: a picture, a table, a text in UTF-16. */
async function textIn(file: File): Promise<string | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

class Session {
  readonly stage: Stage;
  mistakes = $state.raw<Report | undefined>();
  offer = $state.raw<{ readonly href: string; readonly name: string } | undefined>();
  /** Scenarios of the reader's own travel inside the link; lessons by name. */
  #own = false;

  constructor() {
    const preferences = new Preferences();
    const screen = new Screen(preferences);
    const theatre = new Theatre();
    const player = new Player(
      () => theatre.trace,
      () => preferences.stepped,
    );
    theatre.player = player;
    const moment = new Moment(() => theatre.trace, player);
    const picture = new Picture(moment, player, preferences, screen);
    const registering = new Registering(moment);
    const words = new Words(
      moment,
      picture,
      () => theatre.scenario,
      () => theatre.whatIfs.length,
    );
    this.stage = {
      theatre,
      player,
      moment,
      picture,
      words,
      screen,
      registering,
      preferences,
      openFiles: (files) => this.openFiles(files),
    };
    preferences.watch();
  }

  /** What the address asks for, or the first lesson. */
  async begin(): Promise<void> {
    if (!(await this.followLink())) await this.#first();
  }

  /** Opens what the address's fragment carries; a damaged link says so and opens the nearest thing. */
  async followLink(): Promise<boolean> {
    const { screen } = this.stage;
    const shared = location.hash.length > 1 ? await (await import('./link.ts')).unpacked(location.hash) : undefined;
    if (!shared) return false;
    if ('problem' in shared) {
      if (shared.lesson === undefined) await this.#first();
      else await this.choose(shared.lesson);
      screen.say(
        `${shared.problem} Here is the ${shared.lesson === undefined ? 'first lesson instead' : 'lesson from its beginning'}.`,
      );
      return true;
    }
    const played = await this.#playedFrom(shared);
    if (!played) {
      await this.#first();
      screen.say('The scenario in this link is damaged. Here is the first lesson instead.');
      return true;
    }
    if (await this.#open(played, shared.position)) screen.view = viewNamed(shared.view);
    else {
      await this.#open({ ...played, changes: [] });
      screen.say('What this link changes no longer fits its lesson, so here is the lesson from the beginning.');
    }
    return true;
  }

  async #playedFrom({ lesson, scenario, changes }: Shared): Promise<Played | undefined> {
    this.#own = scenario !== undefined;
    if (scenario) {
      const data = await this.#checked(scenario.data);
      return data && { name: scenario.name, scenario: data, changes };
    }
    const name = lesson ?? FIRST;
    const data = await fetchScenario(name);
    const trace = changes.length === 0 ? await fetchTrace(name) : undefined;
    return data && { name, scenario: data, changes, ...(trace ? { trace } : {}) };
  }

  #first(): Promise<void> {
    return this.choose(FIRST);
  }

  choose = async (name: string): Promise<void> => {
    const { screen } = this.stage;
    const [scenario, trace] = await Promise.all([fetchScenario(name), fetchTrace(name)]);
    if (!scenario) {
      screen.say(`The lesson “${name}” could not be loaded.`);
      return;
    }
    this.#own = false;
    screen.view = 'Map';
    if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
    await this.#open({ name, scenario, changes: [], ...(trace ? { trace } : {}) });
  };

  /** Another story: what was chosen in the last one is chosen no longer. */
  async #open(played: Played, at = BEGINNING): Promise<boolean> {
    const { words, screen, theatre } = this.stage;
    const learnt = words.learn();
    if (at !== BEGINNING) await learnt;
    this.dismiss();
    screen.clear();
    return theatre.open(played, at);
  }

  /** Opens a file, or several that belong together: records, the list of zones, health checks, a traffic policy. */
  openFiles = async (files: readonly File[]): Promise<void> => {
    const [first] = files;
    if (!first) return;
    const large = files.find(({ size }) => size > LARGEST_FILE);
    if (files.length === 1 || large) return this.openFile(large ?? first);
    const texts = await Promise.all(files.map(async (file) => ({ file: file.name, text: await textIn(file) })));
    const odd = files.find((_, i) => texts[i]?.text === undefined);
    if (odd) return this.openFile(odd);
    await this.#openZone(texts as { file: string; text: string }[]);
  };

  /** Opens a scenario file of the reader's own; every mistake in it is listed by line. */
  openFile = async (file: File): Promise<void> => {
    const { screen } = this.stage;
    if (file.size > LARGEST_FILE) {
      this.mistakes = {
        file: file.name,
        mistakes: [
          {
            file: file.name,
            line: 1,
            column: 1,
            found: 'more than eight million bytes',
            expected: 'a scenario, or a zone of 10,000 records at most',
          },
        ],
      };
      return;
    }
    const text = await textIn(file);
    if (text === undefined) {
      const mistake = { file: file.name, line: 1, column: 1, found: 'octets that are no text' };
      this.mistakes = {
        file: file.name,
        mistakes: [{ ...mistake, expected: 'a text in UTF-8: a scenario, a zone file or JSON' }],
      };
      return;
    }
    if (!/\.ya?ml$/i.test(file.name) && !/["']?stimuli["']?\s*:/.test(text)) {
      await this.#openZone([{ file: file.name, text }]);
      return;
    }
    const [{ parseYaml }, { loadScenario }] = await Promise.all([
      import('../../scenario/parse.ts'),
      import('../../scenario/load.ts'),
    ]);
    const parsed = parseYaml(text, file.name);
    const loaded =
      parsed.mistakes.length > 0
        ? { mistakes: parsed.mistakes }
        : loadScenario(parsed.data, { file: file.name, places: parsed.places });
    if (!('scenario' in loaded) || !loaded.scenario) {
      this.mistakes = { file: file.name, mistakes: loaded.mistakes };
      return;
    }
    this.#own = true;
    screen.view = 'Map';
    await this.#open({ name: file.name.replace(/\.(ya?ml|json)$/i, ''), scenario: loaded.scenario, changes: [] });
  };

  /** A zone file, or an export of Route 53 or Lightsail: a small Internet of its own around that zone. */
  async #openZone(files: readonly { readonly file: string; readonly text: string }[]): Promise<void> {
    const { screen } = this.stage;
    const { scenarioFromFiles } = await import('../geometry/zoneImport.ts');
    const file = files.map((one) => one.file).join(', ');
    const { scenario, mistakes, notes } = scenarioFromFiles(files);
    if (!scenario) {
      this.mistakes = { file, mistakes };
      return;
    }
    this.#own = true;
    screen.view = 'Hosted zone';
    await this.#open({ name: (files[0]?.file ?? '').replace(/\.(zone|db|txt|json)$/i, ''), scenario, changes: [] });
    if (notes.length > 0)
      screen.say(notes.length > 3 ? `${notes.slice(0, 3).join(' ')} And ${notes.length - 3} more like these.` : notes.join(' '));
  }

  /** Puts a link to this very moment on the clipboard; one that would be too long becomes a file. */
  async share(): Promise<void> {
    const { theatre, player, screen } = this.stage;
    this.offer = undefined;
    const { name, scenario, changes } = theatre;
    const { LONGEST_LINK, packed } = await import('./link.ts');
    const fragment = await packed({
      ...(this.#own ? { scenario: { name, data: scenario } } : { lesson: name }),
      changes,
      position: player.position,
      view: screen.view,
    });
    const link = `${location.href.split('#')[0]}${fragment}`;
    if (link.length > LONGEST_LINK) {
      const data = JSON.stringify(
        { ...scenario, stimuli: [...scenario.stimuli, ...changes.map((change) => change.line)] },
        null,
        2,
      );
      this.offer = { href: URL.createObjectURL(new Blob([data], { type: 'application/json' })), name: `${name}.json` };
      screen.say('This is too much for a link. Save it as a file; dropped on this page, it opens again.');
      return;
    }
    history.replaceState(null, '', fragment);
    try {
      await navigator.clipboard.writeText(link);
      screen.say('Link copied. It carries the lesson, your changes and this moment.');
    } catch {
      screen.say('The link is in the address bar now: copy it from there.');
    }
  }

  dropInFlight(): void {
    const { picture, theatre, player } = this.stage;
    const flight = picture.scene.flights.findLast((f) => f.packet.message !== undefined) ?? picture.scene.flights.at(-1);
    if (!flight) return;
    player.pause();
    void theatre.whatIf(
      { drop: flight.packet.id },
      `drop of ${describePacket(picture.trace, flight.packet.id).label.toLowerCase()}`,
    );
  }

  async view(view: View): Promise<Component | undefined> {
    if (view === 'Map') return undefined;
    const load: LazyView | undefined = lazy[VIEW_FILES[view]];
    return (await load?.())?.default;
  }

  dismiss(): void {
    this.stage.screen.say('');
    this.stage.theatre.fault = undefined;
    if (this.offer) URL.revokeObjectURL(this.offer.href);
    this.offer = undefined;
  }

  async #checked(data: unknown) {
    const { loadScenario } = await import('../../scenario/load.ts');
    return loadScenario(data, { file: 'link' }).scenario;
  }
}

export const makeSession = (): Session => new Session();
