import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { formatProbability } from '../../words/format.ts';
import { mapRows } from '../../elements/rows.ts';
import { baseStyles } from '../../elements/styles.ts';
import { vars } from '../../elements/vars.ts';
import type { ThumbItem } from '../../elements/thumb-list.ts';
import type { LabelledFolder, LabelledItem } from '../../dataset/types.ts';
import type { Services } from '../../state/services.ts';
import { className } from '../../words/words.ts';
import { ThumbnailMaker } from './thumbnail-maker.ts';
import { refusalWords } from '../../words/evaluation-words.ts';
import '../../elements/thumb-list.ts';

/** One picture of a list: what it is, what was answered. */
export interface ListedPicture {
  readonly path: string;
  readonly label: string;
  readonly answer: string;
  readonly confidence: number;
  readonly refused: string | null;
  /** Instead of what was answered. */
  readonly line?: string;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-picture-list': FrPictureList;
  }
  interface HTMLElementEventMap {
    /** A path of the list. */
    'picture-chosen': CustomEvent<string>;
  }
}

/** Pictures of an evaluation with their thumbnails, as many as there are; only those in sight are opened. */
@customElement('fr-picture-list')
export class FrPictureList extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      .room {
        block-size: min(calc(var(--rows) * 5rem + 2px), 26rem);
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--panel);
      }

      fr-thumb-list {
        block-size: 100%;
      }

      p {
        margin-block-end: var(--space-3);
        color: var(--ink-quiet);
        font-size: var(--text-note);
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) services!: Pick<Services, 'viewing'>;
  /** Where the pictures are opened from; null while it is not open: then only names are shown. */
  @property({ attribute: false }) folder: LabelledFolder | null = null;
  @property({ attribute: false }) pictures: readonly ListedPicture[] = [];

  private maker: ThumbnailMaker | null = null;
  private items = new Map<string, LabelledItem>();

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.maker ??= new ThumbnailMaker(this.services.viewing, () => this.requestUpdate());
    if (!changed.has('folder')) return;
    this.maker.forget();
    this.items = new Map(this.folder?.items.map((item) => [item.path, item]));
  }

  protected override render(): unknown {
    if (this.pictures.length === 0) return nothing;
    const rows = this.pictures.map((picture) => ({ ...picture, id: picture.path }));
    return html`${
        this.folder
          ? nothing
          : html`<p>${msg('Open the folder of this evaluation to see the pictures.')}</p>`
      }
      <div class="room" ${vars({ '--rows': rows.length })}>
        <fr-thumb-list
          compact
          label=${this.label}
          .items=${mapRows(rows, (picture) => this.row(picture))}
          @item-opened=${(event: CustomEvent<string>) => this.emit('picture-chosen', event.detail)}
        ></fr-thumb-list>
      </div>`;
  }

  private row({ path, label, answer, confidence, refused, line }: ListedPicture): ThumbItem {
    return {
      id: path,
      name: path,
      line: line ?? `${className(label)} → ${className(answer)}`,
      figure: line === undefined ? formatProbability(confidence) : '',
      note: refused ? refusalWords(refused) : '',
      tone: 'plain',
      thumbnail: this.maker?.get(path, this.items.get(path) ?? null) ?? null,
      canRetry: false,
    };
  }
}
