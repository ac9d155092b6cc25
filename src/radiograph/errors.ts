/**
 * Why a file could not be opened. One named class each; `code` is stable (screens, exports and
 * tests rely on it), `message` says what happened, `remedy` what the user can do.
 */
import { Fault, type FaultData } from '../base/fault.ts';

export abstract class RadiographError extends Fault {}

export class EmptyFileError extends RadiographError {
  readonly code = 'empty-file';
}
export class FileTooLargeError extends RadiographError {
  readonly code = 'file-too-large';
}
export class FileGoneError extends RadiographError {
  readonly code = 'file-gone';
}
export class FileUnreadableError extends RadiographError {
  readonly code = 'file-unreadable';
}
export class UnknownFormatError extends RadiographError {
  readonly code = 'unknown-format';
}
export class UnsupportedFormatError extends RadiographError {
  readonly code = 'unsupported-format';
}
export class UnsupportedVariantError extends RadiographError {
  readonly code = 'unsupported-variant';
}
export class CmykPictureError extends RadiographError {
  readonly code = 'cmyk-picture';
}
export class PictureTooLargeError extends RadiographError {
  readonly code = 'picture-too-large';
}
export class TruncatedPictureError extends RadiographError {
  readonly code = 'truncated-picture';
}
export class DamagedPictureError extends RadiographError {
  readonly code = 'damaged-picture';
}
export class OutOfMemoryError extends RadiographError {
  readonly code = 'out-of-memory';
}
/** A DICOM object of another kind than a picture, each with its own word. */
export class DicomWithoutPixelsError extends RadiographError {
  readonly code = 'dicom-no-pixels';
}
export class DicomRadiotherapyError extends RadiographError {
  readonly code = 'dicom-radiotherapy';
}
export class DicomReportError extends RadiographError {
  readonly code = 'dicom-report';
}
export class DicomDocumentError extends RadiographError {
  readonly code = 'dicom-document';
}
export class DicomDirectoryError extends RadiographError {
  readonly code = 'dicom-directory';
}
export class DicomVideoError extends RadiographError {
  readonly code = 'dicom-video';
}
/** What the header says against a chest radiograph; the user may have it read anyway. */
export class DicomAngiographyError extends RadiographError {
  readonly code = 'dicom-angiography';
}
export class DicomModalityError extends RadiographError {
  readonly code = 'dicom-modality';
}
export class DicomBodyPartError extends RadiographError {
  readonly code = 'dicom-body-part';
}
export class DicomLateralError extends RadiographError {
  readonly code = 'dicom-lateral';
}
/** The code that unpacks this kind of file is neither on the device nor to be had. */
export class DecoderMissingError extends RadiographError {
  readonly code = 'decoder-missing';
}
/** The browser has WebAssembly switched off, and this kind of file is unpacked with it. */
export class WasmOffError extends RadiographError {
  readonly code = 'webassembly-off';
}
/** What nobody foresaw; also what `fromWire` gives for a code this version does not know. */
export class UnexpectedDecodeError extends RadiographError {
  readonly code = 'unexpected-decode-error';
}

const CLASSES = {
  'empty-file': EmptyFileError,
  'file-too-large': FileTooLargeError,
  'file-gone': FileGoneError,
  'file-unreadable': FileUnreadableError,
  'unknown-format': UnknownFormatError,
  'unsupported-format': UnsupportedFormatError,
  'decoder-missing': DecoderMissingError,
  'webassembly-off': WasmOffError,
  'dicom-no-pixels': DicomWithoutPixelsError,
  'dicom-radiotherapy': DicomRadiotherapyError,
  'dicom-report': DicomReportError,
  'dicom-document': DicomDocumentError,
  'dicom-directory': DicomDirectoryError,
  'dicom-video': DicomVideoError,
  'dicom-angiography': DicomAngiographyError,
  'dicom-modality': DicomModalityError,
  'dicom-body-part': DicomBodyPartError,
  'dicom-lateral': DicomLateralError,
  'unsupported-variant': UnsupportedVariantError,
  'cmyk-picture': CmykPictureError,
  'picture-too-large': PictureTooLargeError,
  'truncated-picture': TruncatedPictureError,
  'damaged-picture': DamagedPictureError,
  'out-of-memory': OutOfMemoryError,
  'unexpected-decode-error': UnexpectedDecodeError,
} as const;

export type RadiographErrorCode = keyof typeof CLASSES;

/** Structured clone drops classes; this plain form does not. */
export function toWire(error: RadiographError): FaultData {
  return error.toData();
}

/** The class comes back by its code. */
export function fromWire(data: FaultData): RadiographError {
  const known = Object.hasOwn(CLASSES, data.code)
    ? CLASSES[data.code as RadiographErrorCode]
    : UnexpectedDecodeError;
  return new known(data.message, data.remedy);
}

