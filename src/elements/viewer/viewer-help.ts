import { msg } from '@lit/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** The viewer's keys and gestures in words, for its help window. */
export function viewerHelp(): TemplateResult {
  return html`<div class="key-lists">
    <div>
      <h3>${msg('Keys')}</h3>
      <dl class="keys">
        <dt><kbd>+</kbd> <kbd>−</kbd></dt>
        <dd>${msg('Larger, smaller')}</dd>
        <dt><kbd>0</kbd> ${msg('or')} <kbd>F</kbd></dt>
        <dd>${msg('Fit the whole picture')}</dd>
        <dt><kbd>1</kbd></dt>
        <dd>${msg('One picture point on one screen point')}</dd>
        <dt><kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd></dt>
        <dd>${msg('Move an enlarged picture')}</dd>
        <dt><kbd>⇧</kbd> + <kbd>↑</kbd> <kbd>↓</kbd></dt>
        <dd>${msg('Brighter, darker')}</dd>
        <dt><kbd>⇧</kbd> + <kbd>←</kbd> <kbd>→</kbd></dt>
        <dd>${msg('More contrast, less contrast')}</dd>
        <dt><kbd>I</kbd></dt>
        <dd>${msg('Invert black and white')}</dd>
        <dt><kbd>E</kbd></dt>
        <dd>${msg('Show or hide the evidence')}</dd>
        <dt><kbd>L</kbd></dt>
        <dd>${msg('Show or hide the outline of the lungs')}</dd>
        <dt><kbd>R</kbd></dt>
        <dd>${msg('Everything as at the start')}</dd>
        <dt><kbd>J</kbd> <kbd>K</kbd></dt>
        <dd>${msg('Next, previous picture')}</dd>
      </dl>
    </div>
    <div>
      <h3>${msg('Fingers and mouse')}</h3>
      <dl class="keys">
        <dt>${msg('Pinch or wheel')}</dt>
        <dd>${msg('Larger, smaller')}</dd>
        <dt>${msg('Double tap')}</dt>
        <dd>${msg('Enlarge there, or fit again')}</dd>
        <dt>${msg('Drag')}</dt>
        <dd>${msg('Move the picture, or set brightness and contrast, by the chosen tool')}</dd>
        <dt>${msg('Drag with the right button')}</dt>
        <dd>${msg('Always sets brightness and contrast')}</dd>
        <dt>${msg('Swipe')}</dt>
        <dd>${msg('Next or previous picture')}</dd>
      </dl>
    </div>
  </div>`;
}
