import { css } from 'lit';

export const cameraViewStyles = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    min-block-size: 0;
    background: var(--stage);
    color: var(--on-stage);
  }

  .finder {
    position: relative;
    display: grid;
    place-items: center;
    min-block-size: 12rem;
    overflow: hidden;
    container-type: size;
  }

  video {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
  }

  /* A film of 35 × 43 cm; others fit in as well. */
  .frame {
    position: relative;
    inline-size: min(82cqw, 82cqh * 0.814);
    aspect-ratio: 0.814;
    pointer-events: none;
  }

  .frame i {
    position: absolute;
    inline-size: 2.75rem;
    block-size: 2.75rem;
    border: 4px solid #ffffff;
    filter: drop-shadow(0 0 2px rgb(0 0 0 / 90%));
  }

  .frame i:nth-child(1) {
    inset: 0 auto auto 0;
    border-width: 4px 0 0 4px;
  }

  .frame i:nth-child(2) {
    inset: 0 0 auto auto;
    border-width: 4px 4px 0 0;
  }

  .frame i:nth-child(3) {
    inset: auto 0 0 auto;
    border-width: 0 4px 4px 0;
  }

  .frame i:nth-child(4) {
    inset: auto auto 0 0;
    border-width: 0 0 4px 4px;
  }

  .aim {
    position: absolute;
    inset-block-end: var(--space-3);
    max-inline-size: calc(100% - 2rem);
    padding: var(--space-1) var(--space-3);
    border-radius: 2rem;
    background: rgb(0 0 0 / 72%);
    color: #ffffff;
    font-size: var(--text-note);
    text-align: center;
  }

  .tools {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr);
    gap: var(--space-3) var(--space-4);
    align-items: center;
    padding: var(--space-3) var(--space-4);
  }

  .tools > :first-child {
    justify-self: start;
  }

  ::slotted(*) {
    justify-self: end;
  }

  .button {
    border-color: #8d9a98;
    color: var(--on-stage);
  }

  .button:hover {
    background: #1e2627;
  }

  .button[aria-pressed='true'] {
    border-color: #f2d37a;
    background: #f2d37a;
    color: #1b1503;
  }

  .shutter {
    inline-size: 4.5rem;
    block-size: 4.5rem;
    border: 4px solid var(--stage);
    border-radius: 50%;
    background: #ffffff;
    box-shadow: 0 0 0 3px #ffffff;
    cursor: pointer;
  }

  .shutter[disabled] {
    opacity: 0.45;
    cursor: default;
  }

  .shutter:focus-visible {
    outline: 3px solid #7fe0e6;
    outline-offset: 5px;
  }

  .settings {
    display: grid;
    grid-column: 1 / -1;
    grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
    gap: var(--space-2) var(--space-5);
    align-items: end;
  }
`;
