/**
 * Whether a file holds more than one picture, by its first bytes and never by its name. This is the one
 * place that decides it, in a few lines: the code that opens archives and discs comes only then.
 */

/** As many bytes as the rules here look at. */
const HEAD_BYTES = 512;
/** Media Storage Directory Storage (DICOM PS3.4, B.5), as it stands in the file's head. */
const DIRECTORY_CLASS = /1\.2\.840\.10008\.1\.3\.10(?![\d.])/;
/** File-set ID or the first record's offset: what a table of contents begins with (PS3.3, F.3.2.1). */
const DIRECTORY_ELEMENTS = /\x04\0(?:\x30\x11|\x00\x12|\x02\x12)/;

export type Container = 'zip' | 'dicomdir';

/** `head`: the first 512 bytes of the file, or all of a shorter one. */
export function containerOf(head: Uint8Array): Container | null {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (/^PK(?:\x03\x04|\x05\x06|\x07\x08PK|00PK\x03\x04)/.test(text)) return 'zip';
  if (text.startsWith('DICM', 128)) {
    return DIRECTORY_CLASS.test(text) || DIRECTORY_ELEMENTS.test(text.slice(132))
      ? 'dicomdir'
      : null;
  }
  // Copied without its preamble and first group.
  return DIRECTORY_ELEMENTS.exec(text)?.index === 0 ? 'dicomdir' : null;
}

/** A ZIP archive, or a disc's table of contents; null also for a file that cannot be read. */
export async function containerIn(source: Blob): Promise<Container | null> {
  try {
    return containerOf(new Uint8Array(await source.slice(0, HEAD_BYTES).arrayBuffer()));
  } catch {
    return null;
  }
}
