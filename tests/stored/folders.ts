/** The labelled folders that the committed data came from: the same files give the same folder key. */
import { openLabelledFolder, type LabelledFolder } from '../../src/dataset/index.ts';
import { learnableFiles } from '../adaptation/support.ts';
import { givenFolder, type FileBytes } from '../fixtures/labelled-folder.ts';

const { signal } = new AbortController();

/** Eight pictures of two classes, and one file that is none. */
export async function storedFolder(): Promise<LabelledFolder> {
  const files: Record<string, FileBytes> = {
    ...(await learnableFiles({ COVID: 4, Normal: 4 })),
    'Normal/Normal 9 broken.png': 'this is no picture',
  };
  return openLabelledFolder(givenFolder('Ward 3', files), { signal });
}

/** The folder, with a count of how often a file of it was opened. */
export function counted(folder: LabelledFolder): LabelledFolder & { opened: () => number } {
  let opened = 0;
  const items = folder.items.map((item) => ({
    path: item.path,
    label: item.label,
    origin: item.origin,
    group: item.group,
    mask: item.mask,
    open: (at?: AbortSignal): Promise<File> => {
      opened += 1;
      return item.open(at);
    },
  }));
  return { ...folder, items, opened: () => opened };
}
