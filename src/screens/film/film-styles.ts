import { css } from 'lit';

export const filmStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    overflow-y: auto;
  }

  .bar {
    display: flex;
    flex: none;
    gap: var(--space-3);
    align-items: center;
    padding: var(--space-1) var(--space-3);
    border-block-end: 1px solid var(--line);
    background: var(--panel);
  }

  .bar h1 {
    flex: 1;
    min-inline-size: 0;
    margin: 0;
    font-size: var(--text-lead);
  }

  .back svg:dir(rtl) {
    transform: scaleX(-1);
  }

  .fill {
    flex: 1;
    min-block-size: 0;
  }

  fr-film-adjust {
    overflow-y: auto;
  }

  .button.on-stage {
    padding-inline: var(--space-3);
    border-color: #8d9a98;
    color: var(--on-stage);
  }

  .button.on-stage:hover {
    background: #1e2627;
  }

  .begin {
    display: grid;
    gap: var(--space-5);
    max-inline-size: 34rem;
    margin: auto;
    padding: var(--space-5);
  }

  .begin ul {
    display: grid;
    gap: var(--space-3);
    padding: 0;
    list-style: none;
  }

  .begin li {
    display: flex;
    gap: var(--space-3);
    align-items: flex-start;
    line-height: 1.45;
  }

  .begin li svg {
    flex: none;
    margin-block-start: 0.1rem;
    color: var(--accent);
  }

  .choices {
    display: grid;
    gap: var(--space-3);
  }

  .waiting {
    display: grid;
    gap: var(--space-3);
    inline-size: min(24rem, 100% - 2rem);
    margin: auto;
    text-align: center;
  }

  .adjust {
    display: grid;
    box-sizing: border-box;
    min-block-size: 100%;
    block-size: 100%;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(17rem, 21rem);
    gap: var(--space-4);
    min-block-size: 0;
    padding: var(--space-4);
  }

  .panel {
    display: flex;
    flex-direction: column;
    gap: var(--space-4);
    min-block-size: 0;
    overflow-y: auto;
  }

  .preview {
    display: grid;
    flex: 1;
    gap: var(--space-2);
    grid-template-rows: auto minmax(9rem, 1fr);
    min-block-size: 0;
  }

  .preview h2 {
    margin: 0;
    font-size: var(--text-small);
    font-weight: 600;
    color: var(--ink-quiet);
  }

  .preview figure {
    position: relative;
    min-block-size: 9rem;
    max-block-size: 22rem;
    overflow: hidden;
    border-radius: var(--radius-small);
    background: var(--stage);
  }

  .preview fr-thumbnail {
    inline-size: 100%;
    block-size: 100%;
  }

  .preview .busy fr-thumbnail {
    opacity: 0.45;
  }

  .preview fr-progress {
    position: absolute;
    inset-block-end: var(--space-2);
    inset-inline: var(--space-3);
  }

  .turns {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  .turns .button {
    flex: 1;
  }

  .turn-right svg {
    transform: scaleX(-1);
  }

  .note {
    color: var(--ink-quiet);
    font-size: var(--text-note);
    line-height: 1.45;
  }

  .panel .primary {
    inline-size: 100%;
  }

  @media (max-width: 54rem) and (orientation: portrait) {
    .adjust {
      grid-template: minmax(16rem, 1fr) auto / minmax(0, 1fr);
      gap: var(--space-3);
      padding: var(--space-3);
    }

    .panel {
      gap: var(--space-3);
      overflow: visible;
    }

    .preview {
      grid-template: auto minmax(0, 1fr) / minmax(0, 8.5rem) minmax(0, 1fr);
      gap: var(--space-1) var(--space-3);
    }

    .preview h2 {
      grid-column: 1 / -1;
    }

    .preview figure {
      min-block-size: 8rem;
      max-block-size: 10rem;
    }

    .turns {
      flex-direction: column;
    }

    .turns .button {
      flex: none;
    }

    .roomy {
      display: none;
    }
  }
`;
