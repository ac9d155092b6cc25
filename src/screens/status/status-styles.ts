import { css } from 'lit';

export const statusStyles = css`
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
    gap: var(--space-5);
    align-items: start;
  }

  .column {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-5);
  }

  .column > section {
    margin: 0;
  }

  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    min-inline-size: 0;
  }

  .card h2 {
    margin: 0;
  }

  dl {
    display: grid;
    grid-template-columns: minmax(7rem, 10.5rem) 1fr;
    gap: var(--space-2) var(--space-4);
    font-size: var(--text-note);
    line-height: 1.45;
  }

  dt {
    color: var(--ink-quiet);
  }

  dd {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .details {
    display: grid;
    gap: var(--space-2);
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: var(--text-note);
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .state {
    display: inline-flex;
    gap: var(--space-2);
    align-items: flex-start;
  }

  .state svg {
    flex: none;
  }

  .state.good svg {
    color: var(--good);
  }

  .state.caution svg {
    color: var(--caution);
  }

  .row .button {
    font-size: var(--text-note);
  }

  .row select {
    font-size: var(--text-note);
  }

  .support {
    margin-block-end: var(--space-3);
  }
`;
