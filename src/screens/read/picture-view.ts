import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { canReadAnyway, faultDataOf, ViewingError } from '../../study/index.ts';
import type { Case, PictureSource } from '../../study/types.ts';
import { Screen } from '../screen.ts';
import { className } from '../words.ts';
import type { FrViewer } from '../../elements/viewer/viewer.ts';
import type { ViewerSight } from '../../elements/viewer/view-transform.ts';
import '../../elements/viewer/ruler.ts';
import '../../elements/viewer/viewer.ts';
import './dicom-strip.ts';
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
  @state() private ruler = false;
  @query('fr-viewer') private readonly viewer!: FrViewer;
  private opening: AbortController | null = null;
  private openedId = '';
  private sight: ViewerSight | null = null;

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
        problem=${state.phase === 'failed' && !canReadAnyway(entry) ? msg('There is no picture to show.') : this.problem}
        @viewer-moved=${this.onMoved}
        @viewer-failed=${(event: CustomEvent<{ reason: unknown }>) =>
          this.explain(event.detail.reason)}
        >${this.renderDicom()}</fr-viewer
      >
      <fr-result-panel .entry=${entry}></fr-result-panel>`;
  }

  /** Only DICOM has more to say than its pixels. */
  private renderDicom(): unknown {
    const { source, entry } = this;
    if (!source || !entry.source || source.facts.format !== 'dicom') return nothing;
    const { pixelSpacing, spacingPlane } = source.facts.attributes;
    return html`${
        this.ruler && pixelSpacing
          ? html`<fr-ruler
              slot="over"
              .spacing=${pixelSpacing}
              .plane=${spacingPlane}
              .sight=${this.sight}
            ></fr-ruler>`
          : nothing
      }<fr-dicom-strip
        slot="under"
        .services=${this.services}
        .facts=${source.facts}
        .source=${entry.source}
        ?ruler=${this.ruler}
        @window-picked=${(event: HTMLElementEventMap['window-picked']) =>
          this.viewer.useWindow(event.detail)}
        @ruler-asked=${(event: CustomEvent<boolean>) => (this.ruler = event.detail)}
      ></fr-dicom-strip>`;
  }

  /** Told after every drawing: only a real move may draw the ruler again. */
  private onMoved(event: CustomEvent<ViewerSight>): void {
    const { view, stage, picture } = event.detail;
    const last = this.sight;
    if (last?.view === view && last.stage === stage && last.picture === picture) return;
    this.sight = event.detail;
    if (this.ruler) this.requestUpdate();
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
