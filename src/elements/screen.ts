import { property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { baseStyles, buttonStyles, pageStyles } from './styles.ts';
import type { Services } from '../state/services.ts';

/** A page of the app: has the services, one h1, and takes the focus there when it is gone to. */
export class Screen extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, pageStyles];

  @property({ attribute: false }) services!: Services;

  private readonly ends: (() => void)[] = [];

  /** Called when the person went here: screen readers start at the heading. */
  async focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }

  /** What to listen to while the screen is shown; each call answers with its end. */
  protected listen(): (() => void)[] {
    return [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ends.push(...this.listen());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends.splice(0)) end();
  }
}
