import { msg, str } from '@lit/localize';
import { html, nothing, svg } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Point, Quad } from '../../film/types.ts';
import { FieldrayElement } from '../base.ts';
import { baseStyles } from '../styles.ts';
import { vars } from '../vars.ts';
import { cornerEditorStyles } from './corner-editor-styles.ts';
import { drawLens } from './lens.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-corner-editor': FrCornerEditor;
  }
  interface HTMLElementEventMap {
    /** A corner was moved and let go; pixels of the photograph. */
    'corners-set': CustomEvent<Quad>;
  }
}

/** Shares of the photograph a key moves a corner by: about a screen pixel, and ten. */
const STEP = 0.002;
const LEAP = 0.02;

/** A photograph with its film's four corners, to be dragged, or moved with the arrow keys. */
@customElement('fr-corner-editor')
export class FrCornerEditor extends FieldrayElement {
  static override styles = [baseStyles, cornerEditorStyles];

  /** The photograph as it is shown; stays its owner's. */
  @property({ attribute: false }) picture: ImageBitmap | null = null;
  /** Of the photograph itself: the corners are in its pixels. */
  @property({ type: Number, attribute: 'photo-width' }) photoWidth = 1;
  @property({ type: Number, attribute: 'photo-height' }) photoHeight = 1;
  @property({ attribute: false }) corners: Quad | null = null;
  /** The corners enclose nothing that could be corrected. */
  @property({ type: Boolean }) wrong = false;

  @state() private held: number | null = null;
  @state() private news = '';
  @query('.photo') private readonly photo!: HTMLElement;
  @query('canvas.picture') private readonly canvas!: HTMLCanvasElement;
  @query('canvas.lens') private readonly lens!: HTMLCanvasElement;
  /** Where inside the handle it was taken hold of: the corner does not jump under the finger. */
  private grip: Point = { x: 0, y: 0 };
  /** The finger or mouse that holds a corner; a corner moved by keys follows no pointer. */
  private pointer: number | null = null;

  protected override updated(changed: PropertyValues<this>): void {
    const { picture } = this;
    if (!picture || picture.width === 0) return;
    if (changed.has('picture')) {
      this.canvas.width = picture.width;
      this.canvas.height = picture.height;
      this.canvas.getContext('2d')?.drawImage(picture, 0, 0);
    }
    const corner = this.held === null ? undefined : this.corners?.[this.held];
    if (!corner) return;
    const place = { x: corner.x / this.photoWidth, y: corner.y / this.photoHeight };
    const shown = this.photo.getBoundingClientRect().width / picture.width;
    drawLens(this.lens, picture, place, shown);
  }

  protected override render(): unknown {
    const { corners, photoWidth: width, photoHeight: height } = this;
    if (!corners) return nothing;
    const way = corners.map(({ x, y }) => `${x} ${y}`).join(' L ');
    // Left to right whatever the language: places in a picture are places in a picture.
    return html`<div class="room" dir="ltr">
        <div
          class="photo"
          ${vars({ '--shape': width / height })}
          @pointermove=${this.onMove}
          @pointerup=${this.onEnd}
          @pointercancel=${this.onEnd}
        >
          <canvas class="picture" aria-hidden="true"></canvas>
          ${svg`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
            <path class="outside" fill-rule="evenodd"
              d="M 0 0 H ${width} V ${height} H 0 Z M ${way} Z" />
            <path class="edge ${this.wrong ? 'wrong' : ''}" d="M ${way} Z" />
          </svg>`}
          ${corners.map((corner, i) => this.renderCorner(corner, i))}
        </div>
      </div>
      <canvas
        class="lens ${this.lensOnOtherSide ? 'other' : ''}"
        width="264"
        height="264"
        aria-hidden="true"
        ?hidden=${this.held === null}
      ></canvas>
      <p class="visually-hidden" id="how">
        ${msg('Drag it, or move it with the arrow keys; with Shift in larger steps.')}
      </p>
      <p class="visually-hidden" role="status">${this.news}</p>`;
  }

  private renderCorner(corner: Point, i: number): unknown {
    return html`<button
      class="corner ${this.held === i ? 'held' : ''}"
      type="button"
      aria-label=${cornerName(i)}
      aria-describedby="how"
      ${vars({
        '--x': (100 * corner.x) / this.photoWidth,
        '--y': (100 * corner.y) / this.photoHeight,
      })}
      @pointerdown=${(event: PointerEvent) => this.onStart(event, i)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event, i)}
      @keyup=${this.onKeyEnd}
      @blur=${this.onKeyEnd}
    ></button>`;
  }

  /** The magnifier keeps away from the finger. */
  private get lensOnOtherSide(): boolean {
    const corner = this.held === null ? undefined : this.corners?.[this.held];
    return corner !== undefined && corner.x < this.photoWidth / 2;
  }

  private onStart(event: PointerEvent, i: number): void {
    const corner = this.corners?.[i];
    if (event.button !== 0 || this.held !== null || !corner) return;
    const at = this.placeOf(event);
    this.grip = { x: corner.x - at.x, y: corner.y - at.y };
    this.held = i;
    this.pointer = event.pointerId;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }

  private readonly onMove = (event: PointerEvent): void => {
    if (this.held === null || event.pointerId !== this.pointer) return;
    const at = this.placeOf(event);
    this.move(this.held, { x: at.x + this.grip.x, y: at.y + this.grip.y });
  };

  private readonly onEnd = (event: PointerEvent): void => {
    if (this.held === null || event.pointerId !== this.pointer) return;
    this.held = null;
    this.pointer = null;
    this.tell();
  };

  private onKey(event: KeyboardEvent, i: number): void {
    const corner = this.corners?.[i];
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ];
    if (!corner || !way || this.pointer !== null || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    event.stopPropagation();
    const step = (event.shiftKey ? LEAP : STEP) * Math.max(this.photoWidth, this.photoHeight);
    this.held = i;
    this.move(i, { x: corner.x + way[0] * step, y: corner.y + way[1] * step });
  }

  private readonly onKeyEnd = (): void => {
    const moved = this.held === null ? undefined : this.corners?.[this.held];
    if (this.held === null || this.pointer !== null || !moved) return;
    const across = Math.round((100 * moved.x) / this.photoWidth);
    const down = Math.round((100 * moved.y) / this.photoHeight);
    this.news = msg(str`${cornerName(this.held)}: ${across} % across, ${down} % down`);
    this.held = null;
    this.tell();
  };

  private placeOf(event: PointerEvent): Point {
    const box = this.photo.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * this.photoWidth,
      y: ((event.clientY - box.top) / box.height) * this.photoHeight,
    };
  }

  private move(i: number, { x, y }: Point): void {
    if (!this.corners) return;
    const inside = {
      x: Math.min(this.photoWidth, Math.max(0, x)),
      y: Math.min(this.photoHeight, Math.max(0, y)),
    };
    const [a, b, c, d] = this.corners.map((corner, k) => (k === i ? inside : corner));
    this.corners = [a, b, c, d];
  }

  private tell(): void {
    if (this.corners) this.emit('corners-set', this.corners);
  }
}

function cornerName(i: number): string {
  switch (i) {
    case 0:
      return msg('Top left corner');
    case 1:
      return msg('Top right corner');
    case 2:
      return msg('Bottom right corner');
    default:
      return msg('Bottom left corner');
  }
}
