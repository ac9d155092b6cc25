import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { AdaptedManifest } from '../../adaptation/index.ts';
import type { FrDialog } from '../../elements/dialog.ts';
import { formatTime } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { saveFile } from '../../platform/save-file.ts';
import { Screen } from '../../elements/screen.ts';
import { className } from '../../words/words.ts';
import { adaptationStyles } from './adaptation-styles.ts';
import { renderInUse } from './in-use.ts';
import { saveLog } from './save-log.ts';
import '../../elements/dialog.ts';
import './adapted-result.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-adapted-list': FrAdaptedList;
  }
}

/** The adapted models on this device: which one is in use, out as a file and in again, away. */
@customElement('fr-adapted-list')
export class FrAdaptedList extends Screen {
  static override styles = [...Screen.styles, adaptationStyles];

  @state() private news = '';
  /** About to be removed. */
  @state() private doomed: AdaptedManifest | null = null;
  /** About to get another name. */
  private named: AdaptedManifest | null = null;
  @query('#removal') private readonly removal!: FrDialog;
  @query('#naming') private readonly naming!: FrDialog;
  @query('#naming input') private readonly name!: HTMLInputElement;
  @query('input[type=file]') private readonly input!: HTMLInputElement;

  protected override listen(): (() => void)[] {
    return [this.services.adapted.subscribe(() => this.requestUpdate())];
  }

  protected override render(): unknown {
    const { adapted } = this.services;
    return html`<section aria-labelledby="models">
      <h2 id="models">${msg('Adapted models on this device')}</h2>
      <p class="visually-hidden" role="status">${this.news}</p>
      ${
        adapted.models.length === 0
          ? html`<p class="note">
              ${msg('None yet. The delivered model is in use. An adapted one can also be imported from another device.')}
            </p>`
          : adapted.models.map((model) => this.renderModel(model))
      }
      <div class="row">
        <button class="button" type="button" @click=${() => this.input.click()}>
          ${icon('open', 20)} ${msg('Import')}
        </button>
        ${
          adapted.activeId === null
            ? nothing
            : html`<button class="button" type="button" @click=${() => void this.use(null)}>
                ${msg('Use the delivered model')}
              </button>`
        }
      </div>
      <input
        type="file"
        hidden
        accept=".zip,application/zip"
        aria-label=${msg('Exported model')}
        @change=${this.takeImport}
      />
      <fr-dialog id="removal" heading=${msg('Remove this model?')}>
        <p>
          ${msg(str`“${this.doomed?.name ?? ''}” leaves this device. It cannot be brought back without an exported file.`)}
        </p>
        <div slot="actions">
          <button class="button" type="button" @click=${() => this.removal.close()}>
            ${msg('Keep it')}
          </button>
          <button class="button primary" type="button" @click=${() => void this.removeDoomed()}>
            ${msg('Remove')}
          </button>
        </div>
      </fr-dialog>
      <fr-dialog id="naming" heading=${msg('Name of this model')}>
        <div class="field">
          <input
            aria-label=${msg('Name')}
            maxlength="80"
            @keydown=${(event: KeyboardEvent) => {
              if (event.key === 'Enter') void this.rename();
            }}
          />
        </div>
        <div slot="actions">
          <button class="button primary" type="button" @click=${() => void this.rename()}>
            ${msg('Save')}
          </button>
        </div>
      </fr-dialog>
    </section>`;
  }

  private renderModel(model: AdaptedManifest): unknown {
    const used = this.services.adapted.activeId === model.id;
    return html`<article class="panel">
      <h3>${model.name}</h3>
      ${used ? renderInUse() : nothing}
      <p class="note">${formatTime(model.created)} · ${model.labels.map(className).join(', ')}</p>
      <details>
        <summary>${msg('Figures')}</summary>
        <fr-adapted-result .model=${model}></fr-adapted-result>
      </details>
      <div class="row">
        ${
          used
            ? nothing
            : html`<button class="button" type="button" @click=${() => void this.use(model.id)}>
                ${msg('Use it')}
              </button>`
        }
        <button class="button" type="button" @click=${() => void this.export(model.id)}>
          ${icon('download', 20)} ${msg('Export')}
        </button>
        <button class="button" type="button" @click=${() => void saveLog(model.name, model.log)}>
          ${msg('Log as CSV')}
        </button>
        <button
          class="button"
          type="button"
          aria-label=${msg(str`Rename “${model.name}”`)}
          @click=${() => this.askName(model)}
        >
          ${msg('Rename')}
        </button>
        <button
          class="button bare"
          type="button"
          aria-label=${msg(str`Remove “${model.name}”`)}
          @click=${() => this.ask(model)}
        >
          ${icon('trash', 20)} ${msg('Remove')}
        </button>
      </div>
    </article>`;
  }

  private async use(id: string | null): Promise<void> {
    await this.services.adapted.use(id);
    this.news =
      id === null ? msg('The delivered model is in use.') : msg('The adapted model is in use.');
  }

  private ask(model: AdaptedManifest): void {
    this.doomed = model;
    this.removal.show();
  }

  private askName(model: AdaptedManifest): void {
    this.named = model;
    this.name.value = model.name;
    this.naming.show();
    this.name.select();
  }

  private async rename(): Promise<void> {
    const name = this.name.value.trim();
    this.naming.close();
    if (!this.named || !name || name === this.named.name) return;
    const { adapted } = this.services;
    await adapted.rename(this.named.id, name);
    this.news = adapted.fault ? '' : msg('Renamed.');
  }

  private async removeDoomed(): Promise<void> {
    const { adapted } = this.services;
    const id = this.doomed?.id;
    this.removal.close();
    if (!id) return;
    if (adapted.run?.record.id === id) adapted.leave();
    await adapted.remove(id);
    this.news = msg('Removed.');
  }

  private async export(id: string): Promise<void> {
    const file = await this.services.adapted.pack(id);
    if (file) await saveFile(file);
  }

  private readonly takeImport = async (): Promise<void> => {
    const [file] = this.input.files ?? [];
    this.input.value = '';
    if (file && (await this.services.adapted.import(file))) this.news = msg('Imported.');
  };
}
