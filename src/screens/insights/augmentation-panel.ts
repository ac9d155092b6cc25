import { msg, str } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import { baseStyles } from '../../elements/styles.ts';
import { className } from '../../words/words.ts';
import { collections, labelWords, type InsightsView } from './view.ts';
import '../../elements/chart/bar-chart.ts';
import '../../elements/slider.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-augmentation-panel': FrAugmentationPanel;
  }
}

/** What augmenting the smallest class does to the balance, with the factor on a slider. */
@customElement('fr-augmentation-panel')
export class FrAugmentationPanel extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
      }

      fr-slider {
        max-inline-size: 28rem;
      }
    `,
  ];

  @property({ attribute: false }) view!: InsightsView;
  /** Null: the factor that brings the class to the largest one's size. */
  @state() private chosen: number | null = null;

  protected override render(): unknown {
    const set = collections(this.view).at(-1);
    const { dataset } = this.view;
    const extremes = set && dataset.extremesOf(set.counts);
    if (!extremes) return null;
    const { label, augmentation, share } = extremes.smallest;
    const factor = this.chosen ?? Math.round(10 * augmentation) / 10;
    const after = dataset.augmented(set.counts, label, factor);
    const labels = [...set.counts.keys()];
    const shareAfter = (after.get(label) ?? 0) / dataset.totalOf(after);
    return html`<fr-slider
        label=${msg(str`Pictures made from each of ${className(label)}, itself included`)}
        min="1"
        max=${Math.max(10, Math.ceil(2 * augmentation))}
        step="0.1"
        .value=${factor}
        value-text=${`× ${formatNumber(factor, 1)}`}
        @slider-moved=${(event: CustomEvent<number>) => (this.chosen = event.detail)}
      ></fr-slider>
      <p role="status" class="quiet">
        ${msg(
          str`${className(label)} goes from ${formatShare(share)} to ${formatShare(shareAfter)} of the pictures. Augmented copies are variations of the same patients: they balance the loss, they add no new disease.`,
        )}
      </p>
      <fr-bar-chart
        caption=${msg('Before and after augmentation')}
        category-label=${msg('Class')}
        .categories=${labelWords(labels)}
        .series=${[
          {
            name: msg('Before'),
            quiet: true,
            values: labels.map((each) => set.counts.get(each) ?? 0),
          },
          { name: msg('After'), values: labels.map((each) => after.get(each) ?? 0) },
        ]}
      ></fr-bar-chart>`;
  }
}
