import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import type { FaultData } from '../../base/fault.ts';
import type { FilmPose, Quad } from '../../film/types.ts';
import { faultDataOf, FilmFailedError } from '../../session/index.ts';
import type { FilmChoice, FilmPhoto, FilmPreview, FilmTable } from '../../session/index.ts';
import { filmStyles } from './film-styles.ts';
import '../../elements/film/corner-editor.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';
import '../../elements/thumbnail.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-film-adjust': FrFilmAdjust;
  }
  interface HTMLElementEventMap {
    /** The corrected film as a file. */
    'film-ready': CustomEvent<Blob>;
  }
}

/** The photograph with the film's corners, and beside it what comes out. */
@customElement('fr-film-adjust')
export class FrFilmAdjust extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, filmStyles];

  @property({ attribute: false }) table!: FilmTable;
  @property({ attribute: false }) photo!: FilmPhoto;

  @state() private corners: Quad | null = null;
  @state() private pose: FilmPose = { turns: 0, mirrored: false };
  @state() private preview: FilmPreview | null = null;
  @state() private fault: FaultData | null = null;
  @state() private busy = false;
  @state() private writing = false;
  private readonly run = new AbortController();
  /** Something was changed while the worker was busy: once more, with the newest. */
  private again = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.run.abort();
    this.show(null);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('photo')) return;
    this.corners = this.photo.proposal.corners;
    this.pose = { turns: 0, mirrored: false };
    void this.correct();
  }

  protected override render(): unknown {
    const { photo } = this;
    return html`<div class="adjust">
      <fr-corner-editor
        .picture=${photo.picture}
        photo-width=${photo.width}
        photo-height=${photo.height}
        .corners=${this.corners}
        ?wrong=${this.fault !== null}
        @corners-set=${this.onCorners}
      ></fr-corner-editor>
      <div class="panel">
        <p class="note" role="status">
          ${
            photo.proposal.found
              ? msg('The film was found. Check its four corners and drag them where they are off.')
              : msg(
                  'The film’s edges could not be made out. Drag the four corners onto its corners.',
                )
          }
        </p>
        <div class="preview">
          <h2>${msg('The corrected picture')}</h2>
          <figure class=${this.busy ? 'busy' : ''}>
            <fr-thumbnail .source=${this.preview?.picture ?? null}></fr-thumbnail>
            ${
              this.busy
                ? html`<fr-progress label=${msg('Correcting the picture')}></fr-progress>`
                : nothing
            }
          </figure>
          ${this.renderTurns()}
        </div>
        <p class="visually-hidden" role="status">
          ${
            this.busy
              ? msg('Correcting the picture…')
              : this.preview
                ? msg('The corrected picture is ready.')
                : nothing
          }
        </p>
        ${this.renderNews()}
        <button
          class="button primary large"
          type="button"
          ?disabled=${!this.preview || this.busy || this.writing || this.fault !== null}
          @click=${this.use}
        >
          ${this.writing ? msg('One moment…') : msg('Use this picture')}
        </button>
      </div>
    </div>`;
  }

  private renderTurns(): unknown {
    return html`<div class="turns">
      <button class="button" type="button" @click=${() => this.turn(3)}>
        ${icon('rotate', 20)} <span>${msg('Turn left')}</span>
      </button>
      <button class="button turn-right" type="button" @click=${() => this.turn(1)}>
        ${icon('rotate', 20)} <span>${msg('Turn right')}</span>
      </button>
      <button
        class="button"
        type="button"
        aria-pressed=${this.pose.mirrored}
        title=${msg('For a film that hung with its back to you')}
        @click=${this.mirror}
      >
        ${icon('mirror', 20)} <span>${msg('Mirror')}</span>
      </button>
    </div>`;
  }

  private renderNews(): unknown {
    if (this.fault) {
      return html`<fr-notice tone="trouble" announce="alert" heading=${this.fault.message}
        >${this.fault.remedy}</fr-notice
      >`;
    }
    if (!this.preview) return nothing;
    return html`${
      this.preview.evened
        ? nothing
        : html`<p class="note">
            ${msg('Too little of the light box is seen around the film: its light was not evened out.')}
          </p>`
    }
    ${
      this.preview.patternRemoved
        ? html`<p class="note">${msg('A fine line pattern (moiré) was taken out.')}</p>`
        : nothing
    }`;
  }

  private readonly onCorners = (event: CustomEvent<Quad>): void => {
    this.corners = event.detail;
    void this.correct();
  };

  /** Turning what is shown turns a mirrored film the same way: the mirror comes first. */
  private turn(by: 1 | 3): void {
    const turns = ((this.pose.turns + by) % 4) as FilmPose['turns'];
    this.pose = { ...this.pose, turns };
    void this.correct();
  }

  /** What is shown is mirrored left to right, whichever way it is turned. */
  private readonly mirror = (): void => {
    const turns = ((4 - this.pose.turns) % 4) as FilmPose['turns'];
    this.pose = { turns, mirrored: !this.pose.mirrored };
    void this.correct();
  };

  private choice(): FilmChoice | null {
    return this.corners ? { corners: this.corners, pose: this.pose } : null;
  }

  private async correct(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    const { signal } = this.run;
    this.busy = true;
    do {
      this.again = false;
      const choice = this.choice();
      if (!choice) break;
      try {
        this.show(await this.table.correct(choice, signal));
        this.fault = null;
      } catch (reason) {
        if (signal.aborted) return;
        this.fault = faultDataOf(reason, () => new FilmFailedError(reason));
      }
    } while (this.again);
    this.busy = false;
  }

  private readonly use = async (): Promise<void> => {
    const choice = this.choice();
    if (!choice) return;
    const { signal } = this.run;
    this.writing = true;
    try {
      this.emit('film-ready', await this.table.write(choice, signal));
    } catch (reason) {
      if (!signal.aborted) this.fault = faultDataOf(reason, () => new FilmFailedError(reason));
    } finally {
      this.writing = false;
    }
  };

  private show(preview: FilmPreview | null): void {
    this.preview?.picture.close();
    this.preview = preview;
  }
}
