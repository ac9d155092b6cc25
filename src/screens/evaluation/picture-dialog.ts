import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import { topOf, type EvaluatedPicture } from '../../evaluation/index.ts';
import { faultDataOf, ViewingError, type PictureSource } from '../../session/index.ts';
import type { Services } from '../../state/services.ts';
import { className } from '../../words/words.ts';
import { refusalWords } from '../../words/evaluation-words.ts';
import '../../elements/bar-list.ts';
import '../../elements/viewer/viewer.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-evaluated-picture': FrEvaluatedPicture;
  }
  interface HTMLElementEventMap {
    /** The next (1) or previous (-1) picture of the list is wanted. */
    'picture-step': CustomEvent<1 | -1>;
    /** To the reading room with it. */
    'picture-read': CustomEvent<EvaluatedPicture>;
  }
}

/** One picture of an evaluation, large, with what it is and what was answered beside it. */
@customElement('fr-evaluated-picture')
export class FrEvaluatedPicture extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      dialog {
        inline-size: min(70rem, 100vw);
        max-inline-size: 100vw;
        block-size: min(52rem, 100dvh);
        max-block-size: 100dvh;
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
        color: var(--ink);
      }

      dialog::backdrop {
        background: var(--veil);
      }

      .frame {
        display: grid;
        grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) minmax(15rem, 20rem);
        block-size: 100%;
      }

      header {
        display: flex;
        grid-column: 1 / -1;
        gap: var(--space-2);
        align-items: center;
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
        border-block-end: 1px solid var(--line);
      }

      h2 {
        flex: 1;
        overflow: hidden;
        font-size: var(--text-body);
        font-weight: 620;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .side {
        display: grid;
        gap: var(--space-4);
        align-content: start;
        padding: var(--space-4);
        overflow-y: auto;
        border-inline-start: 1px solid var(--line);
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-1) var(--space-4);
        margin: 0;
        font-size: var(--text-note);
      }

      dt {
        color: var(--ink-quiet);
      }

      dd {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      @media (max-width: 48rem) {
        .frame {
          grid-template: auto minmax(14rem, 1fr) auto / minmax(0, 1fr);
        }

        .side {
          max-block-size: 45dvh;
          border-inline-start: 0;
          border-block-start: 1px solid var(--line);
        }
      }
    `,
  ];

  @property({ attribute: false }) services!: Pick<Services, 'viewing'>;
  @property({ attribute: false }) classes: readonly string[] = [];
  @property({ attribute: false }) picture: EvaluatedPicture | null = null;
  /** "3 of 12" */
  @property() place = '';

  @state() private source: PictureSource | null = null;
  @state() private problem = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  private opening: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.closePicture();
  }

  /** Shows `picture`; its bytes come from `bytes`. */
  async show(
    picture: EvaluatedPicture,
    place: string,
    bytes: (signal: AbortSignal) => Promise<Blob>,
  ): Promise<void> {
    this.closePicture();
    this.picture = picture;
    this.place = place;
    this.problem = '';
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
    const opening = new AbortController();
    this.opening = opening;
    try {
      const source = await this.services.viewing.open(await bytes(opening.signal), opening.signal);
      if (this.opening === opening) this.source = source;
      else source.close();
    } catch (reason) {
      if (this.opening !== opening) return;
      const { message, remedy } = faultDataOf(reason, () => new ViewingError(reason));
      this.problem = `${message} ${remedy}`;
    }
  }

  protected override render(): unknown {
    const { picture } = this;
    return html`<dialog
      aria-labelledby="name"
      @close=${() => this.closePicture()}
      @keydown=${this.onKey}
    >
      ${picture ? this.renderPicture(picture) : nothing}
    </dialog>`;
  }

  private renderPicture(picture: EvaluatedPicture): unknown {
    const { path, label, probabilities, refused, failure, origin } = picture;
    const top = probabilities ? topOf(probabilities) : -1;
    return html`<div class="frame">
      <header>
        <h2 id="name" dir="auto">${path}</h2>
        <span class="quiet">${this.place}</span>
        ${this.step(-1, msg('Previous picture'), 'back')}
        ${this.step(1, msg('Next picture'), 'forward')}
        <button
          class="button bare icon"
          type="button"
          aria-label=${msg('Close')}
          @click=${() => this.dialog.close()}
        >
          ${icon('close')}
        </button>
      </header>
      <fr-viewer
        .source=${this.source}
        label=${msg(str`Picture ${path}`)}
        problem=${this.problem}
        @viewer-step=${(event: CustomEvent<1 | -1>) => this.emit('picture-step', event.detail)}
      ></fr-viewer>
      <div class="side">
        <dl>
          <dt>${msg('It is')}</dt>
          <dd>${className(label)}</dd>
          <dt>${msg('Answered')}</dt>
          <dd>${top < 0 ? '–' : className(this.classes[top] ?? '')}</dd>
          ${
            refused
              ? html`<dt>${msg('Refused')}</dt>
                  <dd>${refusalWords(refused)}</dd>`
              : nothing
          }
          ${
            origin
              ? html`<dt>${msg('Origin')}</dt>
                  <dd>${origin}</dd>`
              : nothing
          }
          ${
            failure
              ? html`<dt>${msg('Not read')}</dt>
                  <dd>${failure.message}</dd>`
              : nothing
          }
        </dl>
        ${
          probabilities
            ? html`<fr-bar-list
                .bars=${this.classes.map((name, k) => ({
                  label: className(name),
                  share: probabilities[k] ?? 0,
                  leading: k === top,
                }))}
              ></fr-bar-list>`
            : nothing
        }
        <button
          class="button"
          type="button"
          @click=${() => {
            this.dialog.close();
            this.emit('picture-read', picture);
          }}
        >
          ${icon('open', 20)} ${msg('Open in the reading room')}
        </button>
      </div>
    </div>`;
  }

  private step(by: 1 | -1, words: string, name: 'back' | 'forward'): unknown {
    return html`<button
      class="button bare icon"
      type="button"
      aria-label=${words}
      title=${words}
      @click=${() => this.emit('picture-step', by)}
    >
      ${icon(name)}
    </button>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const by = ({ PageDown: 1, PageUp: -1 } as const)[event.key as 'PageDown' | 'PageUp'];
    if (!by) return;
    event.preventDefault();
    this.emit('picture-step', by);
  };

  private closePicture(): void {
    this.opening?.abort();
    this.opening = null;
    this.source?.close();
    this.source = null;
  }
}
