/** What is on the screen besides the trace: which view, which form for which window, what is selected, which sheets are open. */
import type { MessageId, PacketRecord } from '../../trace/trace.ts';
import type { Form } from '../geometry/layout/layout.ts';
import type { Preferences } from './preferences.svelte.ts';

/** The views that have a tab. */
export const TABS = ['Map', 'Packets', 'Statecharts', 'Hosted zone'] as const;
export type Tab = (typeof TABS)[number];
/** Comparing takes the map's place, and has a key of its own. */
export type View = Tab | 'Compare';

/** The view of that name, as a link carries it; the map where there is none. */
export const viewNamed = (name: string): View => [...TABS, 'Compare' as const].find((view) => view === name) ?? 'Map';

/** What a what-if sheet is about, and the place on the map that its arrow comes from. */
export interface Selection {
  readonly packet?: number;
  readonly host?: string;
  readonly record?: { readonly name: string; readonly type: string };
  /** How far it reaches to either side of that place, in pixels. */
  readonly half?: number;
  readonly x: number;
  readonly y: number;
}

export class Screen {
  view = $state.raw<View>('Map');
  /** The tab that the view belongs to. */
  tab: Tab = $derived(this.view === 'Compare' ? 'Map' : this.view);
  width = $state.raw(1440);
  height = $state.raw(900);
  /** The message whose packet is open; undefined means the one of the moment. */
  message = $state.raw<MessageId | undefined>();
  /** The packet that is open when it carries no message: a handshake, an acknowledgement. */
  packet = $state.raw<number | undefined>();
  /** The actor whose chart is shown. */
  actor = $state.raw<string | undefined>();
  /** Which of its machines, by path; undefined means the one that does the work. */
  instance = $state.raw<string | undefined>();
  whatIf = $state.raw<Selection | undefined>();
  /** The visit for which the reader went back from the chain of trust to the map, by its number. */
  mapFor = $state.raw<number | undefined>();
  /** Which of the lesson's questions is open, counted from 0. */
  question = $state.raw<number | undefined>();
  /** Which of their choices were taken, as they stand, by question; -1 for one that was passed over. */
  guesses = $state.raw<Readonly<Record<number, number>>>({});
  /** What was taken of the open question. */
  guess = $derived(this.question === undefined ? undefined : this.guesses[this.question]);
  keysOpen = $state.raw(false);
  cachesOpen = $state.raw(false);
  lessonsOpen = $state.raw(false);
  menuOpen = $state.raw(false);
  /** A sentence at the foot of the page: "Link copied". */
  notice = $state.raw('');
  #preferences: Preferences;

  form: Form = $derived.by(() => {
    if (this.#preferences.present) return 'presenter';
    // A low window needs the cache beside the roads, for which the narrower ones have no room.
    if (this.width < (this.height < 1000 ? 960 : 800)) return 'phone';
    return this.width < 1200 ? 'tablet' : 'wide';
  });
  /** Little height: the timetable's rows stand closer, the map is lower. */
  low = $derived(this.height < (this.form === 'tablet' ? 1000 : 840));

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
  }

  /** Shows a packet in its own view: by the message in it, or by itself where it carries none. */
  openPacket({ id, message }: { readonly id: PacketRecord['id']; readonly message?: MessageId | undefined }): void {
    this.message = message;
    this.packet = message === undefined ? id : undefined;
    this.view = 'Packets';
  }

  openMessage(message: MessageId | undefined): void {
    this.message = message;
    this.packet = undefined;
    this.view = 'Packets';
  }

  /** Before another story: nothing that was chosen in the last one stays chosen, and no sheet stays open. */
  clear(): void {
    this.message = undefined;
    this.packet = undefined;
    this.actor = undefined;
    this.instance = undefined;
    this.whatIf = undefined;
    this.mapFor = undefined;
    this.question = undefined;
    this.guesses = {};
    this.cachesOpen = false;
    this.lessonsOpen = false;
    this.menuOpen = false;
  }

  say(text: string): void {
    this.notice = text;
  }
}
