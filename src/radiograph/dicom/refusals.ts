/** What is said of DICOM objects that are no radiograph, or none that can be opened. */
import {
  DamagedPictureError,
  DicomAngiographyError,
  DicomBodyPartError,
  DicomDirectoryError,
  DicomDocumentError,
  DicomLateralError,
  DicomModalityError,
  DicomRadiotherapyError,
  DicomReportError,
  DicomVideoError,
  DicomWithoutPixelsError,
  UnsupportedVariantError,
  type RadiographError,
} from '../errors.ts';

const CHOOSE_RADIOGRAPH = 'Choose the file of the chest radiograph itself, from the same study.';

export function withoutPixels(kind: string): RadiographError {
  return new DicomWithoutPixelsError(
    `This DICOM file holds no picture${kind === '' ? '' : ` (${kind})`}.`,
    CHOOSE_RADIOGRAPH,
  );
}

export function radiotherapy(): RadiographError {
  return new DicomRadiotherapyError(
    'This DICOM file belongs to radiation therapy (a plan, a dose, or contours), not to a radiograph.',
    CHOOSE_RADIOGRAPH,
  );
}

export function report(): RadiographError {
  return new DicomReportError(
    'This DICOM file is a written report (structured report), not a picture.',
    'Read it in the viewer of your archive, and choose the file of the radiograph here.',
  );
}

export function wrappedDocument(): RadiographError {
  return new DicomDocumentError(
    'This DICOM file wraps a document (such as a PDF), not a picture.',
    'Read it in the viewer of your archive, and choose the file of the radiograph here.',
  );
}

export function directory(): RadiographError {
  return new DicomDirectoryError(
    'This is a DICOMDIR: the table of contents of a disc, not a picture.',
    'Open the whole folder or disc that it lies on.',
  );
}

export function video(): RadiographError {
  return new DicomVideoError(
    'This DICOM file holds a video, not a radiograph.',
    'Choose a still frontal radiograph of the chest.',
  );
}

export function elsewhere(): RadiographError {
  return new DicomWithoutPixelsError(
    'This DICOM file does not hold its picture: it only names a server that does.',
    'Export the picture itself from the archive, then open that file.',
  );
}

export function unknownSyntax(uid: string): RadiographError {
  return unreadable(`a way of packing that is not known here (${uid === '' ? 'none named' : uid})`);
}

/** The fields whose numbers decide what is seen, by the names of PS3.6. */
const FIELD_NAMES: Readonly<Record<number, string>> = {
  0x00181164: 'Imager Pixel Spacing',
  0x00182010: 'Nominal Scanned Pixel Spacing',
  0x00280002: 'Samples per Pixel',
  0x00280008: 'Number of Frames',
  0x00280010: 'Rows',
  0x00280011: 'Columns',
  0x00280030: 'Pixel Spacing',
  0x00280034: 'Pixel Aspect Ratio',
  0x00280100: 'Bits Allocated',
  0x00280101: 'Bits Stored',
  0x00280102: 'High Bit',
  0x00280103: 'Pixel Representation',
  0x00280120: 'Pixel Padding Value',
  0x00280121: 'Pixel Padding Range Limit',
  0x00281050: 'Window Center',
  0x00281051: 'Window Width',
  0x00281052: 'Rescale Intercept',
  0x00281053: 'Rescale Slope',
};

/** A number that is there but cannot be read: guessing it would show another picture. */
export function unreadableField(tag: number, value: string): RadiographError {
  const hex = tag.toString(16).padStart(8, '0');
  const place = `(${hex.slice(0, 4)},${hex.slice(4)})`;
  const name = FIELD_NAMES[tag] ?? 'A number';
  const shown = value.replace(/[^\x20-\x7e]/g, '?').slice(0, 32);
  return new DamagedPictureError(
    `${name} ${place} in the header of this DICOM file cannot be read${shown === '' ? '' : ` (“${shown}”)`}.`,
    'Export the picture again from the archive, or as PNG, and report this field to whoever runs the device that wrote it.',
  );
}

/** `what`: a thing the file uses. */
export function unreadable(what: string): RadiographError {
  return new UnsupportedVariantError(
    `This DICOM file uses ${what}, which Fieldray cannot open.`,
    'Export the picture from the archive as uncompressed DICOM or as PNG, then open that file.',
  );
}

const READ_ANYWAY = 'If it is a frontal chest radiograph all the same, have it read anyway.';

export function angiography(frames: number): RadiographError {
  return new DicomAngiographyError(
    `This is a moving X-ray (angiography or fluoroscopy) of ${frames.toLocaleString('en-US')} pictures, not a chest radiograph.`,
    READ_ANYWAY,
  );
}

export function otherModality(modality: string): RadiographError {
  return new DicomModalityError(
    `This picture is ${modality}, not a radiograph (CR or DX). The answer would mean nothing.`,
    READ_ANYWAY,
  );
}

export function otherBodyPart(bodyPart: string): RadiographError {
  return new DicomBodyPartError(
    `The file says that this is not a chest but: ${bodyPart}. The answer would mean nothing.`,
    READ_ANYWAY,
  );
}

export function lateral(view: string): RadiographError {
  return new DicomLateralError(
    `The file says that this chest is seen from the side (${view}); only frontal pictures can be read.`,
    READ_ANYWAY,
  );
}
