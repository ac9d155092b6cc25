/** What was chosen, dropped, pasted or shared: files, or folders in one of the browsers' ways. */
export interface FilesGiven {
  readonly files?: readonly {
    readonly name: string;
    readonly source: Blob;
    /** Where the picture comes from, if not from a file. */
    readonly origin?: 'photograph of film';
  }[];
  /** Of a drop with folders in it; files dropped with them are among these. */
  readonly entries?: readonly FileSystemEntry[];
  /** Of `showDirectoryPicker`. */
  readonly folder?: FileSystemDirectoryHandle;
  /** Of `<input webkitdirectory>`, each with its path. */
  readonly folderFiles?: readonly File[];
}
