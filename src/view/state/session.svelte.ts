/** One sitting: the state put together, and what reaches beyond a single part of it: links, files, lessons, lazy views. */
import type { Component } from 'svelte';
import { describePacket } from '../../trace/describe.ts';
import { BEGINNING } from '../../trace/timeline.ts';
import type { Stage } from './context.ts';
import type { Report } from './files.ts';
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

type LazyView = () => Promise<{ readonly default: Component }>;
/** Views other than the map are fetched when they are first opened. */
const lazy = import.meta.glob<{ readonly default: Component }>('../panels/{compare,packets,statecharts,zone}/*View.svelte');
const VIEW_FILES: Readonly<Record<Exclude<View, 'Map'>, string>> = {
  Packets: '../panels/packets/PacketsView.svelte',
  Statecharts: '../panels/statecharts/StatechartsView.svelte',
  'Hosted zone': '../panels/zone/ConsoleView.svelte',
  Compare: '../panels/compare/CompareView.svelte',
};

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

  /** Opens a scenario file of the reader's own, or zones in one file or several; what is wrong with them is listed. */
  openFiles = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return;
    const { found } = await import('./files.ts');
    const own = await found(files);
    if ('mistakes' in own) {
      this.mistakes = own;
      return;
    }
    const { name, scenario, view, notes } = own;
    const { screen } = this.stage;
    this.#own = true;
    screen.view = view;
    await this.#open({ name, scenario, changes: [] });
    if (notes.length > 0)
      screen.say(notes.length > 3 ? `${notes.slice(0, 3).join(' ')} And ${notes.length - 3} more like these.` : notes.join(' '));
  };
  openFile = (file: File): Promise<void> => this.openFiles([file]);

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
