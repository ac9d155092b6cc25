import type { FilesGiven } from './files-given.ts';
/** Asks for a folder in the browser's own window: a directory handle where there is one, else its files. */

type DirectoryPicker = (options: {
  readonly id: string;
  readonly mode: 'read';
}) => Promise<FileSystemDirectoryHandle>;

function picker(): DirectoryPicker | null {
  const { showDirectoryPicker } = window as { showDirectoryPicker?: DirectoryPicker };
  return showDirectoryPicker?.bind(window) ?? null;
}

/** Phones of some makers have no folders to choose. */
export function canPickFolder(): boolean {
  return picker() !== null || 'webkitdirectory' in HTMLInputElement.prototype;
}

/** Null when the person chose none. */
export async function pickFolder(): Promise<FilesGiven | null> {
  const pick = picker();
  if (!pick) return pickFolderFiles();
  try {
    return { folder: await pick({ id: 'radiographs', mode: 'read' }) };
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === 'AbortError') return null;
    // Forbidden in a frame, or by the administrator: the older way may be open.
    return pickFolderFiles();
  }
}

function pickFolderFiles(): Promise<FilesGiven | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.webkitdirectory = true;
    input.addEventListener('change', () => {
      const folderFiles = [...(input.files ?? [])];
      resolve(folderFiles.length > 0 ? { folderFiles } : null);
    });
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}
