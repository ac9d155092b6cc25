import { updateWhenLocaleChanges } from '@lit/localize';
import { LitElement } from 'lit';

/** What every element of ours shares: its words follow the language at once. */
export class FieldrayElement extends LitElement {
  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  /** A typed event that crosses shadow borders. */
  protected emit<K extends keyof HTMLElementEventMap>(
    type: K,
    ...detail: HTMLElementEventMap[K] extends CustomEvent<infer D>
      ? undefined extends D
        ? []
        : [detail: D]
      : []
  ): boolean {
    const [value] = detail as readonly unknown[];
    return this.dispatchEvent(
      new CustomEvent(type, { detail: value, bubbles: true, composed: true, cancelable: true }),
    );
  }
}
