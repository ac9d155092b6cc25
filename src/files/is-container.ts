/** Whether a file holds more than one picture, in a few lines: the code that opens it comes only then. */

const HEAD_BYTES = 512;
/** Media Storage Directory Storage (DICOM PS3.4, B.5), as it stands in the file's head. */
const DIRECTORY_CLASS = /1\.2\.840\.10008\.1\.3\.10(?![\d.])/;

/** A ZIP archive, or a disc's table of contents. A file that cannot be read is left to the decoder. */
export async function holdsMore(source: Blob): Promise<boolean> {
  let head: Uint8Array;
  try {
    head = new Uint8Array(await source.slice(0, HEAD_BYTES).arrayBuffer());
  } catch {
    return false;
  }
  const text = String.fromCharCode(...head);
  if (/^PK(\x03\x04|\x05\x06)/.test(text)) return true;
  return text.startsWith('DICM', 128) && DIRECTORY_CLASS.test(text);
}
