import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { icon } from '../../elements/icons.ts';
import { Camera } from '../../platform/index.ts';
import type { FaultData } from '../../base/fault.ts';
import { faultDataOf, FilmFailedError, FilmTable } from '../../session/index.ts';
import type { FilmPhoto } from '../../session/index.ts';
import { routeHash } from '../../state/routes.ts';
import { Screen } from '../../elements/screen.ts';
import { filmStyles } from './film-styles.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';
import './camera-view.ts';
import './film-adjust.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-film-screen': FrFilmScreen;
  }
}

type Step =
  | { readonly kind: 'begin' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'camera'; readonly camera: Camera; readonly front: boolean }
  | { readonly kind: 'opening' }
  | { readonly kind: 'adjust'; readonly photo: FilmPhoto; readonly name: string };

/** From a film on a light box to a picture like any other: camera or photo, corners, done. */
@customElement('fr-film-screen')
export class FrFilmScreen extends Screen {
  static override styles = [...Screen.styles, filmStyles];

  @state() private step: Step = { kind: 'begin' };
  @state() private fault: FaultData | null = null;
  @query('input[type=file]') private readonly input!: HTMLInputElement;
  private readonly table = new FilmTable();
  /** Aborts what the former step still waits for. */
  private run = new AbortController();
  /** The camera is let go while the page is out of sight, and asked for again after. */
  private resume: { readonly front: boolean } | null = null;
  private awake: WakeLockSentinel | null = null;

  protected override listen(): (() => void)[] {
    document.addEventListener('visibilitychange', this.onVisibility);
    // A photograph on the table lives in this tab: no update may reload it away.
    const release = this.services.platform.updates.hold();
    return [
      () => document.removeEventListener('visibilitychange', this.onVisibility),
      release,
      () => {
        this.resume = null;
        this.leave({ kind: 'begin' });
        this.table.dispose();
      },
    ];
  }

  protected override render(): unknown {
    return html`<input
        class="visually-hidden"
        type="file"
        accept="image/*"
        tabindex="-1"
        aria-hidden="true"
        @change=${this.onChosen}
      />
      <div class="bar">
        <a
          class="button bare back"
          href=${routeHash('read')}
          aria-label=${msg('Back to the pictures')}
          >${icon('back', 20)}</a
        >
        <h1 tabindex="-1">${msg('Photograph film')}</h1>
        ${this.step.kind === 'adjust' ? this.renderAnother() : nothing}
      </div>
      ${this.renderStep(this.step)}`;
  }

  private renderStep(step: Step): unknown {
    switch (step.kind) {
      case 'begin':
        return this.renderBegin();
      case 'asking':
        return renderWaiting(
          msg('Waiting for the camera… The browser may ask whether it may be used.'),
        );
      case 'opening':
        return renderWaiting(msg('Looking for the film in the photo…'));
      case 'camera':
        return html`<fr-camera-view
          class="fill"
          .camera=${step.camera}
          @photo-taken=${(event: CustomEvent<Blob | ImageBitmap>) => this.open(event.detail, '')}
          @camera-failed=${(event: CustomEvent<{ reason: unknown }>) =>
            this.explain(event.detail.reason)}
        >
          <button class="button on-stage" type="button" @click=${this.choose}>
            ${msg('Open a photo')}
          </button>
        </fr-camera-view>`;
      case 'adjust':
        return html`<fr-film-adjust
          class="fill"
          .table=${this.table}
          .photo=${step.photo}
          @film-ready=${(event: CustomEvent<Blob>) => this.use(event.detail, step.name)}
        ></fr-film-adjust>`;
    }
  }

