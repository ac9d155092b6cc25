/** Rules that every shadow root needs again. Tokens come from src/screens/styles/tokens.css. */
import { css } from 'lit';

export const baseStyles = css`
  :host {
    box-sizing: border-box;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }

  /* What the browser puts between details and what is in it passes nothing on. */
  details > * {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
  }

  a {
    color: var(--accent);
    text-underline-offset: 0.2em;
  }

  .quiet {
    color: var(--ink-quiet);
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Native buttons in three weights; the markup stays a plain `<button>`, so all of its semantics do. */
export const buttonStyles = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-block-size: var(--touch);
    min-inline-size: var(--touch);
    padding: var(--space-2) var(--space-4);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: transparent;
    color: var(--ink);
    font: inherit;
    font-weight: 550;
    line-height: 1.25;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
    transition: background-color var(--quick);
  }

  .button:hover {
    background: var(--sunken);
  }

  .button[disabled],
  .button[aria-disabled='true'] {
    cursor: default;
    opacity: 0.5;
  }

  .button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }

  .button.primary:hover:not([disabled]) {
    border-color: var(--accent-strong);
    background: var(--accent-strong);
  }

  .button.large {
    min-block-size: 3.5rem;
    padding-inline: var(--space-6);
    border-radius: var(--radius);
    font-size: var(--text-lead);
  }

  .button.bare {
    border-color: transparent;
  }

  .button.icon {
    padding: var(--space-2);
  }

  .button svg {
    flex: none;
  }

  select {
    max-inline-size: 100%;
    min-block-size: var(--touch);
    padding: 0 var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--panel);
    color: var(--ink);
    font: inherit;
  }

  @media (forced-colors: active) {
    .button {
      border-color: ButtonText;
    }
  }

  @media print {
    .button,
    select,
    label:has(+ select) {
      display: none;
    }
  }
`;

/** A page's reading column, headings and sections. */
export const pageStyles = css`
  :host {
    display: block;
  }

  .page {
    max-inline-size: var(--page-width);
    margin-inline: auto;
    padding: var(--space-6) var(--space-5) var(--space-8);
  }

  .page.narrow {
    max-inline-size: calc(var(--measure) + 2 * var(--space-5));
  }

  h1 {
    margin-block-end: var(--space-4);
    font-size: var(--text-head);
    font-weight: 650;
    line-height: var(--leading-tight);
    letter-spacing: -0.015em;
    text-wrap: balance;
  }

  h1:focus {
    outline: none;
  }

  h2 {
    margin-block-end: var(--space-3);
    font-size: var(--text-title);
    font-weight: 620;
    line-height: 1.25;
    letter-spacing: -0.01em;
  }

  h3 {
    margin-block-end: var(--space-2);
    font-size: var(--text-lead);
    font-weight: 620;
    line-height: 1.3;
  }

  .lead {
    max-inline-size: var(--measure);
    font-size: var(--text-lead);
  }

  .prose {
    max-inline-size: var(--measure);
  }

  .prose > * + * {
    margin-block-start: var(--space-3);
  }

  .prose ul {
    padding-inline-start: 1.25em;
  }

  .prose li + li {
    margin-block-start: var(--space-2);
  }

  section {
    margin-block-start: var(--space-7);
  }

  .card {
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--panel);
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3);
    align-items: center;
  }

  @media (max-width: 40rem) {
    .page {
      padding: var(--space-5) var(--space-4) var(--space-7);
    }

    .card {
      padding: var(--space-4);
    }
  }

  @media print {
    .page {
      max-inline-size: none;
      padding: 0;
    }

    section {
      break-inside: avoid;
    }
  }
`;
