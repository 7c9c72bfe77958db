/** The keyboard: one table, which the sheet shows and the page obeys. */
import type { StepNumber } from '../../trace/steps.ts';
import type { Stage } from './context.ts';

export interface Command {
  /** As the sheet shows it. */
  readonly keys: readonly string[];
  readonly words: string;
  readonly group: 'Time' | 'Views' | 'The map' | 'The page';
  /** A character or a named key alone rests while typing, and can be switched off. */
  readonly single: boolean;
  fits(event: KeyboardEvent): boolean;
  act(stage: Stage, event: KeyboardEvent, page: Page): void;
}

/** What only the page can do. */
export interface Page {
  focusAddress(): void;
  findLesson(): void;
  back(): void;
  whatIf(): void;
  drop(): void;
}

const plain = (event: KeyboardEvent): boolean => !event.ctrlKey && !event.metaKey && !event.altKey;
const letter = (key: string) => (event: KeyboardEvent) => plain(event) && !event.shiftKey && event.key.toLowerCase() === key;
const named =
  (key: string, shift = false) =>
  (event: KeyboardEvent) =>
    plain(event) && event.shiftKey === shift && event.key === key;
const digit = (event: KeyboardEvent): number => (/^Digit([1-9])$/.exec(event.code) ? Number(event.code.slice(5)) : Number.NaN);
const JUMPS = ['5 min', '1 h', '2 days'] as const;

