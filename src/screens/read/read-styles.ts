import { css } from 'lit';

export const readStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }

  .empty {
    display: grid;
    flex: 1;
    place-items: center;
    min-block-size: min(36rem, 75vh);
    padding: var(--space-5);
  }

  .empty-body {
    display: grid;
    gap: var(--space-4);
    justify-items: center;
    max-inline-size: 30rem;
    text-align: center;
  }

  .empty-body > svg {
    color: var(--accent);
    stroke-width: 1.25;
  }

  .empty-body h1 {
    margin: 0;
  }

  .empty-body .button {
    margin-block: var(--space-2);
  }

  .list-view {
    display: flex;
    flex: 1;
    flex-direction: column;
    inline-size: 100%;
    max-inline-size: 52rem;
    min-block-size: 0;
    margin-inline: auto;
    padding: 0 var(--space-5) var(--space-5);
  }

  .list-view.many {
    max-inline-size: 76rem;
  }

  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-3);
    justify-content: center;
  }

  .empty-body .run {
    inline-size: 100%;
    text-align: start;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-4);
    align-items: center;
    justify-content: space-between;
    padding-block: var(--space-4);
  }

  .bar h1 {
    margin: 0;
    font-size: var(--text-title);
  }

  .list-view h1 {
    flex: 1;
    white-space: nowrap;
  }

  .actions {
    display: flex;
    gap: var(--space-2);
  }

  .sort {
    display: inline-flex;
    gap: var(--space-2);
    align-items: center;
    color: var(--ink-quiet);
    font-size: var(--text-note);
  }

  .list-holder {
    flex: 1;
    min-block-size: 0;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--panel);
  }

  fr-thumb-list,
  fr-work-view {
    block-size: 100%;
  }

  /* Below the list: it comes and goes without moving a row from under a finger. */
  .run {
    display: grid;
    gap: var(--space-2);
    padding-block-start: var(--space-4);
  }

  .run-line {
    display: flex;
    gap: var(--space-4);
    align-items: center;
    justify-content: space-between;
    font-size: var(--text-note);
    font-variant-numeric: tabular-nums;
  }

  .run-actions {
    display: inline-flex;
    flex: none;
    gap: var(--space-2);
  }

  .pace {
    display: block;
    color: var(--ink-quiet);
  }

  .intake {
    color: var(--ink-quiet);
  }

  aside .run-line {
    flex-wrap: wrap;
  }

  .picture-layout {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    flex: 1;
    min-block-size: 0;
  }

  aside {
    display: none;
    flex-direction: column;
    min-block-size: 0;
    border-inline-end: 1px solid var(--line);
    background: var(--panel);
  }

  aside .run {
    padding: var(--space-3);
    border-block-start: 1px solid var(--line);
  }

  aside fr-thumb-list {
    flex: 1;
  }

  .picture-column {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    min-inline-size: 0;
    min-block-size: 0;
  }

  .picture-bar {
    flex-wrap: nowrap;
    padding: var(--space-1) var(--space-3);
    border-block-end: 1px solid var(--line);
    background: var(--panel);
  }

  .picture-bar .file-name {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    font-size: var(--text-body);
    font-weight: 600;
    letter-spacing: 0;
    text-align: center;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .steps {
    display: flex;
    gap: var(--space-1);
    align-items: center;
  }

  .place {
    color: var(--ink-quiet);
    font-size: var(--text-note);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .back svg:dir(rtl),
  .steps svg:dir(rtl) {
    transform: scaleX(-1);
  }

  @media (min-width: 78rem) {
    .picture-layout.several {
      grid-template-columns: 20rem minmax(0, 1fr);
    }

    .several aside {
      display: flex;
    }
  }

  @media (max-width: 40rem) {
    .list-view {
      padding: 0;
    }

    .list-view .bar,
    .list-view .run {
      padding: var(--space-3) var(--space-4);
    }

    .roomy {
      display: none;
    }

    .list-view h1 {
      font-size: var(--text-lead);
    }

    .list-view .sort {
      flex: 1 0 100%;
      order: 1;
    }

    .sort select {
      flex: 1;
    }

    .sort label {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }

    .list-holder {
      border-inline: 0;
      border-block-end: 0;
      border-radius: 0;
    }

    .back span {
      display: none;
    }

    /* Room for the file's name: what tells it from the next one often stands at its end. */
    .picture-bar {
      gap: var(--space-1);
      padding-inline: var(--space-1);
    }
  }

  @media print {
    aside,
    .steps,
    .back {
      display: none !important;
    }

    .picture-bar .file-name {
      text-align: start;
    }
  }
`;
