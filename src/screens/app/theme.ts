/**
 * Light or dark. `auto` follows the device, and turns the room lights down while a picture is open.
 * The choice is small and not worth a database: localStorage, or this sitting where that is closed.
 */
export type ThemeChoice = 'auto' | 'light' | 'dark';

const KEY = 'fieldray-theme';

export class ThemeController {
  #choice: ThemeChoice = stored();
  #viewing = false;
  readonly #system = window.matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    this.#system.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Kept for this sitting only.
    }
    this.#apply();
  }

  /** Whether a picture is in the viewer now. */
  set viewing(viewing: boolean) {
    if (viewing === this.#viewing) return;
    this.#viewing = viewing;
    this.#apply();
  }

  #apply(): void {
    const automatic = this.#viewing || this.#system.matches ? 'dark' : 'light';
    const theme = this.#choice === 'auto' ? automatic : this.#choice;
    document.documentElement.dataset['theme'] = theme;
  }
}

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto';
  }
}
