import { msg, str } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import { panelStyles } from './insights-styles.ts';
import { labelWords, type InsightsView, type LiveView } from './view.ts';
import '../../elements/data-table.ts';
import '../../elements/notice.ts';
import '../../elements/slider.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-split-panel': FrSplitPanel;
  }
}

/** Training, validation and test that share no near-duplicate, as a file for other tools. */
@customElement('fr-split-panel')
export class FrSplitPanel extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    panelStyles,
    css`
      .wishes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
        gap: var(--space-4);
        max-inline-size: 52rem;
      }

      label {
        display: grid;
        gap: var(--space-2);
        font-size: var(--text-note);
      }

      input[type='number'] {
        min-block-size: var(--touch);
        padding-inline: var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--panel);
        color: var(--ink);
        font: inherit;
      }
    `,
  ];

  @property({ attribute: false }) view!: InsightsView;
  @property({ attribute: false }) live!: LiveView;
  @state() private validation = 15;
  @state() private test = 15;
  @state() private seed = 1;

  protected override render(): unknown {
    const { folder, run } = this.live;
    const audited = run.audit.phase === 'done';
    const names = [msg('Training'), msg('Validation'), msg('Test')];
    const parts = this.parts();
    const rows = folder.labels.map((label) => {
      const counts = [0, 0, 0];
      folder.items.forEach((item, at) => {
        const part = parts[at] ?? 0;
        if (item.label === label) counts[part] = (counts[part] ?? 0) + 1;
      });
      return [labelWords([label])[0] ?? label, ...counts];
    });
    return html`<p class="prose">
        ${msg(
          'Each class in its share, each group of near-duplicates on one side, the same again with the same seed.',
        )}
      </p>
      ${
        audited
          ? null
          : html`<fr-notice tone="caution">
              ${msg(
                'Near-duplicates are not known yet: scan the folder first, or twins may stand on both sides.',
              )}
            </fr-notice>`
      }
      <div class="wishes">
        <fr-slider
          label=${msg('Validation')}
          min="0"
          max="40"
          .value=${this.validation}
          value-text=${`${this.validation} %`}
          @slider-set=${(event: CustomEvent<number>) => (this.validation = event.detail)}
        ></fr-slider>
        <fr-slider
          label=${msg('Test')}
          min="0"
          max="40"
          .value=${this.test}
          value-text=${`${this.test} %`}
          @slider-set=${(event: CustomEvent<number>) => (this.test = event.detail)}
        ></fr-slider>
        <label>
          ${msg('Seed')}
          <input
            type="number"
            min="0"
            max="4294967295"
            step="1"
            .value=${String(this.seed)}
            @change=${this.onSeed}
          />
        </label>
      </div>
      <fr-data-table
        caption=${msg(str`The split of ${formatNumber(folder.items.length)} pictures`)}
        .columns=${[msg('Class'), ...names]}
        .rows=${rows}
      ></fr-data-table>
      <div>
        <button class="button primary" type="button" @click=${this.save}>
          ${icon('download')} ${msg('Save the split as CSV')}
        </button>
      </div>`;
  }

  /** 0 training, 1 validation, 2 test, by item. */
  private parts(): number[] {
    const { folder, run } = this.live;
    const groups = run.groups();
    return this.view.dataset.splitByGroup(
      folder.items.map(({ label }, at) => ({ label, group: groups[at] ?? null })),
      [
        { name: 'train', share: 100 - this.validation - this.test },
        { name: 'validation', share: this.validation },
        { name: 'test', share: this.test },
      ],
      this.seed,
    );
  }

  private readonly onSeed = (event: Event): void => {
    const { valueAsNumber } = event.target as HTMLInputElement;
    if (Number.isFinite(valueAsNumber)) this.seed = Math.max(0, Math.floor(valueAsNumber));
  };

  private readonly save = (): void => {
    const { folder, run } = this.live;
    const names = ['train', 'validation', 'test'];
    const groups = run.groups();
    const items = folder.items.map((item, at) => ({
      path: item.path,
      label: item.label,
      origin: item.origin,
      mask: item.mask,
      group: groups[at] ?? null,
      open: () => item.open(),
    }));
    const text = this.view.dataset.splitCsv(
      items,
      this.parts().map((part) => names[part] ?? ''),
    );
    const name = `split-${this.validation}-${this.test}-seed-${this.seed}.csv`;
    this.emit('file-made', new File([text], name, { type: 'text/csv' }));
  };
}
