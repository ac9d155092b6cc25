import { css } from 'lit';

export const workListStyles = css`
  :host {
    /* A fixed height per row, in rem: rows in sight are found by arithmetic. */
    --row-rem: 4.25;
    --head-rem: 2.75;
    --columns: var(--touch) 3.5rem minmax(8rem, 1.4fr) minmax(7rem, 0.9fr) 5.5rem
      minmax(9rem, 1.2fr);

    display: block;
    container: work / inline-size;
    min-block-size: 0;
  }

  .scroller {
    position: relative;
    block-size: 100%;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scroll-padding-block-start: calc(var(--head-rem) * 1rem);
  }

  .row {
    position: relative;
    display: grid;
    grid-template: minmax(0, 1fr) / var(--columns);
    gap: 0 var(--space-3);
    align-items: center;
    padding-inline: var(--space-1) var(--space-4);
    border-block-end: 1px solid var(--line);
  }

  .head {
    position: sticky;
    z-index: 2;
    inset-block-start: 0;
    block-size: calc(var(--head-rem) * 1rem);
    background: var(--panel);
  }

  .titles {
    block-size: 100%;
  }

  .rows {
    position: relative;
    block-size: calc(var(--rows, 0) * var(--row-rem) * 1rem);
  }

  .rows .row {
    position: absolute;
    inset-block-start: calc(var(--row, 0) * var(--row-rem) * 1rem);
    inset-inline: 0;
    block-size: calc(var(--row-rem) * 1rem);
    contain: layout style paint;
    cursor: pointer;
  }

  .rows .row:hover {
    background: var(--sunken);
  }

  .rows .row.marked {
    background: var(--accent-soft);
  }

  .row:focus-visible {
    outline-offset: -3px;
  }

  .check {
    display: grid;
    place-items: center;
    inline-size: var(--touch);
    block-size: calc(var(--row-rem) * 1rem - 1px);
    padding: 0;
    border: 0;
    background: transparent;
    color: var(--on-accent);
    cursor: pointer;
  }

  .head .check {
    block-size: calc(var(--head-rem) * 1rem);
  }

  .check:focus-visible {
    outline-offset: -4px;
  }

  .box {
    display: grid;
    place-items: center;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    border: 1.5px solid var(--line-strong);
    border-radius: 0.3rem;
    background: var(--panel);
  }

  .box svg {
    stroke-width: 3;
  }

  [aria-checked='true'] .box,
  [aria-checked='mixed'] .box {
    border-color: var(--accent);
    background: var(--accent);
  }

  .sorter {
    display: inline-flex;
    gap: var(--space-1);
    align-items: center;
    min-block-size: var(--touch);
    margin-inline-start: calc(-1 * var(--space-2));
    padding: 0 var(--space-2);
    border: 0;
    border-radius: var(--radius-small);
    background: transparent;
    color: var(--ink-quiet);
    font: inherit;
    font-size: var(--text-small);
    font-weight: 600;
    white-space: nowrap;
    cursor: pointer;
  }

  .sorter:hover {
    background: var(--sunken);
    color: var(--ink);
  }

  .sorter svg {
    visibility: hidden;
  }

  [aria-sort='ascending'] .sorter,
  [aria-sort='descending'] .sorter {
    color: var(--ink);
  }

  [aria-sort='ascending'] svg,
  [aria-sort='descending'] svg {
    visibility: visible;
  }

  .name {
    display: grid;
    min-inline-size: 0;
    font-size: var(--text-note);
    line-height: 1.35;
  }

  .name > span,
  .words {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .folder {
    color: var(--ink-quiet);
    font-size: var(--text-small);
  }

  .words {
    font-size: var(--text-note);
    font-weight: 600;
  }

  .figure {
    font-size: var(--text-note);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .waiting .words,
  .busy .words {
    color: var(--ink-quiet);
    font-weight: 450;
  }

  .trouble .words {
    display: -webkit-box;
    grid-column: 4 / -1;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    color: var(--trouble);
    font-size: var(--text-small);
    line-height: 1.35;
    white-space: normal;
  }

  .trouble .figure,
  .trouble .flags {
    display: none;
  }

  .flags {
    display: flex;
    gap: var(--space-1);
    align-items: center;
    min-inline-size: 0;
    overflow: hidden;
  }

  .flag {
    overflow: hidden;
    flex: 0 1 auto;
    min-inline-size: 2.5rem;
    padding: 0.1rem var(--space-2);
    border-radius: 1rem;
    background: var(--caution-soft);
    color: var(--caution);
    font-size: var(--text-small);
    font-weight: 550;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .more {
    flex: none;
    color: var(--caution);
    font-size: var(--text-small);
    font-weight: 600;
  }

  .empty {
    padding: var(--space-6) var(--space-4);
    color: var(--ink-quiet);
    text-align: center;
  }

  @container work (max-width: 44rem) {
    .row {
      grid-template:
        'check thumb words figure' 1fr
        'check thumb name flags' 1fr / var(--touch) 3.25rem minmax(0, 1fr) minmax(3rem, auto);
      gap: 0 var(--space-2);
      padding-inline-end: var(--space-3);
    }

    .rows .row {
      padding-block: var(--space-2);
    }

    .titles {
      grid-template: 1fr / var(--touch) 1fr;
    }

    .titles > :not(:first-child) {
      display: none;
    }

    .mark {
      grid-area: check;
    }

    fr-thumbnail {
      grid-area: thumb;
      inline-size: 3.25rem;
      block-size: 3.25rem;
    }

    .thumb {
      grid-area: thumb;
    }

    .name {
      grid-area: name;
      align-self: start;
      color: var(--ink-quiet);
      font-size: var(--text-small);
    }

    .folder {
      display: none;
    }

    .words {
      grid-area: words;
      align-self: end;
    }

    .figure {
      grid-area: figure;
      align-self: end;
      justify-self: end;
      font-weight: 600;
    }

    .flags {
      grid-area: flags;
      align-self: start;
      justify-content: flex-end;
      max-inline-size: 9rem;
    }

    .flag:nth-of-type(n + 2) {
      display: none;
    }

    .trouble .words {
      grid-column: 3 / -1;
    }

    .trouble .name {
      grid-column: 3 / -1;
    }
  }

  @media (forced-colors: active) {
    .flag {
      border: 1px solid CanvasText;
    }

    .rows .row.marked {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  @media print {
    .scroller {
      block-size: auto;
      overflow: visible;
    }

    .check,
    .sorter svg {
      visibility: hidden;
    }
  }
`;
