import { msg, str } from '@lit/localize';
import { css, html } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { faultDataOf, ViewingError } from '../../study/index.ts';
import type { Case, PictureSource } from '../../study/types.ts';
import { Screen } from '../screen.ts';
import { className } from '../words.ts';
import '../../elements/viewer/viewer.ts';
import './result-panel.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-picture-view': FrPictureView;
  }
}

/** One picture in the viewer with its result beside it; opens and closes what the viewer draws from. */
@customElement('fr-picture-view')
export class FrPictureView extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(20rem, 24rem);
        min-block-size: 0;
      }

      fr-result-panel {
        overflow-y: auto;
        border-inline-start: 1px solid var(--line);
        background: var(--panel);
      }

      @media (max-width: 54rem) {
        :host {
          display: block;
          overflow-y: auto;
        }

        fr-viewer {
          block-size: clamp(20rem, 58dvh, 52rem);
        }

        fr-result-panel {
          overflow: visible;
          border-inline-start: 0;
          border-block-start: 1px solid var(--line);
        }
      }

      @media print {
        :host {
          display: block;
        }

        fr-viewer {
          block-size: 11cm;
          inline-size: 11cm;
        }

        fr-result-panel {
          border: 0;
        }
      }
    `,
  ];

  /** The picture to show. */
  @property({ attribute: false }) entry!: Case;

  @state() private source: PictureSource | null = null;
  @state() private problem = '';
  private opening: AbortController | null = null;
  private openedId = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.closePicture();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('entry') && this.entry.id !== this.openedId) this.openPicture();
  }

  protected override render(): unknown {
    const { entry } = this;
    const { state } = entry;
    return html`<fr-viewer
        .source=${this.source}
        .preview=${state.phase === 'done' ? state.reading.thumbnail : null}
        label=${this.describe()}
        problem=${state.phase === 'failed' ? msg('There is no picture to show.') : this.problem}
        @viewer-failed=${(event: CustomEvent<{ reason: unknown }>) =>
          this.explain(event.detail.reason)}
      ></fr-viewer>
      <fr-result-panel .entry=${entry}></fr-result-panel>`;
  }

  private describe(): string {
    const { name, state } = this.entry;
    return state.phase === 'done'
      ? msg(str`Radiograph ${name}, most resembles ${className(state.assessment.label)}`)
      : msg(str`Radiograph ${name}`);
  }

  private openPicture(): void {
    this.closePicture();
    this.openedId = this.entry.id;
    this.problem = '';
    const { source } = this.entry;
    if (!source) {
      this.problem = msg('There is no picture to show.');
      return;
    }
    const opening = new AbortController();
    this.opening = opening;
    this.services.viewing.open(source, opening.signal).then(
      (picture) => {
        if (opening.signal.aborted) picture.close();
        else this.source = picture;
      },
      (reason: unknown) => {
        if (!opening.signal.aborted) this.explain(reason);
      },
    );
  }

  private closePicture(): void {
    this.opening?.abort();
    this.opening = null;
    this.source?.close();
    this.source = null;
    this.openedId = '';
  }

  private explain(reason: unknown): void {
    const fault = faultDataOf(reason, () => new ViewingError(reason));
    this.problem = `${fault.message} ${fault.remedy}`;
  }
}
