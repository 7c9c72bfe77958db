/** What the reader has chosen for this browser: theme, manner of moving, single keys. Kept from visit to visit if the browser lets us. */
export type Theme = 'system' | 'light' | 'dark';
export type Motion = 'system' | 'glides' | 'steps';

const KEY = 'rootwalk.preferences';

interface Kept {
  readonly theme?: Theme;
  readonly motion?: Motion;
  readonly singleKeys?: boolean;
  readonly askFirst?: boolean;
}

export class Preferences {
  theme = $state.raw<Theme>('system');
  motion = $state.raw<Motion>('system');
  /** Whether single letters are commands (WCAG 2.1.4 asks that they can be switched off). */
  singleKeys = $state.raw(true);
  /** Whether a lesson's questions are asked before the thing happens. */
  askFirst = $state.raw(false);
  present = $state.raw(false);
  #systemDark = $state.raw(false);
  #systemStill = $state.raw(false);

  dark = $derived(this.theme === 'system' ? this.#systemDark : this.theme === 'dark');
  /** Stepped motion: nothing glides. */
  stepped = $derived(this.motion === 'system' ? this.#systemStill : this.motion === 'steps');

  constructor() {
    const kept = read();
    this.theme = kept.theme ?? 'system';
    this.motion = kept.motion ?? 'system';
    this.singleKeys = kept.singleKeys ?? true;
    this.askFirst = kept.askFirst ?? false;
  }

  /** Follows the system's settings and writes ours to the document; gives back what undoes it. */
  watch(): () => void {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    const follow = (): void => {
      this.#systemDark = dark.matches;
      this.#systemStill = still.matches;
    };
    follow();
    dark.addEventListener('change', follow);
    still.addEventListener('change', follow);
    $effect(() => {
      const root = document.documentElement;
      root.dataset.theme = this.dark ? 'dark' : 'light';
      root.dataset.motion = this.stepped ? 'steps' : 'glides';
      root.dataset.present = this.present ? 'on' : 'off';
    });
    $effect(() => write({ theme: this.theme, motion: this.motion, singleKeys: this.singleKeys, askFirst: this.askFirst }));
    return () => {
      dark.removeEventListener('change', follow);
      still.removeEventListener('change', follow);
    };
  }

  turnTheme(): void {
    this.theme = this.dark ? 'light' : 'dark';
  }
}

function read(): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/** A browser may refuse to keep anything; then the choice lasts as long as the page. */
function write(kept: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Nothing to do: the setting is in force all the same.
  }
}
