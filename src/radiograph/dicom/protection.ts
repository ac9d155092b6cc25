/**
 * What a header says about whether this is a frontal chest radiograph at all. The network answers
 * to any picture; a knee or a lateral view would get a confident answer that means nothing.
 */
import type { RadiographError } from '../errors.ts';
import type { RadiographAttributes, RadiographWarning } from '../types.ts';
import {
  angiography,
  directory,
  lateral,
  otherBodyPart,
  otherModality,
  radiotherapy,
  report,
  withoutPixels,
  wrappedDocument,
} from './refusals.ts';
import { bodyPartOf, viewOf } from './anatomy.ts';
import type { Fields } from './fields.ts';
import { spacingOf } from './spacing.ts';

/** Computed, digital and (digitized) plain radiography; DR is not in the standard, but in files. */
const RADIOGRAPHY = ['CR', 'DX', 'RG', 'DR'];
const MOVING = ['XA', 'RF', 'XA_2D'];

/** Modality names that a person may not know by their letters. */
const MODALITIES: Readonly<Record<string, string>> = {
  CT: 'a CT scan',
  MR: 'an MRI scan',
  US: 'an ultrasound',
  MG: 'a mammogram',
  NM: 'a nuclear medicine scan',
  PT: 'a PET scan',
  XA: 'an angiogram',
  RF: 'a fluoroscopy',
  IO: 'a dental X-ray',
  PX: 'a dental X-ray',
  ES: 'an endoscopy',
  XC: 'a photograph',
  GM: 'a microscope picture',
  SM: 'a microscope picture',
  OP: 'an eye photograph',
  OT: 'of an unnamed kind (OT)',
  SC: 'a screen capture (SC)',
};

/** A DICOM object that is no picture. @throws its own RadiographError */
export function refuseOtherObjects(fields: Fields, hasPixels: boolean): void {
  const sopClass = fields.text(0x00080016);
  const modality = fields.text(0x00080060).toUpperCase();
  if (sopClass === '1.2.840.10008.1.3.10' || fields.has(0x00041220)) throw directory();
  const storage = '1.2.840.10008.5.1.4.1.1.';
  const kind = sopClass.startsWith(storage) ? sopClass.slice(storage.length) : '';
  if (kind.startsWith('481.') || modality.startsWith('RT')) throw radiotherapy();
  if (kind.startsWith('88.') || modality === 'SR') throw report();
  if (kind.startsWith('104.') || modality === 'DOC') throw wrappedDocument();
  if (hasPixels) return;
  if (kind.startsWith('11.') || modality === 'PR') {
    throw withoutPixels('only how another one is to be shown');
  }
  if (kind.startsWith('9.')) throw withoutPixels('but a curve, such as an ECG');
  throw withoutPixels('');
}

/** Every reason against reading this picture; each may be overruled by the user. */
export function doubts(attributes: RadiographAttributes, fields: Fields): RadiographError[] {
  const found: RadiographError[] = [];
  const { modality = '', frames = 1 } = attributes;
  if (MOVING.includes(modality) && frames > 1) found.push(angiography(frames));
  else if (modality !== '' && !RADIOGRAPHY.includes(modality)) {
    found.push(otherModality(MODALITIES[modality] ?? `of the kind ${modality}`));
  }
  const body = bodyPartOf(fields);
  if (body.part === 'other') found.push(otherBodyPart(shown(body.said)));
  const seen = viewOf(fields);
  if (seen.view === 'lateral') found.push(lateral(shown(seen.said)));
  return found;
}

/** Words that nobody here knows decide nothing; the reader has to look. */
export function cautions(fields: Fields): RadiographWarning[] {
  const found: RadiographWarning[] = [];
  const body = bodyPartOf(fields);
  if (body.part === 'unknown') {
    found.push({
      code: 'unknown-body-part',
      message: `The file names the body part with a word that is not known here (${shown(body.said)}). Check that this is a chest.`,
    });
  }
  const seen = viewOf(fields);
  if (seen.view === 'unknown') {
    found.push({
      code: 'unknown-view',
      message: `The file names the view with a word that is not known here (${shown(seen.said)}). Check that the chest is seen from the front or the back.`,
    });
  }
  return found;
}

function shown(text: string): string {
  return text.toUpperCase().slice(0, 64);
}

/** Modality, body part, view, side and spacing: all that is kept of the header. */
export function attributesOf(fields: Fields, frames: number): RadiographAttributes {
  const upper = (tag: number): string => fields.text(tag).toUpperCase();
  const modality = upper(0x00080060);
  const bodyPart = upper(0x00180015) || bodyPartOf(fields).said.toUpperCase();
  const viewPosition = upper(0x00185101) || viewOf(fields).said.toUpperCase();
  const laterality = upper(0x00200062) || upper(0x00200060) || upper(0x00209072);
  return {
    ...(modality && { modality }),
    ...(bodyPart && { bodyPart: shown(bodyPart) }),
    ...(viewPosition && { viewPosition: shown(viewPosition) }),
    ...(laterality && { laterality }),
    ...spacingOf(fields),
    ...(frames > 1 && { frames }),
  };
}

/** What the reader should know of the header. */
export function headerWarnings(fields: Fields): RadiographWarning[] {
  const warnings: RadiographWarning[] = [];
  if (fields.text(0x00280301).toUpperCase() === 'YES') {
    warnings.push({
      code: 'burned-in-text',
      message:
        'The file says that text is written into this picture. It may name the patient: look before you share or print it.',
    });
  }
  if (fields.text(0x00080068).toUpperCase() === 'FOR PROCESSING') {
    warnings.push({
      code: 'for-processing',
      message:
        'This is the raw picture of the detector, before it was made ready for eyes. Open the finished one if there is one.',
    });
  }
  return warnings;
}
