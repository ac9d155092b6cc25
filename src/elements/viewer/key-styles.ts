import { css } from 'lit';

/** For every shadow root that shows the help. */
export const keyStyles = css`
  .key-lists {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
    gap: var(--space-5) var(--space-6);
  }

  .key-lists h3 {
    margin-block-end: var(--space-3);
    font-size: var(--text-note);
    font-weight: 620;
  }

  .keys {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: var(--space-2) var(--space-5);
    font-size: var(--text-note);
  }

  .keys dt {
    white-space: nowrap;
  }

  kbd {
    display: inline-block;
    min-inline-size: 1.6em;
    padding: 0.05em 0.4em;
    border: 1px solid var(--line-strong);
    border-radius: 0.3em;
    background: var(--sunken);
    font-family: var(--font);
    font-size: var(--text-small);
    text-align: center;
  }
`;
