import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { icon } from '../../elements/icons.ts';
import type { Case } from '../../study/types.ts';
import { routeHash } from '../app/routes.ts';
import { Screen } from '../screen.ts';
import { renderRunBar, runNews } from './run-bar.ts';
import { readStyles } from './read-styles.ts';
import { renderSort } from './sort-control.ts';
import { thumbItem } from './thumb-items.ts';
import '../../elements/dialog.ts';
import '../../elements/progress.ts';
import '../../elements/thumb-list.ts';
import './picture-view.ts';
import type { FrDialog } from '../../elements/dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-read-screen': FrReadScreen;
  }
}

/** Opens radiographs, lists them, and shows one with its result. */
@customElement('fr-read-screen')
export class FrReadScreen extends Screen {
  static override styles = [...Screen.styles, readStyles];

  /** The picture to show; null shows the list. */
  @property({ attribute: false }) caseId: string | null = null;

  @state() private news = '';
  @query('input[type=file]') private readonly input!: HTMLInputElement;
  @query('fr-dialog') private readonly dialog!: FrDialog;
  private wasRunning = false;

  protected override listen(): (() => void)[] {
    document.addEventListener('keydown', this.onKey);
    this.warmUp();
    return [
      this.services.session.subscribe(this.onSession),
      () => document.removeEventListener('keydown', this.onKey),
    ];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('caseId')) this.services.session.select(this.caseId);
  }

  protected override render(): unknown {
    const { session } = this.services;
    const shown = this.caseId ? session.selected : null;
    return html`
      <input
        class="visually-hidden"
        type="file"
        multiple
        accept="image/*,.dcm,.dicom,application/dicom,application/octet-stream"
        tabindex="-1"
        aria-hidden="true"
        @change=${this.onChosen}
      />
      ${
        session.cases.length === 0
          ? this.renderEmpty()
          : shown
            ? this.renderPicture(shown)
            : this.renderList()
      }
      <p class="visually-hidden" role="status">${this.news}</p>
      ${this.renderDialog()}
    `;
  }

  private renderEmpty(): unknown {
    return html`<div class="empty">
      <div class="empty-body">
        ${icon('open', 56)}
        <h1 tabindex="-1">${msg('Open chest X-rays')}</h1>
        <button class="button primary large" type="button" @click=${this.choose}>
          ${msg('Choose pictures')}
        </button>
        <a class="button" href=${routeHash('film')}
          >${icon('camera', 20)} ${msg('Photograph film')}</a
        >
        <p class="quiet">
          ${msg('Or drop them anywhere in this window, paste one, or share one to this app.')}
        </p>
        <p class="quiet">
          <small>${msg('Frontal chest radiographs as DICOM, PNG, JPEG, WebP, BMP or GIF.')}</small>
        </p>
      </div>
    </div>`;
  }

  private renderList(): unknown {
    const { session } = this.services;
    return html`<div class="list-view">
      <div class="bar">
        <h1 tabindex="-1">${countWords(session.cases.length)}</h1>
        ${renderSort(session)}
        <div class="actions">${this.renderListActions()}</div>
      </div>
      ${renderRunBar(session)}
      <div class="list-holder">${this.renderThumbs(false)}</div>
    </div>`;
  }

  private renderListActions(): unknown {
    return html`<button
        class="button"
        type="button"
        aria-label=${msg('Remove all')}
        @click=${() => this.dialog.show()}
      >
        ${icon('trash', 20)} <span class="roomy">${msg('Remove all')}</span>
      </button>
      <a
        class="button"
        href=${routeHash('film')}
        aria-label=${msg('Photograph film')}
        title=${msg('Photograph film')}
        >${icon('camera', 20)} <span class="roomy">${msg('Photograph film')}</span></a
      >
      <button class="button primary" type="button" @click=${this.choose}>
        ${icon('plus', 20)} ${msg('Open more')}
      </button>`;
  }

  private renderThumbs(compact: boolean): unknown {
    const { session } = this.services;
    return html`<fr-thumb-list
      label=${msg('Opened pictures')}
      ?compact=${compact}
      .items=${session.cases.map(thumbItem)}
      .selectedId=${this.caseId}
      @item-opened=${(event: CustomEvent<string>) => this.go(event.detail)}
      @item-removed=${(event: CustomEvent<string>) => this.drop(event.detail)}
      @item-retried=${(event: CustomEvent<string>) => session.retry(event.detail)}
    ></fr-thumb-list>`;
  }

  private renderPicture(shown: Case): unknown {
    const { session } = this.services;
    const place = session.cases.indexOf(shown);
    const several = session.cases.length > 1;
    return html`<div class="picture-layout ${several ? 'several' : ''}">
      ${
        several
          ? html`<aside aria-label=${msg('Opened pictures')}>
              ${renderRunBar(session)}${this.renderThumbs(true)}
            </aside>`
          : nothing
      }
      <div class="picture-column">
        <div class="bar picture-bar">
          <a class="button bare back" href=${routeHash('read')} aria-label=${msg('All pictures')}
            >${icon('back', 20)} <span>${msg('All pictures')}</span></a
          >
          <h1 tabindex="-1" class="file-name" dir="auto">${shown.name}</h1>
          ${
            several
              ? html`<div class="steps">
                  ${this.renderStep(-1, msg('Previous picture'))}
                  <span class="place">${msg(str`${place + 1} of ${session.cases.length}`)}</span>
                  ${this.renderStep(1, msg('Next picture'))}
                </div>`
              : html`<button class="button" type="button" @click=${this.choose}>
                  ${icon('plus', 20)} ${msg('Open more')}
                </button>`
          }
        </div>
        <fr-picture-view
          .services=${this.services}
          .entry=${shown}
          @viewer-step=${(event: CustomEvent<1 | -1>) => this.step(event.detail)}
          @item-removed=${(event: CustomEvent<string>) => this.drop(event.detail)}
          @item-retried=${(event: CustomEvent<string>) => session.retry(event.detail)}
          @item-read-anyway=${(event: CustomEvent<string>) => session.readAnyway(event.detail)}
          @picture-adjusted=${(event: HTMLElementEventMap['picture-adjusted']) =>
            session.adjust(event.detail.id, event.detail.adjust)}
        ></fr-picture-view>
      </div>
    </div>`;
  }

  private renderStep(step: 1 | -1, label: string): unknown {
    return html`<button
      class="button bare icon"
      type="button"
      aria-label=${label}
      title=${label}
      ?disabled=${this.services.session.neighbor(step) === null}
      @click=${() => this.step(step)}
    >
      ${icon(step === 1 ? 'forward' : 'back')}
    </button>`;
  }

  private renderDialog(): unknown {
    return html`<fr-dialog heading=${msg('Remove all pictures?')}>
      <p>
        ${msg(
          'The pictures and their results leave this list. The files themselves stay where they are.',
        )}
      </p>
      <div slot="actions">
        <button class="button" type="button" @click=${() => this.dialog.close()}>
          ${msg('Keep them')}
        </button>
        <button class="button primary" type="button" @click=${this.removeAll}>
          ${msg('Remove all')}
        </button>
      </div>
    </fr-dialog>`;
  }

  private readonly choose = (): void => this.input.click();

  private readonly onChosen = (): void => {
    const files = [...(this.input.files ?? [])].map((file) => ({ name: file.name, source: file }));
    // The same file may be chosen again.
    this.input.value = '';
    if (files.length > 0) this.emit('files-given', { files, folders: [] });
  };

  private readonly removeAll = (): void => {
    this.dialog.close();
    this.services.session.clear();
    this.go(null);
  };

  private drop(id: string): void {
    const { session } = this.services;
    const wasShown = id === this.caseId;
    session.remove(id);
    if (wasShown) this.go(session.selected?.id ?? null);
  }

  private step(step: 1 | -1): void {
    const next = this.services.session.neighbor(step);
    if (next) this.go(next.id);
  }

  private go(id: string | null): void {
    const hash = routeHash('read', id);
    // Leafing through pictures leaves one entry in the history, not fifty.
    if (this.caseId && id) location.replace(hash);
    else location.hash = hash;
  }

  private readonly onSession = (): void => {
    const { session } = this.services;
    if (this.caseId && !session.selected) this.go(null);
    const { running } = session.progress;
    if (this.wasRunning && !running) this.news = runNews(session);
    this.wasRunning = running;
    this.requestUpdate();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const wayOut = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (event.defaultPrevented || wayOut || !this.caseId || inControl(event)) return;
    const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const backward = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === 'Escape') this.go(null);
    else if (event.key === 'j' || event.key === forward || event.key === 'PageDown') this.step(1);
    else if (event.key === 'k' || event.key === backward || event.key === 'PageUp') this.step(-1);
    else return;
    event.preventDefault();
  };

  /** Starts the engine while the person looks for the file: the first answer comes sooner. */
  private warmUp(): void {
    const start = async (): Promise<void> => {
      const engine = await this.services.engine();
      await engine.start();
    };
    // What goes wrong here comes again, in words, with the first picture.
    setTimeout(() => void start().catch(() => undefined), 300);
  }
}

/** Keys typed into a control, a window or the list belong to those. */
function inControl(event: KeyboardEvent): boolean {
  return event
    .composedPath()
    .some(
      (node) =>
        node instanceof HTMLElement &&
        node.matches('input, select, textarea, dialog, fr-thumb-list'),
    );
}

function countWords(count: number): string {
  return count === 1 ? msg('1 picture') : msg(str`${count} pictures`);
}
