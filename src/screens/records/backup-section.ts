import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { icon } from '../../elements/icons.ts';
import type { BackupReport, RestoreSecret } from '../../records/types.ts';
import { formatBytes, formatNumber } from '../../words/format.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-backup-section': FrBackupSection;
  }
}

const LOOK_EVERY_MS = 300;

/** Makes one encrypted file of all kept studies, and brings the studies of such a file back. */
@customElement('fr-backup-section')
export class FrBackupSection extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      .card > * + * {
        margin-block-start: var(--space-4);
      }

      h3 {
        margin-block-end: 0;
      }
    `,
  ];

  @state() private doing: 'back-up' | 'restore' | null = null;
  @state() private done: { readonly done: number; readonly total: number } | null = null;
  @state() private report: BackupReport | null = null;
  @state() private made: File | null = null;
  @state() private chosen: File | null = null;
  @state() private byKey = false;
  @query('#file') private readonly file!: HTMLInputElement;
  @query('#opening') private readonly opening!: HTMLInputElement;

  protected override render(): unknown {
    return html`<div class="card">
      <h2>${msg('Backup')}</h2>
      <p class="note">
        ${msg('One encrypted file with everything kept. It opens with a reader’s passphrase or the recovery key, on this device or another. Keep it on a stick or another computer.')}
      </p>
      ${faultNotice(this.fault)} ${this.renderReport()}
      ${this.doing ? this.renderProgress() : this.renderWays()}
    </div>`;
  }

  private renderProgress(): unknown {
    const { done = 0, total = 0 } = this.done ?? {};
    const words =
      total > 0
        ? msg(str`${formatNumber(done)} of ${formatNumber(total)} studies`)
        : msg(str`${formatNumber(done)} studies`);
    return html`<fr-progress
        label=${this.doing === 'back-up' ? msg('Making the backup') : msg('Restoring')}
        value-text=${words}
        .share=${total > 0 ? done / total : null}
      ></fr-progress>
      <div class="row">
        <span role="status">${words}</span>
        <button
          class="button"
          type="button"
          @click=${() => void this.desk.records.call('stopWork')}
        >
          ${msg('Stop')}
        </button>
      </div>`;
  }

  private renderWays(): unknown {
    return html`<div class="row">
        <button class="button" type="button" @click=${() => void this.backUp()}>
          ${msg('Make a backup')}
        </button>
        ${
          this.made
            ? html`<button class="button primary" type="button" @click=${this.save}>
                ${icon('download', 20)} ${msg(str`Save the file (${formatBytes(this.made.size)})`)}
              </button>`
            : nothing
        }
      </div>
      <h3>${msg('Restore')}</h3>
      <form
        novalidate
        @submit=${(event: Event) => {
          event.preventDefault();
          void this.restore();
        }}
      >
        <label class="field"
          ><span>${msg('Backup file')}</span>
          <input
            id="file"
            type="file"
            @change=${() => (this.chosen = this.file.files?.[0] ?? null)}
          />
        </label>
        ${
          this.chosen
            ? html`<label class="field"
                  ><span
                    >${
                      this.byKey
                        ? msg('Recovery key of that device')
                        : msg('Passphrase of a reader of that device')
                    }</span
                  >
                  <input
                    id="opening"
                    type=${this.byKey ? 'text' : 'password'}
                    autocomplete="off"
                    spellcheck="false"
                  />
                </label>
                <div class="row">
                  <button class="button primary" type="submit">${msg('Restore')}</button>
                  <button
                    class="button bare"
                    type="button"
                    @click=${() => (this.byKey = !this.byKey)}
                  >
                    ${this.byKey ? msg('Use a passphrase') : msg('Use the recovery key')}
                  </button>
                </div>`
            : nothing
        }
      </form>`;
  }

  private renderReport(): unknown {
    const { report } = this;
    if (!report) return nothing;
    const { named, whole, missing } = report;
    return html`<fr-notice tone=${missing.length > 0 ? 'caution' : 'good'} announce="status">
      ${msg(str`${formatNumber(whole)} of ${formatNumber(named)} studies are whole.`)}
      ${missing.length > 0 ? msg(str`Missing or damaged: ${missing.join(', ')}.`) : nothing}
    </fr-notice>`;
  }

  private async backUp(): Promise<void> {
    this.made = null;
    await this.watched('back-up', async () => {
      this.report = await this.desk.records.call('backUp');
      this.made = await this.desk.records.call('backupFile');
    });
  }

  private async restore(): Promise<void> {
    const { chosen } = this;
    const typed = this.opening.value;
    if (!chosen || typed === '') return;
    const secret: RestoreSecret = this.byKey
      ? { kind: 'recovery', key: typed }
      : { kind: 'passphrase', passphrase: typed };
    const done = await this.watched('restore', async () => {
      this.report = await this.desk.records.call('restore', chosen, secret);
    });
    if (done) this.chosen = null;
  }

  private async watched(
    doing: 'back-up' | 'restore',
    task: () => Promise<unknown>,
  ): Promise<boolean> {
    this.doing = doing;
    this.report = null;
    const timer = setInterval(async () => {
      this.done = await this.desk.records.call('progress').catch(() => null);
    }, LOOK_EVERY_MS);
    try {
      return await this.attempt(task);
    } finally {
      clearInterval(timer);
      this.doing = null;
      this.done = null;
    }
  }

  private readonly save = (): void => {
    if (!this.made) return;
    const day = new Date().toISOString().slice(0, 10);
    const name = `fieldray-backup-${day}.fieldray`;
    this.emit('file-made', new File([this.made], name, { type: 'application/octet-stream' }));
  };
}
