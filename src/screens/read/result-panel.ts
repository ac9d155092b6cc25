import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { customElement, property } from 'lit/decorators.js';
import type { Assurance, Remedy } from '../../assurance/types.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { icon } from '../../elements/icons.ts';
import { fresh, Rewritten } from '../../elements/rewritten.ts';
import type { IconName } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import type { Reading } from '../../inference/types.ts';
import type { Adjustment } from '../../radiograph/types.ts';
import { canReadAnyway } from '../../session/index.ts';
import type { Case } from '../../session/types.ts';
import { adaptedWords, caution, filmCaution, notADevice } from '../../words/words.ts';
import { routeHash } from '../../state/routes.ts';
import { adjustmentWords } from '../../words/adjustment-words.ts';
import { assuranceOf } from './assurance-of.ts';
import { remedyWords } from '../../words/assurance-words.ts';
import { panelStyles } from './panel-styles.ts';
import { settingsWords } from '../../words/settings-words.ts';
import { verdictOf } from '../../words/verdict.ts';
import type { Against, Verdict } from '../../words/verdict.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';
import './result-figures.ts';
import './read-anyway.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-result-panel': FrResultPanel;
  }
  interface HTMLElementEventMap {
    /** The picture is to be read again like this; null: as the file has it. */
    'picture-adjusted': CustomEvent<{ readonly id: string; readonly adjust: Adjustment | null }>;
  }
}

const REMEDY_ICONS: Record<Remedy['kind'], IconName> = {
  rotate: 'rotate',
  invert: 'invert',
  crop: 'crop',
};

