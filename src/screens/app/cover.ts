import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { icon } from '../../elements/icons.ts';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import type { Services } from '../../state/services.ts';
import '../../elements/desk/unlock-form.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-cover': FrCover;
  }
  interface HTMLElementEventMap {
    /** The rest of the app is to be hidden, or shown again. */
    'cover-turned': CustomEvent<boolean>;
  }
}

const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const;

/**
 * Lies over everything: while the kept studies are locked, at a tap on "Cover", and when nobody was
 * there for a while.
 */
@customElement('fr-cover')
export class FrCover extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      :host {
        display: contents;
      }

      dialog[open] {
        position: fixed;
        inset: 0;
        display: grid;
        place-items: center;
        inline-size: 100%;
        max-inline-size: none;
        block-size: 100%;
        max-block-size: none;
        margin: 0;
        padding: var(--space-5);
        overflow-y: auto;
        border: 0;
        background: var(--page);
        color: var(--ink);
      }

      .box {
        display: grid;
        gap: var(--space-5);
        inline-size: min(26rem, 100%);
      }

      h1 {
        display: flex;
        gap: var(--space-3);
        align-items: center;
        margin: 0;
      }

      .away {
        display: grid;
        gap: var(--space-3);
        padding-block-start: var(--space-4);
        border-block-start: 1px solid var(--line);
      }
    `,
  ];

  @property({ attribute: false }) services!: Services;
  /** Covered by a tap or for want of one. */
  @state() private covered = false;
  /** The person reads without the kept studies, although they are locked. */
  @state() private without = false;
  @query('h1') private readonly heading!: HTMLElement | null;
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  private touched = Date.now();
  private shown = false;

  /** Covers everything now. */
  cover(): void {
    this.covered = true;
  }

  protected override follow(): (() => void)[] {
    for (const type of TOUCHES) window.addEventListener(type, this.onTouch, { passive: true });
    const timer = setInterval(() => this.look(), 5000);
    return [
      this.desk.records.state.listen((state) => {
        if (state?.phase === 'unlocked') {
          this.without = false;
          this.covered = false;
        }
      }),
      () => clearInterval(timer),
      () => {
        for (const type of TOUCHES) window.removeEventListener(type, this.onTouch);
      },
    ];
  }

  protected override willUpdate(): void {
    this.hidden = !this.locked && !this.covered;
    if (this.hidden === !this.shown) return;
    this.shown = !this.hidden;
    this.emit('cover-turned', this.shown);
    if (this.shown) void this.updateComplete.then(() => !this.locked && this.heading?.focus());
  }

  protected override updated(): void {
    this.place();
  }

  private place(): void {
    const { dialog } = this;
    if (this.shown && !dialog.open) dialog.showModal();
    else if (!this.shown && dialog.open) dialog.close();
  }

  private get locked(): boolean {
    return this.desk.records.state.value?.phase === 'locked' && !this.without;
  }

  protected override render(): unknown {
    // Modal, so that it lies over any other window as well; only its own ways lead out.
    return html`<dialog
      aria-labelledby="heading"
      @cancel=${(event: Event) => event.preventDefault()}
      @close=${() => this.place()}
    >
      ${
        this.hidden
          ? nothing
          : html`<div class="box">${this.locked ? this.renderLocked() : this.renderCovered()}</div>`
      }
    </dialog>`;
  }

  private renderLocked(): unknown {
    const open = this.services.session.size > 0;
    return html`<h1 id="heading" tabindex="-1">${icon('lock', 28)} ${msg('Locked')}</h1>
      <fr-unlock-form .desk=${this.desk}></fr-unlock-form>
      <div class="away">
        <p class="hint">
          ${
            open
              ? msg('Without unlocking, the open pictures are closed, and nothing is kept.')
              : msg('Without unlocking, pictures can be read, and nothing is kept.')
          }
        </p>
        <button class="button" type="button" @click=${this.goOn}>
          ${open ? msg('Close them and go on') : msg('Go on without unlocking')}
        </button>
      </div>`;
  }

  private renderCovered(): unknown {
    const { records } = this.desk;
    return html`<h1 id="heading" tabindex="-1">${icon('cover', 28)} ${msg('Covered')}</h1>
      <button class="button primary large" type="button" @click=${() => (this.covered = false)}>
        ${msg('Show again')}
      </button>
      ${
        records.unlocked
          ? html`<button class="button" type="button" @click=${() => void records.lock()}>
              ${icon('lock', 20)} ${msg('Lock now')}
            </button>`
          : nothing
      }`;
  }

  private readonly goOn = (): void => {
    this.services.session.clear();
    this.without = true;
  };

  private readonly onTouch = (): void => {
    // Under the cover a touch is not the person's who left.
    if (!this.covered) this.touched = Date.now();
    this.desk.records.touch();
  };

  private look(): void {
    const { coverAfter } = this.desk.settings.value;
    if (coverAfter === null || this.services.session.size === 0) return;
    if (Date.now() - this.touched >= coverAfter * 60_000) this.covered = true;
  }
}
