/**
 * What is on the screen as plain HTML: shadow roots opened out, scripts, buttons and folded parts left
 * behind. A report made of it cannot say anything else than the screen does.
 */
import type { ListedPicture } from './picture-list.ts';

const PLAIN: ReadonlySet<string> = new Set(
  'section article h1 h2 h3 p table thead tbody tr th td caption figure figcaption ul ol li dl dt dd div span strong small pre'.split(
    ' ',
  ),
);
const LEFT_OUT: ReadonlySet<string> = new Set(
  'button style script template select label input dialog details fr-chart-tools fr-evaluated-picture fr-dialog'.split(
    ' ',
  ),
);
const KEPT = ['class', 'scope', 'colspan'] as const;
/** A report is read by people. */
const MOST_PICTURES = 500;

export interface FlattenWords {
  /** Heads of a list of pictures: file, what it is and was answered, how sure. */
  readonly pictureColumns: readonly [string, string, string];
  listed(picture: ListedPicture): readonly [string, string, string];
}

export function flatten(node: Node, words: FlattenWords): string {
  if (node.nodeType === Node.TEXT_NODE) return escapeHtml(node.textContent ?? '');
  if (!(node instanceof Element)) return '';
  const tag = node.localName;
  if (LEFT_OUT.has(tag) || node.classList.contains('visually-hidden')) return '';
  if (node instanceof SVGElement) return node.outerHTML.replaceAll(/<!--[\s\S]*?-->/g, '');
  if (tag === 'fr-picture-list') {
    return pictureTable((node as Element & { pictures: readonly ListedPicture[] }).pictures, words);
  }
  const inside = childrenOf(node)
    .map((child) => flatten(child, words))
    .join('');
  if (tag === 'slot') return inside;
  if (!PLAIN.has(tag)) return `<div class="${tag}">${inside}</div>`;
  const attributes = KEPT.flatMap((name) => {
    const value = node.getAttribute(name)?.trim();
    return value ? [` ${name}="${escapeHtml(value)}"`] : [];
  });
  const share = (node as HTMLElement).style.getPropertyValue('--share');
  if (share) attributes.push(` style="--share:${escapeHtml(share)}"`);
  return `<${tag}${attributes.join('')}>${inside}</${tag}>`;
}

function childrenOf(element: Element): Node[] {
  if (element instanceof HTMLSlotElement) {
    const given = element.assignedNodes();
    return given.length > 0 ? given : [...element.childNodes];
  }
  return [...(element.shadowRoot ?? element).childNodes];
}

function pictureTable(pictures: readonly ListedPicture[], words: FlattenWords): string {
  if (pictures.length === 0) return '';
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const rows = pictures.slice(0, MOST_PICTURES).map((picture) => row(words.listed(picture), 'td'));
  return `<table><thead>${row(words.pictureColumns, 'th')}</thead><tbody>${rows.join('')}</tbody></table>`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
