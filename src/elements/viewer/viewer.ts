import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { clampWindow, FULL_WINDOW } from '../../study/index.ts';
import type { GrayWindow, PictureSource } from '../../study/index.ts';
import { FieldrayElement } from '../base.ts';
import type { FrDialog } from '../dialog.ts';
import { formatNumber } from '../format.ts';
import { icon } from '../icons.ts';
import type { IconName } from '../icons.ts';
import { baseStyles, buttonStyles } from '../styles.ts';
import { ViewerGestures } from './gestures.ts';
import type { ViewerTool } from './gestures.ts';
import { commandOf } from './keys.ts';
import type { ViewerCommand } from './keys.ts';
import { Painter } from './painter.ts';
import * as transform from './view-transform.ts';
import type { Point, Size, View } from './view-transform.ts';
import { keyStyles, viewerHelp } from './viewer-help.ts';
import { viewerStyles } from './viewer-styles.ts';
import '../dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-viewer': FrViewer;
  }
  interface HTMLElementEventMap {
    /** A swipe asks for the next (1) or previous (-1) picture. */
    'viewer-step': CustomEvent<1 | -1>;
    /** The picture could not be drawn; the detail is what was thrown. */
    'viewer-failed': CustomEvent<{ reason: unknown }>;
  }
}

const LEVEL_PER_PIXEL = 1 / 400;

/**
 * Shows one radiograph: zoom, pan, window and level by mouse, wheel, fingers, pen and keys.
 * Pixels come from a `PictureSource` (a worker), so the page never waits for them.
 */
