import { html } from 'lit';

/** One numbered part of the page. */
export function section(number: number, title: string, content: unknown): unknown {
  const id = `section-${number}`;
  return html`<section id=${id} aria-labelledby="${id}-title">
    <h2 id="${id}-title" tabindex="-1"><span class="number">${number}</span> ${title}</h2>
    <div class="stack">${content}</div>
  </section>`;
}