const EXPORT_AGAIN = 'Export the picture again from where it was made, then open the new file.';

export function emptyFile(): RadiographError {
  return new EmptyFileError(
    'This file is empty: it holds no bytes at all.',
    'If you dragged it out of an opened ZIP, open the ZIP itself. If it lies in a cloud folder, download it to this device first.',
  );
}

export function fileTooLarge(bytes: number, limit: number): RadiographError {
  return new FileTooLargeError(
    `This file is ${megabytes(bytes)} large; files up to ${megabytes(limit)} can be opened.`,
    'Check that it is a single radiograph, or save it as PNG or JPEG, which is much smaller.',
  );
}

export function unsupportedFormat(name: string, remedy?: string): RadiographError {
  return new UnsupportedFormatError(
    `This is ${name}, which Fieldray cannot open as a radiograph.`,
    remedy ?? 'Save or export the radiograph as PNG or JPEG, then open that file.',
  );
}

export function unknownFormat(): RadiographError {
  return new UnknownFormatError(
    'The content of this file is not a picture Fieldray knows, whatever its name says.',
    'Open a DICOM, PNG, JPEG, TIFF, WebP, AVIF, BMP or GIF file of a chest radiograph, or a PDF with a scanned one.',
  );
}

export function pictureTooLarge(width: number, height: number, limit: number): RadiographError {
  return new PictureTooLargeError(
    `This picture is ${count(width)} × ${count(height)} pixels (${megapixels(width * height)}); ` +
      `up to ${megapixels(limit)} can be opened in this format.`,
    'Export the radiograph at a smaller size, for example 3000 pixels on the longer side.',
  );
}

export function truncated(what: string): RadiographError {
  return new TruncatedPictureError(
    `This picture is cut off: ${what}.`,
    'Copy or download the file again; a part of the picture is missing.',
  );
}

export function damaged(what: string, cause?: unknown): RadiographError {
  return new DamagedPictureError(`This picture is damaged: ${what}.`, EXPORT_AGAIN, { cause });
}

export function unsupportedVariant(what: string): RadiographError {
  return new UnsupportedVariantError(
    `This picture uses ${what}, which Fieldray cannot open.`,
    'Export the radiograph as an ordinary PNG or JPEG, then open that file.',
  );
}

export function cmykPicture(): RadiographError {
  return new CmykPictureError(
    'The colors of this JPEG are stored for printing (CMYK), so its greys cannot be trusted.',
    'Export the radiograph in greyscale or RGB, then open that file.',
  );
}

export function outOfMemory(cause?: unknown): RadiographError {
  return new OutOfMemoryError(
    'There was not enough memory to open this picture.',
    'Close other apps or tabs and try again, or export the radiograph at a smaller size.',
    { cause },
  );
}

/** A browser that cannot allocate says so with a RangeError; not every RangeError says that. */
export function isOutOfMemory(error: unknown): boolean {
  const { name = '', message = '' } = (error ?? {}) as Partial<Error>;
  if (name === 'QuotaExceededError') return true;
  return /memory|allocat|array (?:buffer )?(?:length|size)/i.test(message);
}

export function decoderMissing(cause?: unknown): RadiographError {
  return new DecoderMissingError(
    'The part of the app that unpacks this kind of DICOM could not be loaded.',
    'Connect this device to the network once and open the app again; then it stays on the device.',
    { cause },
  );
}

export function wasmOff(cause?: unknown): RadiographError {
  return new WasmOffError(
    'This browser has WebAssembly switched off, and this kind of DICOM cannot be opened without it.',
    'On an iPhone or iPad, leave Lockdown Mode for this site; elsewhere allow WebAssembly in the browser’s settings or use another browser. Or export the radiograph as PNG or JPEG.',
    { cause },
  );
}

/** What the browser throws when bytes of a file cannot be had. */
export function fromReadFailure(error: unknown): RadiographError {
  if (error instanceof DOMException && error.name === 'NotFoundError') {
    return new FileGoneError(
      'This file is no longer there: it was moved, renamed or removed.',
      'Open it again from where it is now.',
      { cause: error },
    );
  }
  return new FileUnreadableError(
    'This file could not be read: it may be a folder, or it was changed or removed meanwhile.',
    'Open the picture files themselves. If it lies in a cloud folder, download it to this device first, then open it again.',
    { cause: error },
  );
}

export function unexpected(error: unknown): RadiographError {
  return new UnexpectedDecodeError(
    `This picture could not be opened (${error instanceof Error ? error.message : String(error)}).`,
    'Try again; if it happens again, export the radiograph as PNG or JPEG and open that file.',
    { cause: error },
  );
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function megapixels(pixels: number): string {
  return `${count(Math.max(1, Math.round(pixels / 1e6)))} megapixels`;
}

function megabytes(bytes: number): string {
  return `${count(Math.max(1, Math.round(bytes / 1e6)))} MB`;
}