@customElement('fr-viewer')
export class FrViewer extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, keyStyles, viewerStyles];

  /** Where the pixels come from; null while the picture is being opened. The owner closes it. */
  @property({ attribute: false }) source: PictureSource | null = null;
  /** A small picture of the same, shown until the source has drawn. */
  @property({ attribute: false }) preview: ImageBitmap | null = null;
  /** The accessible name: which picture this is. */
  @property() label = '';
  /** Why there is no picture; takes the stage's place. */
  @property() problem = '';

  @state() private view: View = { scale: 1, centerX: 0, centerY: 0 };
  @state() private window: GrayWindow = FULL_WINDOW;
  @state() private tool: ViewerTool = 'move';
  @state() private stageSize: Size = { width: 1, height: 1 };
  @state() private spoken = '';

  @query('.stage') private readonly stage!: HTMLElement;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  @query('fr-dialog') private readonly help!: FrDialog;

  private painter: Painter | null = null;
  private readonly observer = new ResizeObserver(() => this.resize());
  private readonly gestures = new ViewerGestures(this, () => this.stage, {
    tool: () => this.tool,
    canSwipe: () => this.fitted,
    onMove: (by) => this.setView(transform.panBy(this.view, by, this.stageSize, this.picture)),
    onLevel: (by) => this.level(by.y * LEVEL_PER_PIXEL, by.x * LEVEL_PER_PIXEL),
    onPinch: (factor, at, by) => {
      const moved = transform.panBy(this.view, by, this.stageSize, this.picture);
      this.setView(transform.zoomAt(moved, factor, at, this.stageSize, this.picture));
    },
    onDoubleTap: (at) => this.toggleZoom(at),
    onSwipe: (step) => this.emit('viewer-step', step),
  });

  /** Focuses the stage, so that keys act on the picture. */
  override focus(options?: FocusOptions): void {
    this.stage.focus(options);
  }

  /** What is shown now, for tests and for whoever draws over the picture. */
  get shown(): { readonly view: View; readonly window: GrayWindow; readonly fitted: boolean } {
    return { view: this.view, window: this.window, fitted: this.fitted };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
    this.painter?.dispose();
    this.painter = null;
  }

  protected override firstUpdated(): void {
    this.start();
  }

  private start(): void {
    this.observer.observe(this.stage);
    this.painter = new Painter(this.canvas, {
      onFailure: (reason) => this.emit('viewer-failed', { reason }),
      onSettled: () => this.toggleAttribute('data-settled', true),
    });
    this.resize();
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source')) {
      this.window = startWindow(this.source);
      this.fit();
    } else if (changed.has('preview') && !this.source) this.fit();
  }

  protected override updated(): void {
    this.toggleAttribute('data-settled', false);
    this.painter?.show({
      source: this.source,
      preview: this.preview,
      picture: this.picture,
      stage: this.stageSize,
      view: this.view,
      window: this.window,
    });
  }

  protected override render(): unknown {
    return html`<div class="frame">
        <div
          class="stage ${this.tool} ${this.fitted ? 'fitted' : ''}"
          tabindex="0"
          role="application"
          aria-roledescription=${msg('picture viewer')}
          aria-label=${this.label}
          aria-describedby="description"
          @pointerdown=${this.gestures.down}
          @pointermove=${this.gestures.move}
          @pointerup=${this.gestures.up}
          @pointercancel=${this.gestures.cancel}
          @wheel=${this.onWheel}
          @dblclick=${this.onDoubleClick}
          @contextmenu=${(event: Event) => event.preventDefault()}
          @keydown=${this.onKey}
        >
          <canvas role="img" aria-label=${this.label}></canvas>
          <p id="description" class="visually-hidden">
            ${msg('Plus and minus zoom, arrow keys move, question mark shows all keys.')}
          </p>
          ${
            this.problem
              ? html`<div class="message" role="status"><p>${this.problem}</p></div>`
              : nothing
          }
        </div>
        ${this.tool === 'level' && this.source ? this.renderSliders() : nothing}
      </div>
      <div class="toolbar" role="toolbar" aria-label=${msg('Picture tools')}>
        <div class="group">
          ${this.toolButton('move', 'move', msg('Move the picture'))}
          ${this.toolButton('level', 'level', msg('Brightness and contrast'))}
        </div>
        <div class="group">
          ${this.button('minus', msg('Smaller'), () => this.zoom(1 / transform.ZOOM_STEP))}
          <span class="zoom">${this.zoomText()}</span>
          ${this.button('plus', msg('Larger'), () => this.zoom(transform.ZOOM_STEP))}
          ${this.button('fit', msg('Fit the whole picture'), () => this.fit())}
        </div>
        <div class="group">
          ${this.button('invert', msg('Invert black and white'), () => this.invert())}
          ${this.button('reset', msg('Everything as at the start'), () => this.reset())}
          ${this.button('keyboard', msg('Keys and gestures'), () => this.help.show())}
        </div>
      </div>
      <p class="visually-hidden" role="status">${this.spoken}</p>
      <fr-dialog heading=${msg('Keys and gestures')}>${viewerHelp()}</fr-dialog>`;
  }

  private button(name: IconName, label: string, action: () => void): unknown {
    return html`<button
      class="button bare icon"
      type="button"
      aria-label=${label}
      title=${label}
      @click=${action}
    >
      ${icon(name)}
    </button>`;
  }

  private toolButton(tool: ViewerTool, name: IconName, label: string): unknown {
    return html`<button
      class="button bare icon"
      type="button"
      aria-label=${label}
      title=${label}
      aria-pressed=${this.tool === tool}
      @click=${() => (this.tool = tool)}
    >
      ${icon(name)}
    </button>`;
  }

  private renderSliders(): unknown {
    const { center, width } = this.window;
    const slider = (label: string, value: number, act: (value: number) => void): unknown =>
      html`<label for=${label}>${label}</label>
        <input
          id=${label}
          type="range"
          min="0"
          max="100"
          step="1"
          .value=${String(Math.round(value))}
          @input=${(event: Event) => act(Number((event.target as HTMLInputElement).value))}
        />`;
    return html`<div class="over">
      <div class="sliders">
        ${slider(msg('Brightness'), 100 - center * 100, (value) =>
          this.setWindow({ ...this.window, center: 1 - value / 100 }),
        )}
        ${slider(msg('Contrast'), 100 - width * 50, (value) =>
          this.setWindow({ ...this.window, width: (100 - value) / 50 }),
        )}
      </div>
    </div>`;
  }

  private get picture(): Size {
    const { source, preview } = this;
    if (source) return { width: source.width, height: source.height };
    if (preview && preview.width > 0) return { width: preview.width, height: preview.height };
    return { width: 1, height: 1 };
  }

  private get fitted(): boolean {
    return transform.isFitted(this.view, this.stageSize, this.picture);
  }

  private zoomText(): string {
    if (!this.source) return '';
    return `${formatNumber(this.view.scale * devicePixelRatio * 100)} %`;
  }

  private fit(): void {
    this.setView(transform.fitView(this.stageSize, this.picture));
  }

  private reset(): void {
    this.setWindow(startWindow(this.source));
    this.fit();
    this.say(msg('As at the start'));
  }

  private invert(): void {
    this.setWindow({ ...this.window, inverted: !this.window.inverted });
    this.say(this.window.inverted ? msg('Inverted') : msg('Not inverted'));
  }

  private zoom(factor: number, at?: Point): void {
    const middle = { x: this.stageSize.width / 2, y: this.stageSize.height / 2 };
    const point = at ?? middle;
    this.setView(transform.zoomAt(this.view, factor, point, this.stageSize, this.picture));
    if (!at) this.say(msg(str`Zoom ${this.zoomText()}`));
  }

  private toggleZoom(at: Point): void {
    if (this.fitted) this.zoom(2.5, at);
    else this.fit();
  }

  private level(center: number, width: number): void {
    const speed = startWindow(this.source).width;
    this.setWindow({
      center: this.window.center + center * speed,
      width: this.window.width + 2 * width * speed,
      inverted: this.window.inverted,
    });
  }

  private setWindow(window: GrayWindow): void {
    this.window = clampWindow(window);
  }

  private setView(view: View): void {
    this.view = transform.clampView(view, this.stageSize, this.picture);
  }

  private say(text: string): void {
    this.spoken = text;
  }

  private resize(): void {
    const wasFitted = this.fitted;
    this.stageSize = {
      width: Math.max(1, this.stage.clientWidth),
      height: Math.max(1, this.stage.clientHeight),
    };
    if (wasFitted) this.fit();
    else this.setView(this.view);
  }

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const box = this.stage.getBoundingClientRect();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
    // A pinch on a trackpad comes as a wheel with Ctrl and small steps.
    const speed = event.ctrlKey ? 0.01 : 0.0022;
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    this.zoom(Math.exp(-event.deltaY * lines * speed), at);
  };

  private readonly onDoubleClick = (event: MouseEvent): void => {
    const box = this.stage.getBoundingClientRect();
    this.toggleZoom({ x: event.clientX - box.left, y: event.clientY - box.top });
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const command = commandOf(event);
    if (command && this.run(command)) event.preventDefault();
  };

  /** False if the key is left to others. */
  private run(command: ViewerCommand): boolean {
    switch (command.kind) {
      case 'move':
        // While the whole picture is in sight the arrows go to the next one.
        if (this.fitted) return false;
        this.setView(transform.panBy(this.view, command.by, this.stageSize, this.picture));
        break;
      case 'zoom':
        this.zoom(command.factor);
        break;
      case 'level':
        this.level(command.center, command.width);
        break;
      case 'actual-size':
        this.zoom(1 / (this.view.scale * devicePixelRatio));
        break;
      case 'fit':
        this.fit();
        break;
      case 'invert':
        this.invert();
        break;
      case 'reset':
        this.reset();
        break;
      case 'help':
        this.help.show();
        break;
    }
    return true;
  }
}

/**
 * Pictures of 8 bits were made to be seen as they are. Deeper ones use a part of their range
 * only, so they start with the middle 98 % of their values.
 */
function startWindow(source: PictureSource | null): GrayWindow {
  if (!source || source.facts.bitsStored <= 8) return FULL_WINDOW;
  const { low, high } = source.facts;
  return clampWindow({ center: (low + high) / 2, width: high - low, inverted: false });
}
