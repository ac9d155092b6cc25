import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import { settingOf } from '../../platform/index.ts';
import type { Camera, CameraControls, CameraRange, CameraSetting } from '../../platform/index.ts';
import { cameraViewStyles } from './camera-view-styles.ts';
import '../../elements/slider.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-camera-view': FrCameraView;
  }
  interface HTMLElementEventMap {
    'photo-taken': CustomEvent<Blob | ImageBitmap>;
    /** The camera was lost or did not answer. */
    'camera-failed': CustomEvent<{ readonly reason: unknown }>;
  }
}

/** What the camera sees, with a frame to aim at, its light and its settings. */
@customElement('fr-camera-view')
export class FrCameraView extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, cameraViewStyles];

  /** Opened by whoever shows this, and stopped by them. */
  @property({ attribute: false }) camera!: Camera;

  @state() private controls: CameraControls = { torch: null, exposure: null, focus: null };
  @state() private ready = false;
  @state() private taking = false;
  @query('video') private readonly video!: HTMLVideoElement;
  private readonly gone = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.gone.abort();
    this.video.srcObject = null;
  }

  protected override firstUpdated(): void {
    this.video.srcObject = this.camera.stream;
    this.camera.onLost((reason) => this.emit('camera-failed', { reason }), this.gone.signal);
    // Refused only where the page is hidden; it plays when it is seen again.
    this.video.play().catch(() => undefined);
  }

  protected override render(): unknown {
    return html`<div class="finder">
        <video
          playsinline
          muted
          aria-label=${msg('What the camera sees')}
          @loadeddata=${this.onPicture}
        ></video>
        <div class="frame" aria-hidden="true"><i></i><i></i><i></i><i></i></div>
        <p class="aim">${msg('The whole film inside the frame, from straight in front')}</p>
      </div>
      <div class="tools">
        ${this.renderTorch()}
        <button
          class="shutter"
          type="button"
          aria-label=${msg('Take the photo')}
          ?disabled=${!this.ready || this.taking}
          @click=${this.take}
        ></button>
        <slot></slot>
        ${this.renderSettings()}
      </div>
      <p class="visually-hidden" role="status">
        ${this.taking ? msg('Taking the photo…') : this.ready ? msg('The camera is on.') : ''}
      </p>`;
  }

  private renderTorch(): unknown {
    const { torch } = this.controls;
    if (torch === null) return html`<span></span>`;
    return html`<button
      class="button"
      type="button"
      aria-pressed=${torch}
      @click=${() => this.apply(settingOf({ torch: !torch }))}
    >
      ${icon('level', 20)} ${msg('Light')}
    </button>`;
  }

  private renderSettings(): unknown {
    const { exposure, focus } = this.controls;
    if (!exposure && !focus) return nothing;
    return html`<div class="settings">
      ${exposure ? this.renderRange(msg('Brightness'), exposure, (to) => ({ exposure: to })) : nothing}
      ${focus ? this.renderRange(msg('Focus'), focus, (to) => ({ focus: to })) : nothing}
      ${
        focus
          ? html`<button
              class="button"
              type="button"
              @click=${() => this.apply(settingOf({ focus: null }))}
            >
              ${msg('Focus by itself')}
            </button>`
          : nothing
      }
    </div>`;
  }

  private renderRange(
    label: string,
    { min, max, step, value }: CameraRange,
    wish: (to: number) => CameraSetting,
  ): unknown {
    return html`<fr-slider
      label=${label}
      .min=${min}
      .max=${max}
      .step=${step}
      .value=${value}
      value-text=${`${Math.round((100 * (value - min)) / (max - min))} %`}
      @slider-moved=${(event: CustomEvent<number>) => this.apply(settingOf(wish(event.detail)))}
    ></fr-slider>`;
  }

  private readonly onPicture = (): void => {
    this.ready = true;
    this.controls = this.camera.controls;
  };

  private async apply(settings: MediaTrackConstraintSet): Promise<void> {
    try {
      await this.camera.set(settings);
    } catch {
      // The camera keeps what it had; the controls show that again.
    }
    this.controls = this.camera.controls;
  }

  private readonly take = async (): Promise<void> => {
    this.taking = true;
    try {
      const photo = await this.camera.take(this.video, this.gone.signal);
      this.emit('photo-taken', photo);
    } catch (reason) {
      if (!this.gone.signal.aborted) this.emit('camera-failed', { reason });
    } finally {
      this.taking = false;
    }
  };
}
