/** Whether this browser decodes AVIF: a tiny one is tried, once. */
let opens: Promise<boolean> | undefined;

export function opensKnownAvif(): Promise<boolean> {
  opens ??= tryKnown().catch(() => false);
  return opens;
}

async function tryKnown(): Promise<boolean> {
  const bytes = Uint8Array.from(atob(AVIF), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/avif' }));
  const { width, height } = bitmap;
  bitmap.close();
  return width === 16 && height === 16;
}

/** Four flat squares of grey, 16 × 16 in all. */
const AVIF =
  'AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAANZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA' +
  'AAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAAA+gABAAAAAAAAACYAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAA' +
  'AAABAABhdjAxAAAAAA5waXRtAAAAAAABAAAAVmlwcnAAAAA4aXBjbwAAAAxhdjFDgQAMAAAAABRpc3BlAAAAAAAA' +
  'ABAAAAAQAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAgMAAAAubWRhdBIACgkYDP/aICGg0IAy' +
  'F0SB/f2qQAB5AAKiS+5cDmdifpk0oQmA';
