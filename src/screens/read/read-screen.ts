import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatNumber } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { mapRows } from '../../elements/rows.ts';
import type { Case } from '../../session/types.ts';
import { routeHash } from '../../state/routes.ts';
import { fresh } from '../../elements/rewritten.ts';
import { Screen } from '../../elements/screen.ts';
import { canPickFolder, pickFolder } from '../../platform/pick-folder.ts';
import { intakeWords, renderRunBar, runNews } from './run-bar.ts';
import { readStyles } from './read-styles.ts';
import { ReadPatients } from './read-patients.ts';
import { renderSort } from './sort-control.ts';
import { shortName } from '../../words/file-words.ts';
import { thumbItem } from './thumb-items.ts';
import '../../elements/dialog.ts';
import '../../elements/progress.ts';
import '../../elements/notice.ts';
import './picture-view.ts';
import type { FrDialog } from '../../elements/dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-read-screen': FrReadScreen;
  }
}

/** With more pictures than this the list becomes a table. */
const FEW = 24;

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
  private readonly patients = new ReadPatients(this, {
    onPictures: () => this.choose(),
    onNext: () => {
      if (this.caseId) this.go(null);
    },
  });

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
        tabindex="-1"
        aria-hidden="true"
        @change=${this.onChosen}
      />
      ${shown ? nothing : this.patients.renderBar()}
      ${
        session.size === 0
          ? this.renderEmpty()
          : shown
            ? this.renderPicture(shown)
            : this.renderList()
      }
      <p class="visually-hidden" role="status">${fresh(this.news)}</p>
      ${this.renderDialog()}
    `;
  }

  private renderEmpty(): unknown {
    return html`<div class="empty">
      <div class="empty-body">
        ${icon('open', 56)}
        <h1 tabindex="-1">${msg('Open chest X-rays')}</h1>
        <div class="ways">
          <button class="button primary large" type="button" @click=${this.choose}>
            ${msg('Choose pictures')}
          </button>
          ${this.renderFolderButton('large')}
          <a class="button large" href=${routeHash('film')}
            >${icon('camera', 20)} ${msg('Photograph film')}</a
          >
        </div>
        ${this.patients.renderNext()} ${this.renderLooking()}
        <p class="quiet">
          ${msg(
            'Or drop pictures, folders or ZIP archives anywhere in this window, paste one, or share one to this app.',
          )}
        </p>
        <p class="quiet">
          <small
            >${msg('Frontal chest radiographs as DICOM, PNG, JPEG, TIFF, WebP, AVIF, BMP, GIF, or scanned in a PDF.')}</small
          >
        </p>
      </div>
    </div>`;
  }

  /** A folder without pictures, or in which none was found yet. */
  private renderLooking(): unknown {
    const { session } = this.services;
    if (session.intake.looking) return renderRunBar(session);
    const words = intakeWords(session.intake);
    return words ? html`<fr-notice tone="caution" announce="status">${words}</fr-notice>` : nothing;
  }

  private renderFolderButton(size: 'large' | 'small'): unknown {
    if (!canPickFolder()) return nothing;
    const small = size === 'small';
    return html`<button
      class="button ${size}"
      type="button"
      aria-label=${msg('Choose a folder')}
      @click=${this.chooseFolder}
    >
      ${icon('folder', 20)}
      ${small ? html`<span class="roomy">${msg('Folder')}</span>` : msg('Choose a folder')}
    </button>`;
  }

  private renderList(): unknown {
    const { session } = this.services;
    const many = session.size > FEW;
    // Comes with the first long list; until then its element is an empty box with its data.
    if (many) void import('./work-view.ts');
    return html`<div class="list-view ${many ? 'many' : ''}">
      <div class="bar">
        <h1 tabindex="-1">${fresh(countWords(session.size))}</h1>
        ${renderSort(session)}
        <div class="actions">${this.renderListActions()}</div>
      </div>
      <div class="list-holder">
        ${
          many
            ? html`<fr-work-view
                .session=${session}
                .cases=${session.cases}
                .labelOf=${this.patients.labelOf}
                .isBlind=${this.patients.isBlind}
                @item-opened=${(event: CustomEvent<string>) => this.go(event.detail)}
                @cases-removed=${(event: CustomEvent<readonly string[]>) =>
                  session.remove(...event.detail)}
              ></fr-work-view>`
            : this.renderThumbs(false)
        }
      </div>
      ${renderRunBar(session)}
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
      ${this.patients.renderNext()}
      <a
        class="button"
        href=${routeHash('film')}
        aria-label=${msg('Photograph film')}
        title=${msg('Photograph film')}
        >${icon('camera', 20)} <span class="roomy">${msg('Photograph film')}</span></a
      >
      ${this.renderFolderButton('small')}
      <button class="button primary" type="button" @click=${this.choose}>
        ${icon('plus', 20)} ${msg('Open more')}
      </button>`;
  }

  private renderThumbs(compact: boolean): unknown {
    const { session } = this.services;
    void this.loadThumbs();
    return html`<fr-thumb-list
      label=${msg('Opened pictures')}
      ?compact=${compact}
      .items=${mapRows(session.cases, (entry) => thumbItem(entry, this.patients.labelOf(entry), this.patients.isBlind(entry)))}
      .selectedId=${this.caseId}
      @item-opened=${(event: CustomEvent<string>) => this.go(event.detail)}
      @item-removed=${(event: CustomEvent<string>) => this.drop(event.detail)}
      @item-retried=${(event: CustomEvent<string>) => session.retry(event.detail)}
    ></fr-thumb-list>`;
  }

  /** Nobody who opens one picture, which is shown at once, waits for the list. */
  private async loadThumbs(): Promise<void> {
    if (this.services.session.size === 1) await new Promise((resolve) => setTimeout(resolve, 100));
    if (this.caseId === null || this.services.session.size > 1) {
      await import('../../elements/thumb-list.ts');
    }
  }

  private renderPicture(shown: Case): unknown {
    const { session } = this.services;
    const place = session.cases.indexOf(shown);
    const several = session.size > 1;
    return html`<div class="picture-layout ${several ? 'several' : ''}">
      ${
        several
          ? html`<aside aria-label=${msg('Opened pictures')}>
              ${this.renderThumbs(true)}${renderRunBar(session)}
            </aside>`
          : nothing
      }
      <div class="picture-column">
        <div class="bar picture-bar">
          <a class="button bare back" href=${routeHash('read')} aria-label=${msg('All pictures')}
            >${icon('back', 20)} <span>${msg('All pictures')}</span></a
          >
          ${this.patients.renderLabel(shown)}
          ${keyed(
            shown.id,
            html`<h1 tabindex="-1" class="file-name" dir="auto" translate="no">
              ${shortName(shown.name)}
            </h1>`,
          )}
          ${
            several
              ? html`<div class="steps">
                  ${this.renderStep(-1, msg('Previous picture'))}
                  <span class="place">${fresh(msg(str`${place + 1} of ${session.size}`))}</span>
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
          .desk=${this.patients.desk}
          @viewer-step=${(event: CustomEvent<1 | -1>) => this.step(event.detail)}
          @item-removed=${(event: CustomEvent<string>) => this.drop(event.detail)}
          @item-retried=${(event: CustomEvent<string>) => session.retry(event.detail)}
          @item-read-anyway=${(event: CustomEvent<string>) => session.readAnyway(event.detail)}
          @item-frame=${(event: HTMLElementEventMap['item-frame']) =>
            session.chooseFrame(event.detail.id, event.detail.frame)}
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

  private readonly chooseFolder = async (): Promise<void> => {
    // While the person looks for the folder, what reads many can get ready.
    this.services.session.expectMany();
    const given = await pickFolder();
    if (given) this.emit('files-given', given);
  };

  private readonly onChosen = (): void => {
    const files = [...(this.input.files ?? [])].map((file) => ({ name: file.name, source: file }));
    // The same file may be chosen again.
    this.input.value = '';
    if (files.length > 0) this.emit('files-given', { files });
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
    const running = session.progress.running || session.intake.looking;
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
    // What goes wrong here comes again, in words, with the first picture.
    setTimeout(() => void this.services.active.warmUp(), 300);
  }
}

/** Keys typed into a control, a window or the list belong to those. */
function inControl(event: KeyboardEvent): boolean {
  return event
    .composedPath()
    .some(
      (node) =>
        node instanceof HTMLElement &&
        node.matches('input, select, textarea, dialog, fr-thumb-list, fr-work-list'),
    );
}

function countWords(count: number): string {
  return count === 1 ? msg('1 picture') : msg(str`${formatNumber(count)} pictures`);
}
