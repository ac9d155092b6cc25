import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { icon } from '../../elements/icons.ts';
import type { AuditCheck, AuditEntry } from '../../records/types.ts';
import { actionWords } from '../../words/audit-words.ts';
import { formatTime } from '../../words/format.ts';
import '../../elements/data-table.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-audit-section': FrAuditSection;
  }
}

const SHOWN = 50;

/** Who did what when: the last entries, a check of the whole chain, and all of it as CSV. */
@customElement('fr-audit-section')
export class FrAuditSection extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      .card > * + * {
        margin-block-start: var(--space-4);
      }
    `,
  ];

  @state() private entries: readonly AuditEntry[] | null = null;
  @state() private checked: AuditCheck | null = null;

  protected override render(): unknown {
    return html`<div class="card">
      <h2>${msg('Audit log')}</h2>
      <p class="note">
        ${msg('Who did what and when. Each entry is chained to the one before, so that a removed or changed entry is found.')}
      </p>
      ${faultNotice(this.fault)} ${this.renderCheck()}
      <div class="row">
        <button class="button" type="button" ?disabled=${this.busy} @click=${this.show}>
          ${msg('Show the last entries')}
        </button>
        <button class="button" type="button" ?disabled=${this.busy} @click=${this.check}>
          ${msg('Check the log')}
        </button>
        <button class="button" type="button" ?disabled=${this.busy} @click=${this.save}>
          ${icon('download', 20)} ${msg('Save as CSV')}
        </button>
      </div>
      ${
        this.entries
          ? html`<fr-data-table
              stacks
              captionless
              caption=${msg('Audit log')}
              .columns=${[msg('When'), msg('Who'), msg('What'), msg('Study')]}
              .rows=${this.entries.map(({ at, initials, action, study }) => [
                formatTime(at),
                initials || '–',
                actionWords(action),
                study.slice(0, 8) || '–',
              ])}
            ></fr-data-table>`
          : nothing
      }
    </div>`;
  }

  private renderCheck(): unknown {
    const { checked } = this;
    if (!checked) return nothing;
    return checked.whole
      ? html`<fr-notice tone="good" announce="status">${msg('The log is whole.')}</fr-notice>`
      : html`<fr-notice tone="trouble" announce="alert"
          >${msg('Entries of the log were removed or changed.')}</fr-notice
        >`;
  }

  private readonly show = (): Promise<boolean> =>
    this.attempt(async () => {
      this.entries = await this.desk.records.call('audit', SHOWN);
    });

  private readonly check = (): Promise<boolean> =>
    this.attempt(async () => {
      this.checked = await this.desk.records.call('checkAudit');
    });

  private readonly save = (): Promise<boolean> =>
    this.attempt(async () => {
      const csv = await this.desk.records.call('auditCsv');
      const day = new Date().toISOString().slice(0, 10);
      const name = msg(str`fieldray-audit-log-${day}.csv`);
      this.emit('file-made', new File([csv], name, { type: 'text/csv' }));
    });
}
