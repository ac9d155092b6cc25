import { css } from 'lit';

export const thumbListStyles = css`
  :host {
    /* A fixed height per row, in rem: rows in sight are found by arithmetic. */
    --row-rem: 5;

    display: block;
    container: list / inline-size;
    min-block-size: 0;
  }

  .scroller {
    position: relative;
    block-size: 100%;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  ul {
    position: relative;
    block-size: calc(var(--rows, 0) * var(--row-rem) * 1rem);
    padding: 0;
    list-style: none;
  }

  li {
    position: absolute;
    inset-block-start: calc(var(--row, 0) * var(--row-rem) * 1rem);
    inset-inline: 0;
    display: flex;
    gap: var(--space-1);
    align-items: center;
    block-size: calc(var(--row-rem) * 1rem);
    padding-inline-end: var(--space-2);
    border-block-end: 1px solid var(--line);
    contain: layout style paint;
  }

  li.selected {
    background: var(--accent-soft);
    box-shadow: inset 3px 0 0 var(--accent);
  }

  li.selected:dir(rtl) {
    box-shadow: inset -3px 0 0 var(--accent);
  }

  .open {
    display: flex;
    flex: 1;
    gap: var(--space-3);
    align-items: center;
    min-inline-size: 0;
    block-size: 100%;
    padding: 0 var(--space-3);
    border: 0;
    background: transparent;
    color: inherit;
    font: inherit;
    text-align: start;
    cursor: pointer;
  }

  .open:hover {
    background: var(--sunken);
  }

  .open:focus-visible {
    outline-offset: -3px;
  }

  .text {
    display: grid;
    flex: 1;
    min-inline-size: 0;
    line-height: 1.35;
  }

  .name,
  .note {
    overflow: hidden;
    color: var(--ink-quiet);
    font-size: var(--text-small);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .line {
    display: flex;
    gap: var(--space-3);
    justify-content: space-between;
    min-inline-size: 0;
    font-size: var(--text-note);
    font-weight: 600;
  }

  .todo {
    flex: none;
    font-weight: 700;
  }

  .todo.refer {
    color: var(--trouble);
  }

  .todo.uncertain {
    color: var(--caution);
  }

  .todo.not-flagged {
    color: var(--ink-quiet);
  }

  .todo + .words {
    flex: 1;
    font-weight: 500;
  }

  .words {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .figure {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .waiting .line,
  .busy .line {
    color: var(--ink-quiet);
    font-weight: 450;
  }

  .trouble .line {
    color: var(--trouble);
    line-height: 1.3;
  }

  .trouble .words {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    white-space: normal;
  }

  /* Where there is little room the remedy is told with the picture. */
  @container list (max-width: 30rem) {
    .note {
      display: none;
    }
  }

  .remove {
    color: var(--ink-quiet);
  }
`;
