import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { RecordsSettings, RecordsStatus } from '../../records/types.ts';
import { formatBytes, formatDate, formatNumber } from '../../words/format.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { settingsFields } from './settings-fields.ts';
import '../../elements/data-table.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-kept-section': FrKeptSection;
  }
}

/** What is kept here, how much, since when; and what the site decided about it. */
@customElement('fr-kept-section')
export class FrKeptSection extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      fr-data-table,
      .after {
        margin-block-start: var(--space-4);
      }
    `,
  ];

  @state() private status: RecordsStatus | null = null;
  @state() private checked: string = '';

  protected override follow(): (() => void)[] {
    void this.look();
    return [this.desk.records.changes.listen(() => void this.look())];
  }

  protected override render(): unknown {
    const { settings } = this.desk.records;
    return html`<div class="card">
        <h2>${msg('What is stored')}</h2>
        ${this.status ? this.renderStatus(this.status) : nothing} ${faultNotice(this.fault)}
        <div class="row after">
          <button class="button" type="button" ?disabled=${this.busy} @click=${this.check}>
            ${this.busy ? msg('Checking…') : msg('Check that everything opens')}
          </button>
          <span class="hint" role="status">${this.checked}</span>
        </div>
      </div>
      <div class="card">
        <h2>${msg('Settings')}</h2>
        <div class="fields">
          ${settings ? settingsFields(settings, (part) => void this.change(part)) : nothing}
        </div>
      </div>`;
  }

  private renderStatus({ studies, oldest, newest, bytes, auditEntries }: RecordsStatus): unknown {
    const place = msg('This browser’s database, encrypted');
    const since = oldest === null ? '–' : formatDate(oldest);
    const row = (what: string, many: number | null, size: number | null): (string | number)[] => [
      what,
      many === null ? '–' : formatNumber(many),
      size === null ? '–' : formatBytes(size),
      since,
      place,
    ];
    return html`<p>
        ${
          studies === 0
            ? msg('No study is kept yet.')
            : studies === 1
              ? msg(str`1 study, kept on ${formatDate(newest ?? 0)}.`)
              : msg(
                  str`${formatNumber(studies)} studies, from ${since} to ${formatDate(newest ?? 0)}.`,
                )
        }
      </p>
      <fr-data-table
        stacks
        caption=${msg('What is stored where, how much, since when')}
        .columns=${[msg('What'), msg('Number'), msg('Size'), msg('Since'), msg('Where')]}
        .rows=${[
          row(msg('Labels and results'), studies, bytes.records),
          row(msg('Reading copies'), null, bytes.copies),
          row(msg('Original files'), null, bytes.originals),
          row(msg('Audit log'), auditEntries, null),
        ]}
      ></fr-data-table>`;
  }

  private async look(): Promise<void> {
    if (!this.desk.records.unlocked) return;
    try {
      this.status = await this.desk.records.call('status');
    } catch {
      // Locked in between: the page says so by itself.
      this.status = null;
    }
  }

  private async change(part: Partial<RecordsSettings>): Promise<void> {
    const { settings } = this.desk.records;
    if (!settings) return;
    await this.attempt(async () => {
      await this.desk.records.call('changeSettings', { ...settings, ...part });
      await this.desk.records.refresh();
    });
    await this.look();
  }

  private readonly check = async (): Promise<void> => {
    this.checked = '';
    await this.attempt(async () => {
      const broken = await this.desk.records.call('check');
      this.checked =
        broken.length === 0
          ? msg('Everything opens.')
          : msg(
              str`These do not open: ${broken.map(({ label }) => label).join(', ')}. Restore them from a backup.`,
            );
    });
  };
}
