/** What the parts of the evaluation screen share. */
import { css } from 'lit';

export const evaluationStyles = css`
  :host {
    display: block;
  }

  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    margin-block-start: var(--space-6);
  }

  h2 {
    margin-block-end: 0;
  }

  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
    gap: var(--space-5);
    align-items: start;
  }

  .pair > * {
    min-inline-size: 0;
  }

  .charts > .note {
    grid-column: 1 / -1;
  }

  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr));
    gap: var(--space-4);
  }

  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 8.5rem), 1fr));
    gap: var(--space-3);
    margin: 0;
  }

  .tiles > div {
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    background: var(--panel);
  }

  .tiles dt {
    color: var(--ink-quiet);
    font-size: var(--text-small);
  }

  .tiles dd {
    font-size: var(--text-lead);
    font-weight: 620;
    font-variant-numeric: tabular-nums;
  }

  .tiles small {
    display: block;
    color: var(--ink-quiet);
    font-size: var(--text-small);
    font-weight: 400;
  }

  .preserve {
    white-space: pre-line;
    overflow-wrap: anywhere;
  }

  .note {
    max-inline-size: var(--measure);
    color: var(--ink-quiet);
    font-size: var(--text-note);
  }

  @media print {
    .charts,
    .pair {
      grid-template-columns: 1fr 1fr;
    }

    .charts > *,
    .tiles > div {
      break-inside: avoid;
    }
  }
`;