  private renderBegin(): unknown {
    return html`<div class="begin">
      ${this.fault ? this.renderFault(this.fault) : nothing}
      <ul>
        <li>
          ${icon('good')} ${msg('Hang the film on the light box as usual, and turn the box on.')}
        </li>
        <li>
          ${icon('good')}
          ${msg('Turn the room lights down; no flash. Look that nothing is mirrored in the film.')}
        </li>
        <li>
          ${icon('good')}
          ${msg('All four corners in the picture, with some of the light box around them.')}
        </li>
      </ul>
      <div class="choices">
        <button
          class="button large ${this.fault ? '' : 'primary'}"
          type="button"
          @click=${() => this.startCamera(false)}
        >
          ${icon('camera')} ${msg('Use the camera')}
        </button>
        <button
          class="button large ${this.fault ? 'primary' : ''}"
          type="button"
          @click=${this.choose}
        >
          ${icon('open')} ${msg('Open a photo')}
        </button>
      </div>
      <p class="note">
        ${msg(
          'The photo stays on this device and is not kept. An answer on a photographed film is less reliable than one on the digital original: use that where there is one.',
        )}
      </p>
    </div>`;
  }

  private renderFault(fault: FaultData): unknown {
    return html`<fr-notice tone="caution" announce="alert" heading=${fault.message}>
      ${fault.remedy}
      ${
        fault.code === 'camera-front-only'
          ? html`<div slot="actions">
              <button class="button" type="button" @click=${() => this.startCamera(true)}>
                ${msg('Use the front camera')}
              </button>
            </div>`
          : nothing
      }
    </fr-notice>`;
  }

  private renderAnother(): unknown {
    return html`<button
      class="button bare"
      type="button"
      aria-label=${msg('Another photo')}
      @click=${() => this.leave({ kind: 'begin' })}
    >
      ${icon('retry', 20)} <span class="roomy">${msg('Another photo')}</span>
    </button>`;
  }

  private async startCamera(front: boolean): Promise<void> {
    this.leave({ kind: 'asking' });
    const { signal } = this.run;
    try {
      const camera = await Camera.open(signal, { front });
      this.step = { kind: 'camera', camera, front };
      this.awake = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
      if (signal.aborted) this.rest();
    } catch (reason) {
      if (!signal.aborted) this.explain(reason);
    }
  }

  private readonly choose = (): void => this.input.click();

  private readonly onChosen = (): void => {
    const file = this.input.files?.[0];
    // The same file may be chosen again.
    this.input.value = '';
    if (file) void this.open(file, file.name);
  };

  private async open(source: Blob | ImageBitmap, name: string): Promise<void> {
    this.leave({ kind: 'opening' });
    const { signal } = this.run;
    try {
      const photo = await this.table.open(source, signal);
      const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(new Date());
      this.step = { kind: 'adjust', photo, name: name || msg(str`Film photographed at ${time}`) };
    } catch (reason) {
      if (!signal.aborted) this.explain(reason);
    }
  }

  private use(source: Blob, name: string): void {
    const origin = 'photograph of film' as const;
    this.emit('files-given', { files: [{ name, source, origin }] });
  }

  /** Back to the beginning, with a word on what went wrong: the file button is there. */
  private explain(reason: unknown): void {
    this.leave({ kind: 'begin' });
    this.fault = faultDataOf(reason, () => new FilmFailedError(reason));
  }

  /** Ends whatever the step before held. */
  private leave(next: Step): void {
    this.run.abort();
    this.run = new AbortController();
    this.fault = null;
    if (this.step.kind === 'camera') this.step.camera.stop();
    if (this.step.kind === 'adjust') this.step.photo.picture.close();
    this.rest();
    this.step = next;
  }

  private rest(): void {
    void this.awake?.release();
    this.awake = null;
  }

  private readonly onVisibility = (): void => {
    if (document.visibilityState === 'hidden') {
      if (this.step.kind !== 'camera') return;
      this.resume = { front: this.step.front };
      this.leave({ kind: 'asking' });
    } else if (this.resume) {
      const { front } = this.resume;
      this.resume = null;
      void this.startCamera(front);
    }
  };
}

function renderWaiting(words: string): unknown {
  return html`<div class="waiting" role="status">
    <p>${words}</p>
    <fr-progress label=${words}></fr-progress>
  </div>`;
}
