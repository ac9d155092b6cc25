/** The classes of the published database, and what a folder's name makes of them. */
export const PUBLISHED_LABELS = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'] as const;

const byPlainName = new Map(PUBLISHED_LABELS.map((label) => [plain(label), label]));

/** The published spelling where only case, spaces, hyphens or underscores differ; else as it is. */
export function labelOf(folderName: string): string {
  const name = plain(folderName);
  return byPlainName.get(name === 'covid19' ? 'covid' : name) ?? folderName;
}

/** The published four first, in their order, then by name. */
export function sortLabels(labels: Iterable<string>): string[] {
  const rank = (label: string): number => {
    const at = PUBLISHED_LABELS.findIndex((each) => each === label);
    return at < 0 ? PUBLISHED_LABELS.length : at;
  };
  return [...labels].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}
