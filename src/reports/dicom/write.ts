/** Data sets by the names of their attributes → DICOM files (PS3.10), by dcmjs. */
import dcmjs from 'dcmjs';

export type Value = string | number | Uint8Array | ArrayBuffer | Dataset | readonly Value[];

/** Keywords of PS3.6; the order does not matter, an undefined one is left out. */
export interface Dataset {
  readonly [keyword: string]: Value | undefined;
}

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Of this program's writer: stays the same from version to version. */
export const IMPLEMENTATION_UID = '2.25.297713325530468412305981123706540182933';

interface Dictionary {
  readonly nameMap: Record<string, { readonly vr: string } | undefined>;
  denaturalizeDataset(dataset: object): Record<string, unknown>;
}

/**
 * @param dataset with SOPClassUID and SOPInstanceUID; text in any script
 * @throws RangeError for a keyword that the standard does not know
 */
export function writeDicom(dataset: Dataset, appVersion: string): Uint8Array<ArrayBuffer> {
  const { DicomMetaDictionary, DicomDict } = (
    dcmjs as { data: { DicomMetaDictionary: Dictionary; DicomDict: unknown } }
  ).data;
  const whole = { SpecificCharacterSet: 'ISO_IR 192', ...dataset };
  checkKeywords(whole, DicomMetaDictionary);
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: Uint8Array.of(0, 1).buffer,
    MediaStorageSOPClassUID: dataset.SOPClassUID,
    MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
    TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN,
    ImplementationClassUID: IMPLEMENTATION_UID,
    // At most 16 characters.
    ImplementationVersionName: `FIELDRAY_${appVersion.replaceAll(/[^0-9A-Za-z.]/g, '')}`.slice(
      0,
      16,
    ),
  });
  const Writer = DicomDict as new (meta: object) => { dict: object; write(): ArrayBuffer };
  const file = new Writer(meta);
  file.dict = DicomMetaDictionary.denaturalizeDataset(withoutUndefined(whole));
  return new Uint8Array(file.write());
}

/** dcmjs leaves out what it does not know without a word. */
function checkKeywords(dataset: Dataset, { nameMap }: Dictionary): void {
  for (const [keyword, value] of Object.entries(dataset)) {
    if (!nameMap[keyword]) throw new RangeError(`No DICOM attribute is called ${keyword}.`);
    for (const item of Array.isArray(value) ? (value as readonly Value[]) : []) {
      if (isDataset(item)) checkKeywords(item, { nameMap } as Dictionary);
    }
  }
}

function withoutUndefined(dataset: Dataset): Dataset {
  const kept = Object.entries(dataset).flatMap(([keyword, value]): [string, Value][] => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return [[keyword, value]];
    const items = value as readonly Value[];
    return [[keyword, items.map((item) => (isDataset(item) ? withoutUndefined(item) : item))]];
  });
  return Object.fromEntries(kept);
}

function isDataset(value: Value): value is Dataset {
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof ArrayBuffer)
  );
}

/** A UID of our own from a random UUID (PS3.5 B.2). */
export function newUid(uuid: string = crypto.randomUUID()): string {
  return `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`)}`;
}

/** Text of at most `most` characters without what DICOM gives a meaning of its own. */
export function plain(text: string, most: number): string {
  return Array.from(text.replaceAll(/[\\\p{Cc}]+/gu, ' ').trim())
    .slice(0, most)
    .join('')
    .trim();
}

/** `20261130` and `101500`, in the device's own time. */
export function dateAndTime(at: number): { readonly date: string; readonly time: string } {
  const when = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    date: `${String(when.getFullYear()).padStart(4, '0')}${two(when.getMonth() + 1)}${two(when.getDate())}`,
    time: `${two(when.getHours())}${two(when.getMinutes())}${two(when.getSeconds())}`,
  };
}
