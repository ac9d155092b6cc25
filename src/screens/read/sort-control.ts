import { msg } from '@lit/localize';
import { html } from 'lit';
import { icon } from '../../elements/icons.ts';
import type { ReadingSession } from '../../session/index.ts';
import type { SortKey } from '../../session/types.ts';

/** By what the list is sorted, and which way. */
export function renderSort(session: ReadingSession): unknown {
  const { order } = session;
  const options: readonly (readonly [SortKey, string])[] = [
    ['look-first', msg('Look at these first')],
    ['order', msg('Order opened')],
    ['name', msg('Name')],
    ['class', msg('Class')],
    ['probability', msg('Probability')],
    ['flags', msg('Flags')],
  ];
  const direction = order.descending ? msg('Descending') : msg('Ascending');
  return html`<div class="sort">
    <label for="sort">${msg('Sort by')}</label>
    <select
      id="sort"
      @change=${(event: Event) =>
        session.sortBy({
          key: (event.target as HTMLSelectElement).value as SortKey,
          descending: order.descending,
        })}
    >
      ${options.map(
        ([key, words]) =>
          html`<option value=${key} ?selected=${key === order.key}>${words}</option>`,
      )}
    </select>
    <button
      class="button icon"
      type="button"
      aria-label=${direction}
      title=${direction}
      @click=${() => session.sortBy({ key: order.key, descending: !order.descending })}
    >
      ${icon(order.descending ? 'down' : 'up', 20)}
    </button>
  </div>`;
}
