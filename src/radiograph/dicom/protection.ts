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
import type { Fields } from './fields.ts';

/** Computed, digital and (digitized) plain radiography; DR is not in the standard, but in files. */
const RADIOGRAPHY = ['CR', 'DX', 'RG', 'DR'];
const MOVING = ['XA', 'RF', 'XA_2D'];

/** Chest in the words of PS3.16 CID 4031 and of consoles set up in other languages. */
const CHEST =
  /CHEST|T[HÓO]*RA[XC]|T[ÓO]RAX|LUNG|PULM|POUMON|POITRINE|BRUST|PECHO|TORACE|ГРУД|胸|\bCAP\b|\bCXR\b/;
/** Consoles write these where nobody chose a body part. */
const UNSAID = ['', 'UNKNOWN', 'OTHER', 'DEFAULT', 'NONE', 'BODY', 'WHOLEBODY', 'ANY', 'NA', 'N/A'];

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
  const sopClass = fields.text('x00080016');
  const modality = fields.text('x00080060').toUpperCase();
  if (sopClass === '1.2.840.10008.1.3.10' || fields.has('x00041220')) throw directory();
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
  const { modality = '', bodyPart = '', viewPosition = '', frames = 1 } = attributes;
  if (MOVING.includes(modality) && frames > 1) found.push(angiography(frames));
  else if (modality !== '' && !RADIOGRAPHY.includes(modality)) {
    found.push(otherModality(MODALITIES[modality] ?? `of the kind ${modality}`));
  }
  if (!UNSAID.includes(bodyPart) && !CHEST.test(bodyPart)) found.push(otherBodyPart(bodyPart));
  const view = viewPosition || viewOfCode(fields);
  if (isLateral(view)) found.push(lateral(view));
  return found;
}

/** Left and right lateral; a decubitus picture (LLD, RLD) is frontal, of a patient who lies. */
function isLateral(view: string): boolean {
  return (
    /^(?:LL|RL|LAT|LATERAL|PROFILE?)$/.test(view) || (/LATERAL/.test(view) && !/DECUB/.test(view))
  );
}

/** View Code Sequence: DX files say it there. */
function viewOfCode(fields: Fields): string {
  return fields.items('x00540220')[0]?.text('x00080104').toUpperCase() ?? '';
}

/** Modality, body part, view, side and spacing: all that is kept of the header. */
export function attributesOf(fields: Fields, frames: number): RadiographAttributes {
  const upper = (tag: string): string => fields.text(tag).toUpperCase();
  const modality = upper('x00080060');
  const bodyPart = upper('x00180015');
  const viewPosition = upper('x00185101') || viewOfCode(fields);
  const laterality = upper('x00200062') || upper('x00200060');
  return {
    ...(modality && { modality }),
    ...(bodyPart && { bodyPart }),
    ...(viewPosition && { viewPosition }),
    ...(laterality && { laterality }),
    ...spacingOf(fields),
    ...(frames > 1 && { frames }),
  };
}

/**
 * Pixel Spacing (0028,0030) beside an equal Imager Pixel Spacing (0018,1164) was not corrected for
 * the enlargement of the shadow: it is the detector's (PS3.3 section 10.7.1.3).
 */
function spacingOf(fields: Fields): Pick<RadiographAttributes, 'pixelSpacing' | 'spacingPlane'> {
  const pair = (tag: string): readonly [number, number] | null => {
    const [row, column = row] = fields.numbers(tag);
    const sane = (mm: number | undefined): mm is number => mm !== undefined && mm > 0.01 && mm < 10;
    return sane(row) && sane(column) ? [row, column] : null;
  };
  const patient = pair('x00280030');
  const detector = pair('x00181164');
  const film = pair('x00182010');
  const calibrated = fields.has('x00280a02');
  if (patient && (calibrated || !detector || patient.some((mm, i) => mm !== detector[i]))) {
    return { pixelSpacing: patient, spacingPlane: 'patient' };
  }
  if (detector) return { pixelSpacing: detector, spacingPlane: 'detector' };
  return film ? { pixelSpacing: film, spacingPlane: 'film' } : {};
}

/** What the reader should know of the header. */
export function headerWarnings(fields: Fields): RadiographWarning[] {
  const warnings: RadiographWarning[] = [];
  if (fields.text('x00280301').toUpperCase() === 'YES') {
    warnings.push({
      code: 'burned-in-text',
      message:
        'The file says that text is written into this picture. It may name the patient: look before you share or print it.',
    });
  }
  if (fields.text('x00080068').toUpperCase() === 'FOR PROCESSING') {
    warnings.push({
      code: 'for-processing',
      message:
        'This is the raw picture of the detector, before it was made ready for eyes. Open the finished one if there is one.',
    });
  }
  return warnings;
}
