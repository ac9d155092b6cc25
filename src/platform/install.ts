import { Observable } from '../base/observable.ts';

/**
 * How this browser can install the app:
 * - `installed`: it runs in its own window already;
 * - `prompt`: `prompt()` opens the browser's own dialog;
 * - `share-menu`: Safari on iOS and iPadOS, by "Share", "Add to Home Screen";
 * - `dock-menu`: Safari on a Mac, by "File", "Add to Dock";
 * - `browser-menu`: perhaps by the browser's menu; it gives pages no way to ask.
 */
export type InstallWay = 'installed' | 'prompt' | 'share-menu' | 'dock-menu' | 'browser-menu';

/** Chromium's event, which the DOM library does not know. */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** What tells the ways apart, given so that tests can speak for any browser. */
export interface InstallSurroundings {
  readonly userAgent: string;
  readonly maxTouchPoints: number;
  readonly standalone: boolean;
  readonly events: EventTarget;
}

const OWN_WINDOW = ['standalone', 'fullscreen', 'minimal-ui', 'window-controls-overlay'];

/** True when the app runs in its own window rather than in a browser's tab. */
export function isStandalone(view: Window = window): boolean {
  const iosHomeScreen = (view.navigator as { standalone?: boolean }).standalone === true;
  return (
    iosHomeScreen || OWN_WINDOW.some((mode) => view.matchMedia(`(display-mode: ${mode})`).matches)
  );
}

function wayWithoutPrompt(at: InstallSurroundings): InstallWay {
  if (at.standalone) return 'installed';
  // iPadOS calls itself a Macintosh; its touch points tell.
  const iPad = /Macintosh/.test(at.userAgent) && at.maxTouchPoints > 1;
  if (/iPhone|iPad|iPod/.test(at.userAgent) || iPad) return 'share-menu';
  if (/Macintosh.*Version\/[\d.]+.*Safari\//.test(at.userAgent)) return 'dock-menu';
  return 'browser-menu';
}

/** Holds the browser's install dialog back until the person asks for it. */
export class InstallController {
  readonly #way: Observable<InstallWay>;
  #offer: BeforeInstallPromptEvent | null = null;
  readonly #surroundings: InstallSurroundings;

  constructor(surroundings?: InstallSurroundings) {
    this.#surroundings = surroundings ?? {
      userAgent: navigator.userAgent,
      maxTouchPoints: navigator.maxTouchPoints,
      standalone: isStandalone(),
      events: window,
    };
    this.#way = new Observable(wayWithoutPrompt(this.#surroundings));
    this.#surroundings.events.addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#offer = event as BeforeInstallPromptEvent;
      this.#way.set('prompt');
    });
    this.#surroundings.events.addEventListener('appinstalled', () => {
      this.#offer = null;
      this.#way.set('installed');
    });
  }

  get way(): InstallWay {
    return this.#way.value;
  }

  onWay(listener: (way: InstallWay) => void): () => void {
    return this.#way.listen(listener);
  }

  /**
   * Opens the browser's dialog; must be called from a click or a key press.
   * `unavailable` when the browser offered none. A dialog can be used once: after a refusal the
   * way goes back to what the browser's own menus give.
   */
  async prompt(): Promise<'accepted' | 'dismissed' | 'unavailable'> {
    const offer = this.#offer;
    if (!offer) return 'unavailable';
    this.#offer = null;
    const { outcome } = await offer.prompt();
    this.#way.set(outcome === 'accepted' ? 'installed' : wayWithoutPrompt(this.#surroundings));
    return outcome;
  }
}