export const COMMANDS: readonly Command[] = [
  {
    keys: ['Space'],
    words: 'play, pause',
    group: 'Time',
    single: true,
    fits: named(' '),
    act: ({ player, theatre }) => (player.atStart && !player.playing ? theatre.enter() : player.toggle()),
  },
  {
    keys: ['←', '→'],
    words: 'previous, next event',
    group: 'Time',
    single: true,
    fits: (e) => named('ArrowRight')(e) || named('ArrowLeft')(e),
    act: ({ player }, e) => (e.key === 'ArrowRight' ? player.nextEvent() : player.previousEvent()),
  },
  {
    keys: ['Shift ←', 'Shift →'],
    words: 'previous, next of the nine steps',
    group: 'Time',
    single: true,
    fits: (e) => named('ArrowRight', true)(e) || named('ArrowLeft', true)(e),
    act: ({ player }, e) => (e.key === 'ArrowRight' ? player.nextStep() : player.previousStep()),
  },
  {
    keys: ['1', 'to', '9'],
    words: 'go to a step',
    group: 'Time',
    single: true,
    fits: (e) => plain(e) && !e.shiftKey && digit(e) >= 1,
    act: ({ player }, e) => void player.step(digit(e) as StepNumber),
  },
  {
    keys: [',', '.'],
    words: 'slower, faster',
    group: 'Time',
    single: true,
    fits: (e) => letter(',')(e) || letter('.')(e),
    act: ({ player }, e) => (e.key === ',' ? player.slower() : player.faster()),
  },
  {
    keys: ['Shift 1', '2', '3'],
    words: 'let 5 min, 1 h, 2 days pass',
    group: 'Time',
    single: true,
    fits: (e) => plain(e) && e.shiftKey && digit(e) <= 3,
    act: ({ theatre }, e) => theatre.pass(JUMPS[digit(e) - 1] ?? '5 min'),
  },
  {
    keys: ['Home', 'End'],
    words: 'beginning, end',
    group: 'Time',
    single: true,
    fits: (e) => named('Home')(e) || named('End')(e),
    act: ({ player }, e) => (e.key === 'Home' ? player.restart() : player.seekInstant(player.end)),
  },
  {
    keys: ['M'],
    words: 'map',
    group: 'Views',
    single: true,
    fits: letter('m'),
    act: ({ screen, moment }) => {
      // Where the chain of trust has the map's place, the map comes back.
      if (screen.view === 'Map') screen.mapFor = moment.visit?.number;
      screen.view = 'Map';
    },
  },
  {
    keys: ['P'],
    words: 'packet of the moment',
    group: 'Views',
    single: true,
    fits: letter('p'),
    act: ({ screen, words }) => screen.openMessage(words.message),
  },
  {
    keys: ['S'],
    words: 'statechart',
    group: 'Views',
    single: true,
    fits: letter('s'),
    act: ({ screen }) => {
      screen.view = 'Statecharts';
    },
  },
  {
    keys: ['Z'],
    words: 'hosted zone',
    group: 'Views',
    single: true,
    fits: letter('z'),
    act: ({ screen }) => {
      screen.view = 'Hosted zone';
    },
  },
  {
    keys: ['C'],
    words: 'compare two visits',
    group: 'Views',
    single: true,
    fits: letter('c'),
    act: ({ screen }) => {
      screen.view = screen.view === 'Compare' ? 'Map' : 'Compare';
    },
  },
  {
    keys: ['[', ']'],
    words: 'transitions of the chosen actor',
    group: 'Views',
    single: true,
    fits: (e) => plain(e) && (e.key === '[' || e.key === ']'),
    act: ({ player }, e) => (e.key === ']' ? player.nextMove() : player.previousMove()),
  },
  {
    keys: ['L'],
    words: 'address bar',
    group: 'The map',
    single: true,
    fits: letter('l'),
    act: (_stage, _e, page) => page.focusAddress(),
  },
  { keys: ['W'], words: 'what if', group: 'The map', single: true, fits: letter('w'), act: (_stage, _e, page) => page.whatIf() },
  {
    keys: ['X'],
    words: 'drop the packet in flight',
    group: 'The map',
    single: true,
    fits: letter('x'),
    act: (_stage, _e, page) => page.drop(),
  },
  {
    keys: ['Ctrl Z'],
    words: 'undo a what-if',
    group: 'The map',
    single: false,
    fits: (e) => (e.ctrlKey || e.metaKey) && !e.shiftKey && e.key.toLowerCase() === 'z',
    act: ({ theatre }) => theatre.undo(),
  },
  {
    keys: ['Ctrl Shift Z'],
    words: 'redo',
    group: 'The map',
    single: false,
    fits: (e) => (e.ctrlKey || e.metaKey) && ((e.shiftKey && e.key.toLowerCase() === 'z') || e.key.toLowerCase() === 'y'),
    act: ({ theatre }) => theatre.redo(),
  },
  {
    keys: ['/'],
    words: 'find a lesson',
    group: 'The page',
    single: true,
    fits: (e) => plain(e) && e.key === '/',
    act: (_stage, _e, page) => page.findLesson(),
  },
  {
    keys: ['F'],
    words: 'present',
    group: 'The page',
    single: true,
    fits: letter('f'),
    act: ({ preferences }) => {
      preferences.present = !preferences.present;
    },
  },
  {
    keys: ['D'],
    words: 'dark, light',
    group: 'The page',
    single: true,
    fits: letter('d'),
    act: ({ preferences }) => preferences.turnTheme(),
  },
  {
    keys: ['A', 'to', 'D'],
    words: 'answer a question, while one is open',
    group: 'The page',
    single: true,
    // The question itself hears them, before the page does.
    fits: () => false,
    act: () => undefined,
  },
  {
    keys: ['?'],
    words: 'these keys',
    group: 'The page',
    single: true,
    fits: (e) => plain(e) && e.key === '?',
    act: ({ screen }) => {
      screen.keysOpen = !screen.keysOpen;
    },
  },
  {
    keys: ['Esc'],
    words: 'back',
    group: 'The page',
    single: false,
    fits: (e) => plain(e) && e.key === 'Escape',
    act: (_stage, _e, page) => page.back(),
  },
];

/** Whether a key press belongs to a field that is being typed in. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('textarea, select, input:not([type=range]):not([type=file]):not([type=checkbox]):not([type=radio])'));

/** Whether a key press means something to the control it is made on: a button's Space, a slider's arrows. */
export function isControls(event: KeyboardEvent): boolean {
  const target = event.target as Element | null;
  if (!target?.closest) return false;
  if (event.key === ' ' && target.closest('button, [role=button], summary, a, input')) return true;
  if (/^(Home|End|Page(Up|Down))$/.test(event.key)) return target.closest('input[type=range]') !== null;
  return (
    event.key.startsWith('Arrow') &&
    target.closest('input[type=range], [role=tree], [role=listbox], [role=menu], [role=grid]') !== null
  );
}

export function obey(event: KeyboardEvent, stage: Stage, page: Page): void {
  // While a sheet is open the keys are its own: Escape closes it without help.
  if (event.defaultPrevented || event.isComposing || document.querySelector('dialog:modal')) return;
  const typing = isTyping(event.target);
  const command = COMMANDS.find((one) => one.fits(event));
  if (!command) return;
  if (typing && (command.single || command.keys[0] !== 'Esc')) return;
  if (command.single && (isControls(event) || (!stage.preferences.singleKeys && event.key.length === 1 && event.key !== ' ')))
    return;
  event.preventDefault();
  command.act(stage, event, page);
}
