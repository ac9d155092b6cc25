import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TrainingSettings } from '../../adaptation/index.ts';
import type { LabelledFolder } from '../../dataset/types.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { baseStyles } from '../../elements/styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-augment-preview': FrAugmentPreview;
  }
}

const SIDE = 224;
const SHOWN = 5;

/** One picture of the folder as the network sees it, and a few changed copies as training would see them. */
@customElement('fr-augment-preview')
export class FrAugmentPreview extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr));
        gap: var(--space-3);
        padding: 0;
        list-style: none;
      }

      canvas {
        display: block;
        inline-size: 100%;
        block-size: auto;
        border-radius: var(--radius);
        background: #000;
      }

      span {
        color: var(--ink-quiet);
        font-size: var(--text-small);
      }
    `,
  ];

  @property({ attribute: false }) folder!: LabelledFolder;
  @property({ attribute: false }) geometry!: TrainingSettings['geometry'];
  @property({ type: Number }) seed = 0;

  @state() private pictures: readonly Float32Array[] = [];
  @state() private failed = false;
  private source: { readonly of: LabelledFolder; readonly values: Float32Array } | null = null;
  private turn = 0;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('folder') || changed.has('geometry') || changed.has('seed')) void this.make();
  }

  protected override render(): unknown {
    if (this.failed) return html`<span>${msg('The first picture cannot be shown.')}</span>`;
    if (this.pictures.length === 0) return nothing;
    return html`<ul aria-label=${msg('What training sees')}>
      ${this.pictures.map(
        (_, at) =>
          html`<li>
            <canvas
              width=${SIDE}
              height=${SIDE}
              role="img"
              aria-label=${at === 0 ? msg('The picture itself') : msg(str`Changed copy ${at}`)}
            ></canvas>
            <span>${at === 0 ? msg('Itself') : msg(str`Copy ${at}`)}</span>
          </li>`,
      )}
    </ul>`;
  }

  protected override updated(): void {
    for (const [at, canvas] of [...this.renderRoot.querySelectorAll('canvas')].entries()) {
      const values = this.pictures[at];
      const context = canvas.getContext('2d');
      if (!values || !context) continue;
      const image = context.createImageData(SIDE, SIDE);
      for (let i = 0; i < values.length; i++) {
        image.data.fill(Math.round(values[i] * 255), 4 * i, 4 * i + 3);
        image.data[4 * i + 3] = 255;
      }
      context.putImageData(image, 0, 0);
    }
  }

  private async make(): Promise<void> {
    const turn = ++this.turn;
    try {
      const [{ drawGeometry, matrixOf }, { Random }, { warp }] = await Promise.all([
        import('../../adaptation/index.ts'),
        import('../../dataset/index.ts'),
        import('../../preprocess/index.ts'),
      ]);
      const values = await this.read();
      const random = new Random(this.seed);
      const copies = Array.from({ length: SHOWN }, () => {
        const copy = new Float32Array(SIDE * SIDE);
        warp(values, SIDE, matrixOf(drawGeometry(this.geometry, random)), copy);
        return copy;
      });
      if (turn === this.turn) this.pictures = [values, ...copies];
    } catch {
      if (turn === this.turn) this.failed = true;
    }
  }

  private async read(): Promise<Float32Array> {
    const [first] = this.folder.items;
    if (this.source?.of === this.folder) return this.source.values;
    const { readModelInput } = await import('./read-model-input.ts');
    const values = await readModelInput(await first.open());
    this.source = { of: this.folder, values };
    return values;
  }
}
