import { css } from 'lit';

export const viewerStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    background: var(--stage);
    color: var(--ink);
  }

  .frame {
    position: relative;
    flex: 1;
    min-block-size: 0;
  }

  .stage {
    position: absolute;
    inset: 0;
    overflow: hidden;
    background: var(--stage);
    cursor: grab;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
  }

  .stage.level {
    cursor: ns-resize;
  }

  .stage.fitted {
    cursor: default;
  }

  .stage.fitted.level {
    cursor: ns-resize;
  }

  /* With the whole picture in sight an upright stroke scrolls the page, as everywhere else. */
  .stage.fitted.move {
    touch-action: pan-y;
  }

  .stage:active.move:not(.fitted) {
    cursor: grabbing;
  }

  .stage:focus-visible {
    outline-offset: -3px;
  }

  canvas {
    position: absolute;
    inset: 0;
    display: block;
    inline-size: 100%;
    block-size: 100%;
    background: var(--stage);
  }

  .over {
    position: absolute;
    inset-inline: 0;
    inset-block-end: var(--space-3);
    display: grid;
    justify-items: center;
    padding-inline: var(--space-3);
    pointer-events: none;
  }

  .sliders {
    display: grid;
    grid-template-columns: auto minmax(6rem, 14rem);
    gap: 0 var(--space-4);
    align-items: center;
    padding: var(--space-1) var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--panel);
    font-size: var(--text-note);
    pointer-events: auto;
  }

  .sliders input {
    inline-size: 100%;
    min-block-size: var(--touch);
    margin: 0;
    accent-color: var(--accent);
  }

  .message {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    padding: var(--space-5);
    color: var(--on-stage);
    text-align: center;
    pointer-events: none;
  }

  .message p {
    max-inline-size: 28rem;
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
    align-items: center;
    justify-content: center;
    padding: var(--space-1) var(--space-2);
    border-block-start: 1px solid var(--line);
    background: var(--panel);
  }

  .group {
    display: flex;
    gap: 2px;
    align-items: center;
  }

  .group + .group::before {
    content: '';
    inline-size: 1px;
    block-size: 1.5rem;
    margin-inline: var(--space-1);
    background: var(--line);
  }

  .toolbar [aria-pressed='true'] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent-strong);
  }

  .zoom {
    min-inline-size: 3.75rem;
    color: var(--ink-quiet);
    font-size: var(--text-small);
    font-variant-numeric: tabular-nums;
    text-align: center;
  }

  @container viewer (max-width: 29rem) {
    .zoom,
    .group + .group::before {
      display: none;
    }

    .toolbar {
      gap: 0;
      justify-content: space-between;
    }
  }

  :host {
    container: viewer / inline-size;
  }

  @media print {
    .toolbar,
    .over {
      display: none;
    }

    :host {
      background: transparent;
    }
  }
`;
