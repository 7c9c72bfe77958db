/** The one way by which components reach the state: a typed context, set by the page. */
import { createContext } from 'svelte';
import type { Picture } from './picture.svelte.ts';
import type { Player } from './player.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Screen } from './screen.svelte.ts';
import type { Theatre } from './theatre.svelte.ts';

export interface Stage {
  readonly theatre: Theatre;
  readonly player: Player;
  readonly picture: Picture;
  readonly screen: Screen;
  readonly preferences: Preferences;
}

export const [stage, setStage] = createContext<Stage>();
