/** A drawn chart as a file of its own: what the page's style sheets say of it is written into it. */

/** Everything our charts set by style sheets; each is also an attribute of SVG. */
const STYLED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** A standalone SVG document in the colors it is shown in, on its own background. */
export function svgDocument(svg: SVGSVGElement, title: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const pairs: [Element, Element][] = [[svg, copy]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [from, to] = pair;
    const style = getComputedStyle(from);
    for (const name of STYLED) to.setAttribute(name, style.getPropertyValue(name));
    to.removeAttribute('class');
    for (const [at, child] of [...from.children].entries()) {
      const twin = to.children[at];
      if (twin) pairs.push([child, twin]);
    }
  }
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute('xmlns', NAMESPACE);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const head = document.createElementNS(NAMESPACE, 'title');
  head.textContent = title;
  const ground = document.createElementNS(NAMESPACE, 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  const panel = getComputedStyle(svg).getPropertyValue('--panel').trim();
  ground.setAttribute('fill', panel || '#ffffff');
  copy.prepend(head, ground);
  return new XMLSerializer().serializeToString(copy).replaceAll(/<!--[\s\S]*?-->/g, '');
}

/**
 * The same as pixels, twice as fine as it stands in its view box.
 * @throws Error if this browser cannot draw it
 */
export async function pngOf(svg: SVGSVGElement, title: string, scale = 2): Promise<Blob> {
  const { width, height } = svg.viewBox.baseVal;
  const source = new Blob([svgDocument(svg, title)], { type: 'image/svg+xml' });
  const address = URL.createObjectURL(source);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The canvas gave no picture.'))),
        'image/png',
      ),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** "ROC: Lung opacity" → "roc-lung-opacity". */
export function fileStem(title: string): string {
  const stem = title
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return stem || 'chart';
}
