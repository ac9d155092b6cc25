import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FULL_WINDOW } from '../../session/index.ts';
import type { GrayWindow, PictureSource } from '../../session/index.ts';
import { FieldrayElement } from '../base.ts';
import type { FrDialog } from '../dialog.ts';
import { formatNumber } from '../../words/format.ts';
import { baseStyles, buttonStyles } from '../styles.ts';
import { ViewerGestures } from './gestures.ts';
import type { ViewerTool } from './gestures.ts';
import { commandOf } from './keys.ts';
import type { ViewerCommand } from './keys.ts';
import { keyStyles } from './key-styles.ts';
import { LEVEL_PER_PIXEL, levelBy, startWindow } from './leveling.ts';
import { Painter } from './painter.ts';
import type { Point, View, ViewerSight, ViewPart } from './view-transform.ts';
import { viewerStyles } from './viewer-styles.ts';
import { levelSliders, viewerToolbar } from './viewer-tools.ts';
import { Viewport } from './viewport.ts';
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
    /** The picture lies elsewhere, or is another one. */
    'viewer-moved': CustomEvent<ViewerSight>;
  }
}

/**
 * Shows one radiograph: zoom, pan, window and level by mouse, wheel, fingers, pen and keys.
 * Pixels come from a `PictureSource` (a worker), so the page never waits for them.
 * @slot over - laid over the picture, the whole stage large; follows `viewer-moved`
 * @slot under - a strip between picture and tools
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

  @state() private window: GrayWindow = FULL_WINDOW;
  @state() private tool: ViewerTool = 'move';
  @state() private spoken = '';

  @query('.stage') private readonly stage!: HTMLElement;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  @query('fr-dialog') private readonly help!: FrDialog;
  @state() private helpWords: unknown = nothing;

  private readonly viewport = new Viewport(() => this.requestUpdate());
  private painter: Painter | null = null;
  private readonly observer = new ResizeObserver(() => this.resize());
  private readonly gestures = new ViewerGestures(this, () => this.stage, {
    tool: () => this.tool,
    canSwipe: () => this.viewport.fitted,
    onMove: (by) => this.viewport.panBy(by),
    onLevel: (by) => this.level(by.y * LEVEL_PER_PIXEL, by.x * LEVEL_PER_PIXEL),
    onPinch: (factor, at, by) => {
      this.viewport.panBy(by);
      this.viewport.zoomBy(factor, at);
    },
    onDoubleTap: (at) => this.toggleZoom(at),
    onSwipe: (step) => this.emit('viewer-step', step),
  });

  /** Focuses the stage, so that keys act on the picture. */
  override focus(options?: FocusOptions): void {
    this.stage.focus(options);
  }

  /** Shows the picture through another window, as a tool beside it asks. */
  useWindow(window: GrayWindow): void {
    this.window = window;
  }

  /** Shows the same part as another viewer does. */
  showPart(part: ViewPart): void {
    this.viewport.showPart(part);
  }

  /** What is shown now, for tests and for whoever draws over the picture. */
  get shown(): { readonly view: View; readonly window: GrayWindow; readonly fitted: boolean } {
    return { view: this.viewport.view, window: this.window, fitted: this.viewport.fitted };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    this.start();
    this.requestUpdate();
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
    this.painter = new Painter(this.canvas, {
      onFailure: (reason) => this.emit('viewer-failed', { reason }),
      onSettled: () => this.toggleAttribute('data-settled', true),
    });
    // Tells the size at once, before the next frame is painted.
    this.observer.observe(this.stage);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source')) this.window = startWindow(this.source);
    if (changed.has('source') || (changed.has('preview') && !this.source)) {
      this.viewport.open(this.pictureSize());
    }
  }

  protected override updated(): void {
    this.toggleAttribute('data-settled', false);
    const { picture, stage, view } = this.viewport;
    const { source, preview, window } = this;
    this.painter?.show({ source, preview, picture, stage, view, window });
    this.emit('viewer-moved', { view, stage, picture });
  }

  protected override render(): unknown {
    return html`<div class="frame">
        <div
          class="stage ${this.tool} ${this.viewport.fitted ? 'fitted' : ''}"
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
        <slot name="over"></slot>
        ${
          this.tool === 'level' && this.source
            ? levelSliders(this.window, (window) => (this.window = window))
            : nothing
        }
      </div>
      <slot name="under"></slot>
      ${viewerToolbar(
        { tool: this.tool, zoom: this.zoomText() },
        {
          onTool: (tool) => (this.tool = tool),
          onZoom: (factor) => this.zoom(factor),
          onFit: () => this.viewport.fit(),
          onInvert: () => this.invert(),
          onReset: () => this.reset(),
          onHelp: () => void this.showHelp(),
        },
      )}
      <p class="visually-hidden" role="status">${this.spoken}</p>
      <fr-dialog heading=${msg('Keys and gestures')}>${this.helpWords}</fr-dialog>`;
  }

  /** The words come when they are asked for. */
  private async showHelp(): Promise<void> {
    this.helpWords = (await import('./viewer-help.ts')).viewerHelp();
    await this.updateComplete;
    this.help.show();
  }

  private pictureSize(): { width: number; height: number } {
    const { source, preview } = this;
    if (source) return { width: source.width, height: source.height };
    if (preview && preview.width > 0) return { width: preview.width, height: preview.height };
    return { width: 1, height: 1 };
  }

  private zoomText(): string {
    if (!this.source) return '';
    return `${formatNumber(this.viewport.view.scale * devicePixelRatio * 100)} %`;
  }

  private reset(): void {
    this.window = startWindow(this.source);
    this.viewport.fit();
    this.say(msg('As at the start'));
  }

  private invert(): void {
    this.window = { ...this.window, inverted: !this.window.inverted };
    this.say(this.window.inverted ? msg('Inverted') : msg('Not inverted'));
  }

  private zoom(factor: number, at?: Point): void {
    this.viewport.zoomBy(factor, at);
    if (!at) this.say(msg(str`Zoom ${this.zoomText()}`));
  }

  private toggleZoom(at: Point): void {
    if (this.viewport.fitted) this.zoom(2.5, at);
    else this.viewport.fit();
  }

  private level(center: number, width: number): void {
    this.window = levelBy(this.window, startWindow(this.source), center, width);
  }

  private say(text: string): void {
    this.spoken = text;
  }

  private resize(): void {
    this.viewport.resize({ width: this.stage.clientWidth, height: this.stage.clientHeight });
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
        if (this.viewport.fitted) return false;
        this.viewport.panBy(command.by);
        break;
      case 'zoom':
        this.zoom(command.factor);
        break;
      case 'level':
        this.level(command.center, command.width);
        break;
      case 'actual-size':
        this.zoom(1 / (this.viewport.view.scale * devicePixelRatio));
        break;
      case 'fit':
        this.viewport.fit();
        break;
      case 'invert':
        this.invert();
        break;
      case 'reset':
        this.reset();
        break;
      case 'help':
        void this.showHelp();
        break;
    }
    return true;
  }
}
