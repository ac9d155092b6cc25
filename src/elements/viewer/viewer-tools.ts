/** What can be pressed and pulled beside the picture, as templates for the viewer's own shadow root. */
import { msg } from '@lit/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { GrayWindow } from '../../session/index.ts';
import { icon } from '../icons.ts';
import type { IconName } from '../icons.ts';
import type { ViewerTool } from './gestures.ts';
import { brightnessOf, contrastOf, withBrightness, withContrast } from './leveling.ts';
import { ZOOM_STEP } from './view-transform.ts';

export interface ToolbarState {
  readonly tool: ViewerTool;
  /** In words; empty while there is no picture. */
  readonly zoom: string;
}

export interface ToolbarActions {
  onTool(tool: ViewerTool): void;
  onZoom(factor: number): void;
  onFit(): void;
  onInvert(): void;
  onReset(): void;
  onHelp(): void;
}

export function viewerToolbar(state: ToolbarState, actions: ToolbarActions): TemplateResult {
  return html`<div class="toolbar" role="toolbar" aria-label=${msg('Picture tools')}>
    <div class="group">
      ${toolButton('move', msg('Move the picture'), state, actions)}
      ${toolButton('level', msg('Brightness and contrast'), state, actions)}
    </div>
    <div class="group">
      ${button('minus', msg('Smaller'), () => actions.onZoom(1 / ZOOM_STEP))}
      <span class="zoom">${state.zoom}</span>
      ${button('plus', msg('Larger'), () => actions.onZoom(ZOOM_STEP))}
      ${button('fit', msg('Fit the whole picture'), () => actions.onFit())}
    </div>
    <div class="group">
      ${button('invert', msg('Invert black and white'), () => actions.onInvert())}
      ${button('reset', msg('Everything as at the start'), () => actions.onReset())}
      ${button('keyboard', msg('Keys and gestures'), () => actions.onHelp())}
    </div>
  </div>`;
}

function button(name: IconName, label: string, action: () => void): TemplateResult {
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

function toolButton(
  tool: ViewerTool,
  label: string,
  state: ToolbarState,
  actions: ToolbarActions,
): TemplateResult {
  return html`<button
    class="button bare icon"
    type="button"
    aria-label=${label}
    title=${label}
    aria-pressed=${state.tool === tool}
    @click=${() => actions.onTool(tool)}
  >
    ${icon(tool)}
  </button>`;
}

/** Brightness and contrast for whoever has no keyboard and no steady hand. */
export function levelSliders(
  window: GrayWindow,
  onWindow: (window: GrayWindow) => void,
): TemplateResult {
  return html`<div class="over">
    <div class="sliders">
      ${slider('brightness', msg('Brightness'), brightnessOf(window), (value) =>
        onWindow(withBrightness(window, value)),
      )}
      ${slider('contrast', msg('Contrast'), contrastOf(window), (value) =>
        onWindow(withContrast(window, value)),
      )}
    </div>
  </div>`;
}

function slider(
  id: string,
  label: string,
  value: number,
  act: (value: number) => void,
): TemplateResult {
  return html`<label for=${id}>${label}</label>
    <input
      id=${id}
      type="range"
      min="0"
      max="100"
      step="1"
      .value=${String(value)}
      @input=${(event: Event) => act(Number((event.target as HTMLInputElement).value))}
    />`;
}
