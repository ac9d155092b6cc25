/**
 * A page translator replaces the text nodes that Lit rendered. Lit would go on writing into the old
 * ones, which are in the document no more, and the text of an earlier picture would stay on the screen.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { keyed } from 'lit/directives/keyed.js';

const TEXT_CHANGES: MutationObserverInit = { childList: true, characterData: true, subtree: true };

/**
 * Notices at the next update that somebody else changed the element's text since the last one.
 * The host renders under `keyed(rewritten.generation, …)`, so that everything is made anew then.
 * Text that is rewritten and not updated is left alone: it still says the same, in another language.
 */
export class Rewritten implements ReactiveController {
  /** Another number whenever what the host rendered was changed from outside. */
  generation = 0;
  readonly #host: ReactiveControllerHost & { readonly renderRoot: Node };
  readonly #observer: MutationObserver;
  #changed = false;
  #observing = false;

  constructor(host: ReactiveControllerHost & { readonly renderRoot: Node }) {
    this.#host = host;
    this.#observer = new MutationObserver((records) => this.#note(records));
    host.addController(this);
  }

  hostUpdate(): void {
    this.#note(this.#observer.takeRecords());
    if (this.#changed) this.generation += 1;
    this.#changed = false;
  }

  hostUpdated(): void {
    if (!this.#observing) this.#observer.observe(this.#host.renderRoot, TEXT_CHANGES);
    this.#observing = true;
    // The host's own changes.
    this.#observer.takeRecords();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    // Nobody saw what happened to it meanwhile.
    this.#changed = this.#observing;
    this.#observing = false;
  }

  #note(records: readonly MutationRecord[]): void {
    this.#changed ||= records.some(
      ({ type, addedNodes, removedNodes }) =>
        type === 'characterData' || [...addedNodes, ...removedNodes].some(hasText),
    );
  }
}

/** Text in a node of its own whenever it is another text, so that no rewritten one stays in its place. */
export function fresh(text: string): unknown {
  return keyed(text, text);
}

function hasText(node: Node): boolean {
  return node.nodeType !== Node.COMMENT_NODE && node.textContent !== '';
}
