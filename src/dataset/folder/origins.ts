/** From the address in a metadata sheet to the collection's name, as the published database cites it. */
const KNOWN: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/bimcv|padchest/i, 'PadChest (BIMCV)'],
  [/ml-workgroup|covid-19-image-repository/i, 'Hannover Medical School'],
  [/COVID-CXNet|armiro/i, 'COVID-CXNet (GitHub)'],
  [/rsna-pneumonia/i, 'RSNA Pneumonia Detection Challenge'],
  [/chest-xray-pneumonia|kermany|mendeley/i, 'Guangzhou Women and Children’s Medical Center'],
  [/sirm\.org/i, 'SIRM'],
  [/eurorad/i, 'Eurorad'],
  [/ieee8023|covid-chestxray-dataset/i, 'covid-chestxray-dataset (GitHub)'],
  [/twitter|t\.co\//i, 'Twitter'],
  [/figure1|agchung/i, 'Figure 1 (GitHub)'],
];

/** A readable name; the host of an address nobody knows, or the text itself; null for none. */
export function originOf(address: string): string | null {
  const text = address.trim();
  if (text === '') return null;
  const known = KNOWN.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  const host = /^https?:\/\/(?:www\.)?([^/?#]+)/i.exec(text)?.[1];
  return host?.toLowerCase() ?? text.slice(0, 60);
}
