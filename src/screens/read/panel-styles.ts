import { css } from 'lit';

export const panelStyles = css`
  :host {
    display: block;
    container: result-panel / inline-size;
  }

  .panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    align-content: start;
    padding: var(--space-5);
  }

  .verdict {
    display: grid;
    gap: var(--space-3);
  }

  .adapted {
    margin-block: var(--space-1);
    color: var(--ink-quiet);
    font-size: var(--text-note);
  }

  .over {
    color: var(--ink-quiet);
    font-size: var(--text-note);
  }

  h2 {
    font-size: var(--text-head);
    font-weight: 660;
    line-height: var(--leading-tight);
    letter-spacing: -0.015em;
    text-wrap: balance;
  }

  .open h2 {
    font-size: var(--text-title);
  }

  .refused h2 {
    font-size: var(--text-title);
    text-wrap: pretty;
  }

  .sure {
    justify-self: start;
    padding: var(--space-1) var(--space-3);
    border-radius: 2rem;
    background: var(--accent-soft);
    color: var(--accent-strong);
    font-weight: 620;
    font-variant-numeric: tabular-nums;
  }

  .open .sure,
  .unsure .sure {
    background: var(--caution-soft);
    color: var(--caution);
  }

  .unreliable .sure {
    background: var(--trouble-soft);
    color: var(--trouble);
  }

  .unreliable h2 {
    color: var(--ink-quiet);
  }

  .meaning {
    color: var(--ink-quiet);
    font-size: var(--text-note);
    line-height: 1.45;
  }

  .lines {
    display: grid;
    gap: var(--space-3);
    align-content: start;
    padding: 0;
    list-style: none;
  }

  .lines li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--space-1) var(--space-3);
    align-items: start;
    line-height: 1.45;
    /* No last line of two letters: "COVID-" and then "19" reads badly. */
    text-wrap: pretty;
  }

  .lines li > svg {
    margin-block-start: 0.1rem;
    color: var(--ink-quiet);
  }

  .lines .caution > svg {
    color: var(--caution);
  }

  .lines .serious {
    font-weight: 600;
  }

  .lines .serious > svg {
    color: var(--trouble);
  }

  .lines .next > svg {
    color: var(--accent);
  }

  .next svg:dir(rtl),
  .undo svg:dir(rtl) {
    transform: scaleX(-1);
  }

  .lines .button {
    grid-column: 2;
    justify-self: start;
  }

  .changed {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
    align-items: center;
    justify-content: space-between;
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-small);
    background: var(--sunken);
    font-size: var(--text-note);
  }

  .code,
  .fine {
    color: var(--ink-quiet);
    font-size: var(--text-small);
    line-height: 1.45;
  }

  .code code {
    font-family: var(--font-mono);
  }

  .fine > * + * {
    margin-block-start: var(--space-2);
  }

  .notices {
    display: grid;
    gap: var(--space-2);
  }

  .notices:empty {
    display: none;
  }

  hr {
    inline-size: 100%;
    margin: 0;
    border: 0;
    border-block-start: 1px solid var(--line);
  }

  .print-only {
    display: none;
  }

  @container result-panel (min-width: 38rem) {
    .verdict {
      grid-template-columns: 1fr 1fr;
      gap: var(--space-3) var(--space-6);
    }

    .said {
      display: grid;
      gap: var(--space-3);
      align-content: start;
    }
  }

  .said {
    display: grid;
    gap: var(--space-3);
    align-content: start;
  }

  @media (forced-colors: active) {
    .sure,
    .changed {
      border: 1px solid CanvasText;
    }
  }

  @media print {
    .print-only {
      display: block;
    }

    .panel {
      padding: var(--space-4) 0;
    }

    /* Nothing can be changed on paper. */
    p > a[href^='#'] {
      display: none;
    }
  }
`;
