/** The one way by which components reach the state: a typed context, set by the page. */
import { createContext } from 'svelte';
import type { Moment } from './moment.svelte.ts';
import type { Picture } from './picture.svelte.ts';
import type { Player } from './player.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Registering } from './registering.svelte.ts';
import type { Screen } from './screen.svelte.ts';
import type { Theatre } from './theatre.svelte.ts';
import type { Words } from './words.svelte.ts';

export interface Stage {
  readonly theatre: Theatre;
  readonly player: Player;
  readonly moment: Moment;
  readonly picture: Picture;
  readonly words: Words;
  readonly screen: Screen;
  readonly registering: Registering;
  readonly preferences: Preferences;
  /** Opens a scenario or zones from files of the reader's own. */
  readonly openFiles: (files: readonly File[]) => Promise<void>;
}

export const [stage, setStage] = createContext<Stage>();
