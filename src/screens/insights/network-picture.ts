/** A drawn picture of the network and the two places where a mask meets it. Words in it stay few. */
import { msg } from '@lit/localize';
import { css, html, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';

export const networkStyles = css`
  .network {
    display: block;
    inline-size: 100%;
    max-inline-size: 56rem;
    min-inline-size: 40rem;
    margin-inline: auto;
  }

  .network-scroller {
    overflow-x: auto;
  }

  .network text {
    fill: var(--ink);
    font: 13px var(--font);
  }

  .network text.small {
    fill: var(--ink-quiet);
    font-size: 11.5px;
  }

  .network .box {
    fill: var(--sunken);
    stroke: var(--line-strong);
  }

  .network .layer {
    fill: var(--accent-soft);
    stroke: var(--accent);
  }

  .network .mask {
    fill: none;
    stroke: var(--tone-2);
    stroke-width: 2;
    stroke-dasharray: 5 4;
  }

  .network .mask-text {
    fill: var(--tone-2);
    font-weight: 600;
  }

  .network .way {
    fill: none;
    stroke: var(--ink-quiet);
    stroke-width: 1.5;
  }

  .network .tip {
    fill: var(--ink-quiet);
  }

  .network .lung {
    fill: var(--bar-quiet);
  }
`;

/** Feature maps of MobileNetV2 at 224 × 224: side and channels, as boxes of falling size. */
const LAYERS = [
  ['112², 32', 84],
  ['56², 24', 72],
  ['28², 32', 60],
  ['14², 96', 48],
  ['7², 1280', 38],
] as const;

export function networkPicture(): unknown {
  return html`<div
    class="network-scroller"
    tabindex="0"
    role="group"
    aria-label=${msg('The network')}
  >
    <svg
      class="network"
      viewBox="0 0 960 270"
      role="img"
      aria-label=${msg(
        'The picture, 224 by 224 and grey, goes through MobileNetV2 to 7 by 7 places of 1280 features; their mean goes through one dense layer to the probabilities of the classes. The lung mask can crop or weight the picture before the network, and checks afterwards how much of the evidence map lies inside the lungs.',
      )}
    >
      ${picture(16, 70)} ${arrow(118, 120, 168, 120)}
      ${LAYERS.map(([words, size], at) => layer(180 + at * 84, words, size))}
      <text class="small" x="200" y="38">${msg('MobileNetV2, 17 blocks')}</text>
      ${arrow(592, 120, 628, 120)} ${box(630, 92, 96, 56, [msg('Mean over'), msg('7 × 7 places')])}
      ${arrow(726, 120, 762, 120)}
      ${box(764, 92, 118, 56, [msg('Dense layer:'), msg('probabilities')])}
      <text class="mask-text" x="16" y="226">${msg('1. Crop or weight')}</text>
      <text class="small" x="16" y="244">${msg('before the network')}</text>
      <path class="mask" d="M66 208V178" />
      <path class="tip" d="M66 170l-5 10h10Z" />
      ${box(520, 196, 150, 56, [msg('Evidence map,'), msg('7 × 7 a class')])}
      <path class="way" d="M535 142V190" />
      <path class="tip" d="M535 196l-5 -10h10Z" />
      <path class="mask" d="M680 224H740" />
      <path class="tip" d="M748 224l-10 -5v10Z" />
      <text class="mask-text" x="756" y="220">${msg('2. Check: how much')}</text>
      <text class="small" x="756" y="238">${msg('lies inside the lungs')}</text>
    </svg>
  </div>`;
}

function picture(x: number, y: number): SVGTemplateResult {
  return svg`<rect class="box" x=${x} y=${y} width="100" height="100" rx="6" />
    <path class="lung" d="M${x + 44} ${y + 24}c-14 2 -26 26 -26 46c0 12 8 12 18 8c6 -2 8 -6 8 -12Z M${x + 56} ${y + 24}c14 2 26 26 26 46c0 12 -8 12 -18 8c-6 -2 -8 -6 -8 -12Z" />
    <path class="mask" d="M${x + 47} ${y + 18}c-20 2 -34 30 -34 54c0 18 12 18 26 12c8 -3 10 -8 10 -16Z M${x + 53} ${y + 18}c20 2 34 30 34 54c0 18 -12 18 -26 12c-8 -3 -10 -8 -10 -16Z" />
    <text class="small" x=${x} y=${y - 10}>${msg('224 × 224, grey')}</text>`;
}

function layer(x: number, words: string, size: number): SVGTemplateResult {
  const top = 120 - size / 2;
  return svg`${[8, 4, 0].map(
    (back) =>
      svg`<rect class="layer" x=${x + 2 + back} y=${top - back} width=${size * 0.6} height=${size} rx="3" />`,
  )}
    <text class="small" x=${x + size * 0.3 + 4} y="64" text-anchor="middle">${words}</text>`;
}

function box(
  x: number,
  y: number,
  width: number,
  height: number,
  lines: readonly string[],
): SVGTemplateResult {
  return svg`<rect class="box" x=${x} y=${y} width=${width} height=${height} rx="6" />
    ${lines.map(
      (words, at) =>
        svg`<text x=${x + width / 2} y=${y + height / 2 - 3 + at * 18} text-anchor="middle">${words}</text>`,
    )}`;
}

function arrow(x1: number, y1: number, x2: number, y2: number): SVGTemplateResult {
  return svg`<path class="way" d="M${x1} ${y1}H${x2 - 6}" />
    <path class="tip" d="M${x2} ${y2}l-9 -5v10Z" />`;
}
