import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import {
  blobOf,
  canReadAnyway,
  faultDataOf,
  FULL_WINDOW,
  ViewingError,
} from '../../session/index.ts';
import type { Case, GrayWindow, PictureSource } from '../../session/types.ts';
import type { PatientDesk } from '../../state/patients/patient-desk.ts';
import { Screen } from '../../elements/screen.ts';
import { assuranceOf } from './assurance-of.ts';
import { OverlayView } from './overlay-view.ts';
import { shortAnswer } from '../../words/verdict.ts';
import type { FrViewer } from '../../elements/viewer/viewer.ts';
import type { ViewerSight } from '../../elements/viewer/view-transform.ts';
import '../../elements/viewer/viewer.ts';
import './result-panel.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-picture-view': FrPictureView;
  }
  interface HTMLElementEventMap {
    /** Another picture of this file, from 0, is to be shown and read. */
    'item-frame': CustomEvent<{ readonly id: string; readonly frame: number }>;
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

      .side {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
        overflow-y: auto;
        border-inline-start: 1px solid var(--line);
        background: var(--panel);
      }

      .side fr-result-panel {
        flex: 1 0 auto;
      }

      /* What is asked of the reader stays in sight while the figures scroll. */
      fr-reader-word {
        position: sticky;
        flex: none;
        inset-block-end: 0;
        max-block-size: 75%;
        overflow-y: auto;
        padding: var(--space-3) var(--space-5) var(--space-4);
        border-block-start: 1px solid var(--line);
        background: var(--panel);
      }

      fr-reader-word[blind] {
        position: static;
        max-block-size: none;
        border: 0;
      }

      @media (max-width: 54rem) {
        :host {
          display: block;
          overflow-y: auto;
        }

        fr-viewer {
          block-size: clamp(21rem, 60dvh, 52rem);
        }

        fr-reader-word {
          position: static;
          max-block-size: none;
        }

        .side {
          display: block;
          overflow: visible;
          border-inline-start: 0;
          border-block-start: 1px solid var(--line);
        }
      }

      /* On a phone the verdict and the one tap that is asked for stand above the fold. */
      @media (max-width: 40rem) {
        fr-viewer {
          block-size: clamp(21rem, 45dvh, 52rem);
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

        .side {
          border: 0;
        }

        fr-reader-word {
          display: none;
        }
      }
    `,
  ];

  /** The picture to show. */
  @property({ attribute: false }) entry!: Case;

  /** Null until patients are told apart. */
  @property({ attribute: false }) desk: PatientDesk | null = null;

  @state() private source: PictureSource | null = null;
  /** Shown until the picture itself is there. */
  @state() private preview: ImageBitmap | null = null;
  @state() private problem = '';
  @state() private ruler = false;
  @state() private window: GrayWindow | null = null;
  @query('fr-viewer') private readonly viewer!: FrViewer | null;
  private opening: AbortController | null = null;
  /** Which picture, and changed how. */
  private opened = '';
  /** The same, whichever of the file's pictures it is. */
  private openedFile = '';
  private previewed: Blob | null = null;
  private bytes: Blob | null = null;
  private sight: ViewerSight | null = null;

  private readonly overlay = new OverlayView(
    this,
    () => ({
      entry: this.entry,
      assurance: assuranceOf(this.entry),
      source: this.source,
      window: this.viewer?.shown.window ?? FULL_WINDOW,
    }),
    (reason) => this.explain(reason),
  );

  protected override listen(): (() => void)[] {
    return [this.services.siteLook.listen(() => this.requestUpdate())];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.closePicture();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('entry')) return;
    if (pictureOf(this.entry) !== this.opened) this.openPicture();
    if (this.entry.thumbnail !== this.previewed) void this.openPreview();
  }

  protected override render(): unknown {
    const { entry } = this;
    const { state } = entry;
    return html`<fr-viewer
        .source=${this.source}
        .preview=${this.preview}
        label=${this.describe()}
        problem=${state.phase === 'failed' && !canReadAnyway(entry) ? msg('There is no picture to show.') : this.problem}
        @viewer-moved=${this.onMoved}
        @viewer-failed=${(event: CustomEvent<{ reason: unknown }>) =>
          this.explain(event.detail.reason)}
        >${this.blind ? nothing : this.overlay.render()}${this.renderDicom()}</fr-viewer
      >
      <div class="side">
        ${
          this.blind
            ? nothing
            : html`<fr-result-panel
                .entry=${entry}
                ?site-differs=${this.services.siteLook.value?.kind === 'different'}
              ></fr-result-panel>`
        }
        ${this.renderWord()}
      </div>`;
  }

  /** The reader speaks first: nothing of the network's answer is shown. */
  private get blind(): boolean {
    return this.desk?.isBlind(this.entry.id) ?? false;
  }

  /** Where studies are kept, the reader's word is kept with them. */
  private renderWord(): unknown {
    const { desk, entry } = this;
    const patient = desk?.patients.ofPicture(entry.id);
    if (!patient || !desk?.records.unlocked || entry.state.phase === 'queued') return nothing;
    const assurance = assuranceOf(entry);
    const answered = assurance !== null && assurance.refusal === null;
    return html`<fr-reader-word
      .desk=${desk}
      .study=${patient.id}
      .top=${answered ? assurance.assessment.label : null}
      .labels=${assurance?.labels ?? CLASSES}
      ?blind=${this.blind}
    ></fr-reader-word>`;
  }

  /** Only DICOM has more to say than its pixels. */
  private renderDicom(): unknown {
    const { source } = this;
    if (!source || !this.bytes || source.facts.format !== 'dicom') return nothing;
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
        .source=${this.bytes}
        .window=${this.window}
        ?ruler=${this.ruler}
        .frame=${this.entry.frame ?? 0}
        ?busy=${this.entry.state.phase === 'queued' || this.entry.state.phase === 'reading'}
        @window-picked=${(event: HTMLElementEventMap['window-picked']) =>
          this.viewer?.useWindow(event.detail)}
        @frame-picked=${(event: CustomEvent<number>) =>
          this.emit('item-frame', { id: this.entry.id, frame: event.detail })}
        @ruler-asked=${(event: CustomEvent<boolean>) => (this.ruler = event.detail)}
      ></fr-dicom-strip>`;
  }

  /** Told after every drawing: only a real move, or another window, may draw the tools again. */
  private onMoved(event: CustomEvent<ViewerSight>): void {
    this.overlay.follow(event.detail);
    const { view, stage, picture } = event.detail;
    const last = this.sight;
    this.window = this.viewer?.shown.window ?? null;
    if (last?.view === view && last.stage === stage && last.picture === picture) return;
    this.sight = event.detail;
    if (this.ruler) this.requestUpdate();
  }

  private describe(): string {
    const { name } = this.entry;
    const assurance = assuranceOf(this.entry);
    if (!assurance || this.blind) return msg(str`Radiograph ${name}`);
    const answer = shortAnswer(assurance);
    return assurance.refusal
      ? msg(str`Radiograph ${name}, not read: ${answer}`)
      : msg(str`Radiograph ${name}, most resembles ${answer}`);
  }

  private openPicture(): void {
    // Another picture of the same file takes the place of the last one only when it is there: the
    // control that asked for it stays, and keeps its focus.
    if (this.source && this.openedFile === fileOf(this.entry)) this.opening?.abort();
    else this.closePicture();
    this.opened = pictureOf(this.entry);
    this.openedFile = fileOf(this.entry);
    this.problem = '';
    const { source, adjust, frame = 0 } = this.entry;
    if (!source) {
      this.problem = msg('There is no picture to show.');
      return;
    }
    const opening = new AbortController();
    this.opening = opening;
    const { signal } = opening;
    const open = async (): Promise<PictureSource> => {
      const bytes = await blobOf(source, signal);
      signal.throwIfAborted();
      this.bytes = bytes;
      return this.services.viewing.open(bytes, signal, adjust, frame);
    };
    open().then(
      (picture) => {
        if (opening.signal.aborted) picture.close();
        else this.show(picture);
      },
      (reason: unknown) => {
        if (!opening.signal.aborted) this.explain(reason);
      },
    );
  }

  private show(picture: PictureSource): void {
    this.source?.close();
    this.source = picture;
    if (picture.facts.format !== 'dicom') return;
    // Nobody who opens a PNG waits for these.
    Promise.all([import('./dicom-strip.ts'), import('../../elements/viewer/ruler.ts')]).catch(
      (reason: unknown) => this.explain(reason),
    );
  }

  private async openPreview(): Promise<void> {
    const { thumbnail } = this.entry;
    this.previewed = thumbnail;
    const bitmap = thumbnail && (await createImageBitmap(thumbnail).catch(() => null));
    if (this.previewed === thumbnail && this.isConnected) {
      this.preview?.close();
      this.preview = bitmap;
    } else bitmap?.close();
  }

  private closePicture(): void {
    this.preview?.close();
    this.preview = null;
    this.previewed = null;
    this.opening?.abort();
    this.opening = null;
    this.source?.close();
    this.source = null;
    this.opened = '';
    this.openedFile = '';
    this.bytes = null;
  }

  private explain(reason: unknown): void {
    const fault = faultDataOf(reason, () => new ViewingError(reason));
    this.problem = `${fault.message} ${fault.remedy}`;
  }
}

const CLASSES = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'];

/** What the viewer has to open anew for. */
function pictureOf(entry: Case): string {
  return `${fileOf(entry)} ${entry.frame ?? 0}`;
}

function fileOf({ id, adjust }: Case): string {
  return `${id} ${JSON.stringify(adjust ?? null)}`;
}
