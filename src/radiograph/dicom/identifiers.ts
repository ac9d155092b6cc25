/**
 * Who the picture is of: read from the file when the user asks for it, given to the asker, and kept
 * nowhere. Nothing else in the app reads these tags.
 */
import type { PatientDetails } from '../types.ts';
import { readDataSet } from './dataset.ts';
import { Fields } from './fields.ts';

const ENCODINGS: readonly (readonly [RegExp, string])[] = [
  [/192/, 'utf-8'],
  [/GB18030/, 'gb18030'],
  [/GBK|IR 58/, 'gbk'],
  [/IR 87|IR 159/, 'iso-2022-jp'],
  [/IR 149/, 'euc-kr'],
  [/100$/, 'iso-8859-1'],
  [/101$/, 'iso-8859-2'],
  [/109$/, 'iso-8859-3'],
  [/110$/, 'iso-8859-4'],
  [/144$/, 'iso-8859-5'],
  [/127$/, 'iso-8859-6'],
  [/126$/, 'iso-8859-7'],
  [/138$/, 'iso-8859-8'],
  [/148$/, 'windows-1254'],
  [/166$/, 'windows-874'],
  [/13$/, 'shift_jis'],
];

/** @throws RadiographError where the file cannot be read @returns '' for what it does not say */
export function patientDetails(bytes: Uint8Array<ArrayBuffer>): PatientDetails {
  const fields = new Fields(readDataSet(bytes).dataSet);
  const sets = fields.texts('x00080005');
  const decoder = new TextDecoder(encodingOf(sets.at(-1) ?? ''));
  const text = (tag: string): string => {
    const value = fields.bytes(tag, 1024);
    return value ? decoder.decode(value).replaceAll('\0', '').trim() : '';
  };
  return {
    name: personName(text('x00100010')),
    id: text('x00100020'),
    birthDate: text('x00100030'),
    sex: text('x00100040'),
    age: text('x00101010'),
    studyDate: text('x00080020'),
    accession: text('x00080050'),
    institution: text('x00080080'),
  };
}

function encodingOf(set: string): string {
  return ENCODINGS.find(([pattern]) => pattern.test(set))?.[1] ?? 'iso-8859-1';
}

/** Family^Given^Middle^Prefix^Suffix, maybe in three scripts (=): the first one that says anything. */
function personName(value: string): string {
  const group = value.split('=').find((part) => part.replaceAll('^', '').trim() !== '') ?? '';
  const [family = '', given = '', middle = ''] = group.split('^').map((part) => part.trim());
  const rest = [given, middle].filter((part) => part !== '').join(' ');
  return [family, rest].filter((part) => part !== '').join(', ');
}
