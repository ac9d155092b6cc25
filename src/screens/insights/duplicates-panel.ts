import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Audit, LabelledItem } from '../../dataset/index.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import { className } from '../../words/words.ts';
import { panelStyles } from './insights-styles.ts';
import type { LiveView } from './view.ts';
import './item-picture.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-duplicates-panel': FrDuplicatesPanel;
  }
}

const GROUPS_SHOWN = 8;
/** Of a very large group the first are shown and the rest counted. */
const MEMBERS_SHOWN = 6;

/** Groups of near-duplicates side by side, those that cross classes first. */
@customElement('fr-duplicates-panel')
export class FrDuplicatesPanel extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    panelStyles,
    css`
      ol,
      ul {
        padding: 0;
        list-style: none;
      }

      .groups {
        display: grid;
        gap: var(--space-4);
      }

      .group {
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
        break-inside: avoid;
      }

      .group.crossing {
        border-color: var(--caution);
      }

      h3 {
        margin-block-end: var(--space-3);
        font-size: var(--text-note);
        font-weight: 620;
      }

      .crossing h3 {
        color: var(--caution);
      }

      .members {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
        gap: var(--space-3);
      }

      .members span {
        display: block;
        font-size: var(--text-small);
        overflow-wrap: anywhere;
      }

      .pages {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: center;
      }
    `,
  ];

  @property({ attribute: false }) live!: LiveView;
  @state() private page = 0;

  protected override render(): unknown {
    const { audit } = this.live.run;
    switch (audit.phase) {
      case 'waiting':
        return html`<p class="prose quiet">
          ${msg('Near-duplicates are looked for when every picture has been looked at once.')}
          ${
            this.live.scanned
              ? html`<button
                  class="button"
                  type="button"
                  @click=${() => void this.live.run.runAudit()}
                >
                  ${msg('Look among those known so far')}
                </button>`
              : nothing
          }
        </p>`;
      case 'running':
        return html`<p class="quiet" role="status">${msg('Comparing pictures…')}</p>`;
      case 'failed':
        return html`<fr-notice tone="trouble" announce="alert" heading=${audit.fault.message}>
          ${audit.fault.remedy}
        </fr-notice>`;
      case 'done':
        return this.renderGroups(audit.audit);
    }
  }

  private renderGroups(audit: Audit): unknown {
    const groups = sorted(audit.groups.map((members) => this.itemsOf(members)));
    const pictures = groups.reduce((sum, { length }) => sum + length, 0);
    const crossing = groups.filter(crosses).length;
    if (groups.length === 0) {
      return html`<p class="prose" role="status">
        ${msg('No near-duplicates were found. Every picture is like no other.')}
      </p>`;
    }
    const pages = Math.ceil(groups.length / GROUPS_SHOWN);
    const page = Math.min(this.page, pages - 1);
    const shown = groups.slice(page * GROUPS_SHOWN, (page + 1) * GROUPS_SHOWN);
    return html`<p class="prose" role="status">
        ${msg(
          str`${formatNumber(pictures)} pictures are near-duplicates of another. Groups: ${formatNumber(groups.length)}; crossing classes: ${formatNumber(crossing)}. Splits made here, and by evaluation and adaptation, keep each group on one side.`,
        )}
      </p>
      <ol class="groups">
        ${shown.map((members) => this.renderGroup(members))}
      </ol>
      ${
        pages > 1
          ? html`<nav class="pages" aria-label=${msg('Groups of near-duplicates')}>
              ${this.renderTurn(msg('Previous groups'), page - 1, page === 0)}
              <span>${msg(str`${page + 1} of ${formatNumber(pages)}`)}</span>
              ${this.renderTurn(msg('Next groups'), page + 1, page === pages - 1)}
            </nav>`
          : nothing
      }
      <div>
        <button class="button" type="button" @click=${() => this.save(groups)}>
          ${icon('download')} ${msg('Save the groups as CSV')}
        </button>
      </div>`;
  }

  private renderGroup(members: readonly LabelledItem[]): unknown {
    const across = crosses(members);
    const labels = [...new Set(members.map(({ label }) => className(label)))].join(', ');
    const more = members.length - MEMBERS_SHOWN;
    return html`<li class="group ${across ? 'crossing' : ''}">
      <h3>
        ${
          across
            ? msg(str`The same picture in several classes: ${labels}`)
            : msg(str`${labels}: ${members.length} alike`)
        }
      </h3>
      <ul class="members">
        ${members.slice(0, MEMBERS_SHOWN).map(
          (item) =>
            html`<li>
              <fr-item-picture
                .item=${item}
                .show=${this.live.run.show}
                label=${`${className(item.label)}, ${nameOf(item)}`}
              ></fr-item-picture>
              <span><strong>${className(item.label)}</strong> ${nameOf(item)}</span>
            </li>`,
        )}
      </ul>
      ${more > 0 ? html`<p class="quiet">${msg(str`and ${formatNumber(more)} more`)}</p>` : nothing}
    </li>`;
  }

  private renderTurn(words: string, to: number, disabled: boolean): unknown {
    return html`<button
      class="button"
      type="button"
      ?disabled=${disabled}
      @click=${() => (this.page = to)}
    >
      ${words}
    </button>`;
  }

  private itemsOf(members: readonly number[]): LabelledItem[] {
    return members.flatMap((at) => this.live.folder.items[at] ?? []);
  }

  private save(groups: readonly (readonly LabelledItem[])[]): void {
    const rows = groups.flatMap((members, at) =>
      members.map(({ path, label, origin }) => [at + 1, path, label, origin ?? '']),
    );
    void import('../../evaluation/index.ts').then(({ csvOf }) => {
      const text = csvOf(['group', 'path', 'label', 'origin'], rows);
      this.emit('file-made', new File([text], 'near-duplicates.csv', { type: 'text/csv' }));
    });
  }
}

function sorted(groups: LabelledItem[][]): LabelledItem[][] {
  return groups.sort((a, b) => Number(crosses(b)) - Number(crosses(a)) || b.length - a.length);
}

function crosses(members: readonly LabelledItem[]): boolean {
  return new Set(members.map(({ label }) => label)).size > 1;
}

function nameOf({ path }: LabelledItem): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
