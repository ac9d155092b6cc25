import { css } from 'lit';

/** A panel of one section: its parts below each other, words no wider than reads well. */
export const panelStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--panel-gap, var(--space-4));
  }

  .prose {
    max-inline-size: var(--measure);
  }
`;

export const insightsStyles = css`
  .lead {
    margin-block-end: var(--space-5);
  }

  .contents {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    margin-block-start: var(--space-5);
  }

  .contents .button {
    min-block-size: var(--touch);
    padding-inline: var(--space-3);
    color: var(--ink-quiet);
    font-size: var(--text-small);
    font-weight: 500;
  }

  section {
    scroll-margin-block-start: var(--space-4);
  }

  h2 {
    display: flex;
    gap: var(--space-3);
    align-items: baseline;
  }

  h2:focus {
    outline: none;
  }

  .number {
    flex: none;
    min-inline-size: 1.6em;
    color: var(--accent);
    font-variant-numeric: tabular-nums;
  }

  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
  }

  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr));
    gap: var(--space-4);
    align-items: start;
  }

  .charts.wide {
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr));
  }

  .charts > .whole {
    grid-column: 1 / -1;
  }

  .card {
    min-inline-size: 0;
  }

  .card.prose {
    max-inline-size: none;
    overflow-wrap: anywhere;
  }

  .gallery {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr));
    gap: var(--space-3);
    padding: 0;
    font-size: var(--text-small);
    list-style: none;
  }

  .beyond {
    margin-block-start: var(--space-8);
    padding-block-start: var(--space-5);
    border-block-start: 1px solid var(--line);
  }

  @media (max-width: 40rem) {
    .contents {
      flex-wrap: nowrap;
      margin-inline: calc(-1 * var(--space-4));
      padding-inline: var(--space-4);
      overflow-x: auto;
    }

    .contents .button {
      flex: none;
    }
  }

  @media print {
    .contents {
      display: none;
    }

    section {
      break-inside: auto;
    }

    h2,
    h3 {
      break-after: avoid;
    }

    .charts {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
`;