/** What was found in one picture: one verdict in a few plain lines, and every figure on demand. */
@customElement('fr-result-panel')
export class FrResultPanel extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, panelStyles];

  @property({ attribute: false }) entry!: Case;
  /** This site's pictures are unlike those of every hospital the model knows. */
  @property({ attribute: 'site-differs', type: Boolean }) siteDiffers = false;

  private readonly rewritten = new Rewritten(this);

  protected override render(): unknown {
    return keyed(this.rewritten.generation, this.renderState());
  }

  private renderState(): unknown {
    const { state } = this.entry;
    switch (state.phase) {
      case 'queued':
        return html`<div class="panel" role="status">
          <p class="quiet">${msg('Waiting to be read.')}</p>
        </div>`;
      case 'reading':
        return html`<div class="panel" role="status">
          <p class="quiet">${msg('Reading the picture…')}</p>
          <fr-progress label=${msg('Reading the picture')}></fr-progress>
        </div>`;
      case 'failed':
        return this.renderFailure(state.fault.message, state.fault.remedy);
      case 'done': {
        const assurance = assuranceOf(this.entry);
        return assurance ? this.renderResult(state.reading, assurance) : nothing;
      }
    }
  }

  private renderFailure(message: string, remedy: string): unknown {
    return html`<div class="panel">
      <fr-notice tone="trouble" announce="alert" heading=${message}>
        ${fresh(remedy)}
        <div slot="actions">
          ${
            canReadAnyway(this.entry)
              ? html`<fr-read-anyway .caseId=${this.entry.id}></fr-read-anyway>`
              : this.entry.source
                ? html`<button
                    class="button"
                    type="button"
                    @click=${() => this.emit('item-retried', this.entry.id)}
                  >
                    ${icon('retry', 20)} ${msg('Try again')}
                  </button>`
                : nothing
          }
          ${this.renderRemove()}
        </div>
      </fr-notice>
    </div>`;
  }

  private renderRemove(): unknown {
    return html`<button
      class="button"
      type="button"
      @click=${() => this.emit('item-removed', this.entry.id)}
    >
      ${icon('trash', 20)} ${msg('Remove')}
    </button>`;
  }

  private renderResult(reading: Reading, assurance: Assurance): unknown {
    const verdict = verdictOf(assurance, this.entry.origin !== undefined);
    const certainty = assurance.refusal ? '' : assurance.assessment.certainty;
    return html`<div class="panel">
      <div class="verdict ${verdict.kind} ${certainty}" role="status">
        ${keyed(
          this.entry.id,
          // A page translator swaps the text nodes for its own, and these would stay in place for the
          // next picture: each picture has its own elements. The live region around them stays.
          html`<div class="said">
              <p class="over">${verdict.over}</p>
              <h2>${verdict.headline}</h2>
              ${assurance.adapted ? html`<p class="adapted">${adaptedWords(assurance.adapted)}</p>` : nothing}
              ${
                verdict.sure
                  ? html`<p class="sure">
                      ${verdict.sure.words} <span>${verdict.sure.figure}</span>
                    </p>`
                  : nothing
              }
              ${verdict.meaning ? html`<p class="meaning">${verdict.meaning}</p>` : nothing}
            </div>
            ${this.renderLines(verdict)}`,
        )}
      </div>
      ${this.renderChanged(assurance.adjust)}
      ${keyed(
        this.entry.id,
        html`<div class="notices">
          ${this.siteDiffers && assurance.fit.kind === 'new-hospital' ? renderSite() : nothing}
          ${this.entry.origin ? html`<fr-notice tone="caution">${filmCaution()}</fr-notice>` : nothing}
          ${
            reading.recovery
              ? html`<fr-notice tone="info">${reading.recovery.message}</fr-notice>`
              : nothing
          }
          ${reading.picture.warnings.map(
            (warning) => html`<fr-notice tone="info">${warning.message}</fr-notice>`,
          )}
        </div>`,
      )}
      <hr />
      ${keyed(
        this.entry.id,
        html`<fr-result-figures
          .reading=${reading}
          .assurance=${assurance}
          .more=${verdict.more}
          ?film=${this.entry.origin !== undefined}
        ></fr-result-figures>`,
      )}
      <div class="fine">
        ${
          assurance.refusal
            ? html`<p>${msg('Code')} <code>${assurance.refusal.code}</code></p>`
            : nothing
        }
        ${verdict.next === caution() ? nothing : html`<p>${caution()}</p>`}
        <p>${settingsWords(assurance)} <a href=${routeHash('settings')}>${msg('Change')}</a></p>
        <p class="print-only">${notADevice()}</p>
      </div>
      <div class="actions row">
        <button class="button" type="button" @click=${() => window.print()}>
          ${icon('print', 20)} ${msg('Print')}
        </button>
        ${this.renderRemove()}
      </div>
    </div>`;
  }

  private renderLines(verdict: Verdict): unknown {
    return html`<ul class="lines">
      ${verdict.against.map((line) => this.renderAgainst(line))}
      <li class="next">${icon('next', 20)} <span>${verdict.next}</span></li>
    </ul>`;
  }

  private renderAgainst({ severity, text, remedy }: Against): unknown {
    return html`<li class=${severity}>
      ${icon(severity === 'hint' ? 'info' : 'caution', 20)} <span>${text}</span>
      ${
        remedy
          ? html`<button
              class="button ${severity === 'serious' ? 'primary' : ''}"
              type="button"
              @click=${() => this.adjust(remedy.adjust)}
            >
              ${icon(REMEDY_ICONS[remedy.kind], 20)} ${remedyWords(remedy)}
            </button>`
          : nothing
      }
    </li>`;
  }

  private renderChanged(adjust: Adjustment | null): unknown {
    const words = adjustmentWords(adjust);
    if (!words) return nothing;
    return html`<p class="changed">
      <span>${msg(str`Before reading: ${words}.`)}</span>
      <button class="button undo" type="button" @click=${() => this.adjust(null)}>
        ${icon('undo', 20)} ${msg('Undo')}
      </button>
    </p>`;
  }

  private adjust(adjust: Adjustment | null): void {
    this.emit('picture-adjusted', { id: this.entry.id, adjust });
  }
}

/** Its code comes only where there is something to say. */
function renderSite(): unknown {
  void import('./site-notice.ts');
  return html`<fr-site-notice></fr-site-notice>`;
}
