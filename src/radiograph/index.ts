/**
 * In: a file (Blob), by its bytes and never by its name. Out: a DecodedPicture, or a RadiographError
 * that says what is wrong with the file and what to do. Runs in a worker and in the page; no DOM.
 * A new format is one file and one line in registry.ts.
 */
export { adjustPicture, changesPicture, combineAdjustments } from './pixels/adjust.ts';
export { canvasIsTrustworthy, readBitmap } from './formats/canvas.ts';
export { crc32 } from './pixels/crc32.ts';
export { decodePicture, MAX_FILE_BYTES } from './decode.ts';
export {
  CmykPictureError,
  DamagedPictureError,
  DecoderMissingError,
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
  EmptyFileError,
  FileGoneError,
  FileTooLargeError,
  FileUnreadableError,
  fromReadFailure,
  fromWire,
  OutOfMemoryError,
  PictureTooLargeError,
  RadiographError,
  toWire,
  TruncatedPictureError,
  UnexpectedDecodeError,
  UnknownFormatError,
  UnsupportedFormatError,
  UnsupportedVariantError,
  WasmOffError,
  type RadiographErrorCode,
} from './errors.ts';
export { DEFAULT_MAX_PIXELS } from './formats/header.ts';
export { LUMINANCE } from './pixels/luminance.ts';
export { closePicture, factsOf, makeThumbnail, toRadiograph } from './pixels/picture.ts';
export { resample, type FloatPixels, type ResampleSource } from './pixels/resample.ts';
export { HEAD_BYTES, sniffFormat } from './formats/sniff.ts';
export { kindOfOther, type OtherKind } from './formats/other.ts';
export { gunzip, isGzip } from './gunzip.ts';
export { writeGreyPng } from './pixels/png-writer.ts';
export { pdfHoldsRadiograph } from './pdf.ts';
export { readPatientDetails, readSourceIdentifiers } from './patient.ts';
export { OVERRIDABLE, type OverridableCode } from './types.ts';
export type * from './types.ts';
