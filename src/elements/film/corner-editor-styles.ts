import { css } from 'lit';

export const cornerEditorStyles = css`
  :host {
    display: block;
    container-type: size;
    min-block-size: 14rem;
    overflow: hidden;
    border-radius: var(--radius);
    background: var(--stage);
  }

  /* As large as it fits, in the photograph's own shape. */
  .room {
    display: grid;
    place-items: center;
    block-size: 100cqh;
  }

  .photo {
    position: relative;
    inline-size: min(100cqw - 2.5rem, (100cqh - 2.5rem) * var(--shape));
    aspect-ratio: var(--shape);
    touch-action: none;
    user-select: none;
  }

  canvas,
  svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }

  svg {
    overflow: visible;
    pointer-events: none;
  }

  .outside {
    fill: rgb(0 0 0 / 40%);
    stroke: none;
  }

  .edge {
    fill: none;
    stroke: #7fe0e6;
    stroke-width: 2.5;
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }

  .edge.wrong {
    stroke: #ffb3a7;
    stroke-dasharray: 6 5;
  }

  .corner {
    position: absolute;
    inset-block-start: calc(var(--y) * 1%);
    inset-inline-start: calc(var(--x) * 1%);
    inline-size: 3.5rem;
    block-size: 3.5rem;
    margin: -1.75rem;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: transparent;
    cursor: grab;
    touch-action: none;
  }

  .corner::before {
    content: '';
    position: absolute;
    inset: 1.05rem;
    border: 3px solid #7fe0e6;
    border-radius: 50%;
    background: rgb(0 0 0 / 35%);
    box-shadow: 0 0 0 1.5px rgb(0 0 0 / 70%);
  }

  .corner:focus-visible {
    outline: none;
  }

  .corner:focus-visible::before {
    inset: 0.85rem;
    background: #7fe0e6;
    outline: 3px solid #ffffff;
    outline-offset: 2px;
  }

  .corner.held {
    cursor: grabbing;
  }

  .corner.held::before {
    background: transparent;
  }

  .lens {
    position: absolute;
    inset: 0.5rem auto auto 0.5rem;
    inline-size: 8.5rem;
    block-size: 8.5rem;
    border: 3px solid #ffffff;
    border-radius: 50%;
    background: #000000;
    box-shadow: 0 2px 14px rgb(0 0 0 / 60%);
    pointer-events: none;
  }

  .lens.other {
    inset: 0.5rem 0.5rem auto auto;
  }

  @media (forced-colors: active) {
    .corner::before {
      border-color: Highlight;
    }
  }
`;
