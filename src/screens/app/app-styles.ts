import { css } from 'lit';

export const appStyles = css`
  :host {
    display: grid;
    grid-template:
      'head nav' auto
      'banner banner' auto
      'main main' 1fr
      'foot foot' auto / 1fr auto;
    min-block-size: 100vh;
    min-block-size: 100dvh;
    background: var(--page);
    color: var(--ink);
  }

  /* The reading room fills the window exactly; its parts scroll on their own. */
  :host([room]) {
    block-size: 100vh;
    block-size: 100dvh;
    overflow: hidden;
  }

  .skip {
    position: absolute;
    inset-block-start: var(--space-2);
    inset-inline-start: var(--space-2);
    z-index: 30;
    background: var(--panel);
  }

  .skip:not(:focus) {
    clip-path: inset(50%);
  }

  header,
  nav {
    display: flex;
    align-items: center;
    min-block-size: 3.75rem;
    padding-block-start: env(safe-area-inset-top, 0);
    border-block-end: 1px solid var(--line);
    background: var(--panel);
  }

  header {
    grid-area: head;
    gap: var(--space-5);
    padding-inline-start: max(var(--space-5), env(safe-area-inset-left, 0));
  }

  .brand {
    display: inline-flex;
    gap: var(--space-3);
    align-items: center;
    min-block-size: var(--touch);
    color: var(--ink);
    font-size: var(--text-lead);
    font-weight: 680;
    letter-spacing: -0.015em;
    text-decoration: none;
  }

  nav {
    grid-area: nav;
    gap: var(--space-1);
    padding-inline-end: max(var(--space-4), env(safe-area-inset-right, 0));
  }

  nav a {
    display: inline-flex;
    gap: var(--space-2);
    align-items: center;
    justify-content: center;
    min-block-size: var(--touch);
    padding-inline: var(--space-3);
    border-radius: var(--radius-small);
    color: var(--ink-quiet);
    font-size: var(--text-note);
    font-weight: 550;
    text-decoration: none;
  }

  nav a:hover {
    background: var(--sunken);
    color: var(--ink);
  }

  nav a[aria-current] {
    background: var(--accent-soft);
    color: var(--accent-strong);
  }

  .offline {
    display: inline-flex;
    gap: var(--space-1);
    align-items: center;
    color: var(--ink-quiet);
    font-size: var(--text-small);
  }

  /* Under the cover nothing can be seen, read out or reached. */
  :host([covered]) > :not(fr-cover) {
    visibility: hidden;
  }

  .banner {
    grid-area: banner;
    display: grid;
    gap: var(--space-2);
    padding-inline: var(--space-5);
  }

  .banner > :not([hidden]) {
    margin-block-start: var(--space-3);
  }

  main {
    grid-area: main;
    min-inline-size: 0;
    min-block-size: 0;
  }

  main:focus {
    outline: none;
  }

  .screen {
    block-size: 100%;
  }

  footer {
    grid-area: foot;
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3) var(--space-5);
    align-items: center;
    justify-content: space-between;
    padding: var(--space-4) var(--space-5);
    border-block-start: 1px solid var(--line);
    color: var(--ink-quiet);
    font-size: var(--text-small);
  }

  .center {
    display: grid;
    place-items: center;
    min-block-size: 40vh;
    padding: var(--space-5);
  }

  /* A tablet held upright: six ways in one line have no room for drawings. */
  @media (min-width: 44.01rem) and (max-width: 60rem) {
    nav {
      gap: 0;
    }

    nav a {
      padding-inline: var(--space-2);
    }

    nav a svg {
      display: none;
    }
  }

  @media (max-width: 44rem) {
    :host {
      grid-template:
        'head' auto
        'banner' auto
        'main' 1fr
        'foot' auto
        'nav' auto / minmax(0, 1fr);
    }

    header {
      padding-inline: var(--space-4);
    }

    nav {
      position: sticky;
      inset-block-end: 0;
      z-index: 10;
      gap: 0;
      min-block-size: 0;
      padding: 0 0 env(safe-area-inset-bottom, 0);
      border-block: 1px solid var(--line);
      border-block-end: 0;
    }

    nav a {
      flex: 1;
      flex-direction: column;
      gap: 0;
      min-block-size: 3.5rem;
      padding-inline: var(--space-1);
      border-radius: 0;
      font-size: 0.75rem;
      white-space: nowrap;
    }

    nav a[aria-current] {
      background: transparent;
      color: var(--accent);
      box-shadow: inset 0 3px 0 var(--accent);
    }

    .banner {
      padding-inline: var(--space-4);
    }

    footer {
      padding-inline: var(--space-4);
    }
  }

  /* Backgrounds are gone there: which screen it is has to be drawn otherwise. */
  @media (forced-colors: active) {
    nav a[aria-current] {
      outline: 2px solid Highlight;
      outline-offset: -4px;
    }
  }

  @media print {
    :host,
    :host([room]) {
      display: block;
      min-block-size: 0;
      block-size: auto;
      background: none;
      overflow: visible;
    }

    header,
    nav,
    footer,
    .banner,
    .skip {
      display: none;
    }
  }
`;
