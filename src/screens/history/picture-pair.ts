import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, queryAll, state } from 'lit/decorators.js';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { icon } from '../../elements/icons.ts';
import { partOf } from '../../elements/viewer/view-transform.ts';
import type { ViewerSight } from '../../elements/viewer/view-transform.ts';
import type { FrViewer } from '../../elements/viewer/viewer.ts';
import type { KeptStudy } from '../../records/types.ts';
import { faultDataOf, ViewingError } from '../../session/index.ts';
import type { PictureSource } from '../../session/types.ts';
import type { Services } from '../../state/services.ts';
import { formatDate } from '../../words/format.ts';
import { faultWords } from '../../words/fault-words.ts';
import '../../elements/viewer/viewer.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-picture-pair': FrPicturePair;
  }
}

interface Side {
  readonly study: KeptStudy;
  readonly source: PictureSource | null;
  readonly problem: string;
}

/** The kept picture of a study, and beside it that of an earlier one: zoomed and moved together. */
@customElement('fr-picture-pair')
export class FrPicturePair extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
        background: var(--stage);
      }

      .sides {
        display: grid;
        flex: 1;
        grid-auto-columns: minmax(0, 1fr);
        grid-auto-flow: column;
        gap: 2px;
        min-block-size: 0;
      }

      figure {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        min-inline-size: 0;
        min-block-size: 0;
      }

      figure[hidden] {
        display: none;
      }

      figcaption {
        padding: var(--space-1) var(--space-3);
        background: var(--panel);
        font-size: var(--text-note);
        font-weight: 600;
      }

      .flip {
        padding: var(--space-2) var(--space-3);
        border-block-start: 1px solid var(--line);
        background: var(--panel);
      }
    `,
  ];

  @property({ attribute: false }) services!: Services;
  @property({ attribute: false }) current!: KeptStudy;
  /** Null: the picture stands alone. */
  @property({ attribute: false }) prior: KeptStudy | null = null;

  @state() private sides: readonly Side[] = [];
  /** One at a time, as on a phone: which; null: side by side. */
  @state() private only: number | null = null;
  @queryAll('fr-viewer') private readonly viewers!: NodeListOf<FrViewer>;
  private opening: AbortController | null = null;
  /** The viewer that was told to follow: its own news is not told back. */
  private following: FrViewer | null = null;

  protected override follow(): (() => void)[] {
    document.addEventListener('keydown', this.onKey);
    return [() => document.removeEventListener('keydown', this.onKey), () => this.close()];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('current') && !changed.has('prior')) return;
    const narrow = window.matchMedia('(max-width: 40rem)').matches;
    this.only = this.prior && narrow ? 1 : null;
    void this.open();
  }

  protected override render(): unknown {
    return html`<div class="sides">
        ${this.sides.map(
          ({ study, source, problem }, at) =>
            html`<figure ?hidden=${this.only !== null && this.only !== at}>
              <figcaption>${captionOf(study, this.prior !== null, at)}</figcaption>
              <fr-viewer
                .source=${source}
                .problem=${problem}
                label=${captionOf(study, this.prior !== null, at)}
                @viewer-moved=${(event: CustomEvent<ViewerSight>) => this.onMoved(event)}
              ></fr-viewer>
            </figure>`,
        )}
      </div>
      ${
        this.prior
          ? html`<div class="flip row">
              <button class="button" type="button" @click=${() => this.flip()}>
                ${icon('retry', 20)} ${msg('Flip between the two')} <kbd>X</kbd>
              </button>
              ${
                this.only === null
                  ? nothing
                  : html`<button
                      class="button bare"
                      type="button"
                      @click=${() => (this.only = null)}
                    >
                      ${msg('Side by side')}
                    </button>`
              }
            </div>`
          : nothing
      }`;
  }

  private flip(): void {
    this.only = this.only === 1 ? 0 : 1;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'x' || !this.prior || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event
      .composedPath()
      .some((node) => node instanceof Element && node.matches('input, textarea, select'));
    if (!typing) this.flip();
  };

  private onMoved(event: CustomEvent<ViewerSight>): void {
    const from = event.currentTarget as FrViewer;
    if (this.following === from) {
      this.following = null;
      return;
    }
    const other = [...this.viewers].find((viewer) => viewer !== from);
    if (!other?.source || !from.source) return;
    this.following = other;
    other.showPart(partOf(event.detail));
  }

  private async open(): Promise<void> {
    this.close();
    const opening = new AbortController();
    this.opening = opening;
    const studies = this.prior ? [this.prior, this.current] : [this.current];
    this.sides = studies.map((study) => ({ study, source: null, problem: '' }));
    await Promise.all(
      studies.map(async (study, at) => {
        const side = await this.sideOf(study, opening.signal);
        if (opening.signal.aborted) side.source?.close();
        else this.sides = this.sides.map((each, k) => (k === at ? side : each));
      }),
    );
  }

  private async sideOf(study: KeptStudy, signal: AbortSignal): Promise<Side> {
    const picture = study.pictures.find(({ file }) => file !== null);
    if (!picture) {
      return { study, source: null, problem: msg('No picture was kept of this study.') };
    }
    try {
      const bytes = await this.desk.records.call('file', study.id, picture.id);
      if (!bytes)
        return { study, source: null, problem: msg('No picture was kept of this study.') };
      return { study, source: await this.services.viewing.open(bytes, signal), problem: '' };
    } catch (reason) {
      const fault = faultDataOf(reason, () => new ViewingError(reason));
      return { study, source: null, problem: faultWords(fault) };
    }
  }

  private close(): void {
    this.opening?.abort();
    this.opening = null;
    for (const { source } of this.sides) source?.close();
    this.sides = [];
  }
}

function captionOf({ studyDate, keptAt }: KeptStudy, pair: boolean, at: number): string {
  const date = formatDate(studyDate === null ? keptAt : `${studyDate}T12:00`);
  if (!pair) return date;
  return `${at === 0 ? msg('Earlier') : msg('This study')} · ${date}`;
}
