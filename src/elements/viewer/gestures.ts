/**
 * Pointers on the stage, put into words: move, level, pinch, double tap, swipe.
 * Mouse: left button by the chosen tool, right button always levels, middle always moves.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Point } from './view-transform.ts';

export type ViewerTool = 'move' | 'level';

export interface GestureHandlers {
  tool(): ViewerTool;
  /** True while the whole picture is in sight: then a horizontal stroke of a finger is a swipe. */
  canSwipe(): boolean;
  onMove(by: Point): void;
  onLevel(by: Point): void;
  /** `at` is the middle of both fingers, after they moved by `by`. */
  onPinch(factor: number, at: Point, by: Point): void;
  onDoubleTap(at: Point): void;
  onSwipe(step: 1 | -1): void;
}

const DOUBLE_TAP_MS = 320;
const TAP_TRAVEL = 12;
const SWIPE_TRAVEL = 60;

interface Contact {
  readonly start: Point;
  readonly startedAt: number;
  readonly button: number;
  readonly type: string;
  last: Point;
}

export class ViewerGestures implements ReactiveController {
  readonly #handlers: GestureHandlers;
  readonly #target: () => HTMLElement;
  readonly #contacts = new Map<number, Contact>();
  #pinched = false;
  #lastTap: { at: Point; when: number } | null = null;

  constructor(host: ReactiveControllerHost, target: () => HTMLElement, handlers: GestureHandlers) {
    this.#handlers = handlers;
    this.#target = target;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#contacts.clear();
  }

  readonly down = (event: PointerEvent): void => {
    const at = this.#place(event);
    if (this.#contacts.size >= 2) return;
    if (this.#contacts.size === 0) this.#pinched = false;
    this.#contacts.set(event.pointerId, {
      start: at,
      startedAt: event.timeStamp,
      button: event.button,
      type: event.pointerType,
      last: at,
    });
    // A pointer made by a script has no capture to give; the gesture works without.
    try {
      this.#target().setPointerCapture(event.pointerId);
    } catch {
      return;
    }
  };

  readonly move = (event: PointerEvent): void => {
    const contact = this.#contacts.get(event.pointerId);
    if (!contact) return;
    const at = this.#place(event);
    const by = { x: at.x - contact.last.x, y: at.y - contact.last.y };
    if (this.#contacts.size === 2) {
      this.#pinch(event.pointerId, contact, at);
      return;
    }
    contact.last = at;
    // The finger left over from a pinch must not throw the picture about.
    if (this.#pinched) return;
    if (this.#meaning(contact) === 'level') this.#handlers.onLevel(by);
    else this.#handlers.onMove(by);
  };

  readonly up = (event: PointerEvent): void => {
    const contact = this.#contacts.get(event.pointerId);
    if (!this.#contacts.delete(event.pointerId) || !contact || this.#pinched) return;
    const at = this.#place(event);
    const travelX = at.x - contact.start.x;
    const travelY = at.y - contact.start.y;
    if (contact.type === 'mouse') return;
    if (Math.hypot(travelX, travelY) <= TAP_TRAVEL) this.#tap(at, event.timeStamp);
    else if (
      this.#handlers.canSwipe() &&
      this.#meaning(contact) === 'move' &&
      Math.abs(travelX) >= SWIPE_TRAVEL &&
      Math.abs(travelX) > 2 * Math.abs(travelY)
    ) {
      this.#handlers.onSwipe(travelX < 0 ? 1 : -1);
    }
  };

  readonly cancel = (event: PointerEvent): void => {
    this.#contacts.delete(event.pointerId);
  };

  #meaning(contact: Contact): ViewerTool {
    if (contact.type !== 'mouse') return this.#handlers.tool();
    if (contact.button === 2) return 'level';
    if (contact.button === 1) return 'move';
    return this.#handlers.tool();
  }

  #pinch(pointerId: number, moving: Contact, at: Point): void {
    const other = [...this.#contacts].find(([id]) => id !== pointerId)?.[1];
    if (!other) return;
    this.#pinched = true;
    const before = distance(moving.last, other.last);
    const after = distance(at, other.last);
    const by = { x: (at.x - moving.last.x) / 2, y: (at.y - moving.last.y) / 2 };
    const middle = { x: (at.x + other.last.x) / 2, y: (at.y + other.last.y) / 2 };
    moving.last = at;
    if (before > 0 && after > 0) this.#handlers.onPinch(after / before, middle, by);
  }

  #tap(at: Point, when: number): void {
    const last = this.#lastTap;
    if (last && when - last.when <= DOUBLE_TAP_MS && distance(last.at, at) <= 2 * TAP_TRAVEL) {
      this.#lastTap = null;
      this.#handlers.onDoubleTap(at);
      return;
    }
    this.#lastTap = { at, when };
  }

  #place(event: PointerEvent): Point {
    const box = this.#target().getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
