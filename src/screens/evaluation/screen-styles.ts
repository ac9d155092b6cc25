/** Of the page around the parts: the cards for beginning, for the run under way, and for the site. */
import { css } from 'lit';

export const screenStyles = css`
  .page > section,
  .page > fr-notice,
  .page > .note {
    margin-block-start: var(--space-5);
  }

  .line {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-4);
    align-items: center;
    justify-content: space-between;
    font-variant-numeric: tabular-nums;
  }

  .along {
    margin-block-start: var(--space-5);
  }

  .back {
    margin-block-start: var(--space-5);
    margin-inline-start: calc(-1 * var(--space-4));
    color: var(--accent);
  }

  .counting {
    padding-block: var(--space-6);
  }

  .card ol {
    display: grid;
    gap: var(--space-3);
    max-inline-size: var(--measure);
    padding-inline-start: 1.3em;
  }

  pre {
    margin: var(--space-2) 0 0;
    padding: var(--space-3) var(--space-4);
    overflow-x: auto;
    border-radius: var(--radius-small);
    background: var(--sunken);
    font-family: var(--font-mono);
    font-size: var(--text-small);
    line-height: 1.5;
  }

  .classes {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-5);
    padding: 0;
    list-style: none;
    font-variant-numeric: tabular-nums;
  }

  .card label {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
    align-items: center;
  }

  @media print {
    .card,
    .along,
    .back,
    section:has(> fr-runs-list),
    fr-workbench-head {
      display: none;
    }
  }
`;
