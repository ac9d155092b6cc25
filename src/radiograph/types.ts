/**
 * A radiograph as every later step sees it, whatever file it came from.
 * No DOM, no Lit, no tfjs here.
 */
import type { FaultData } from '../base/fault.ts';

/** Row-major, height × width, 0 = black … 1 = white. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Formats told apart by their first bytes, never by the file's name. */
export type RadiographFormat =
  'png' | 'jpeg' | 'webp' | 'bmp' | 'gif' | 'tiff' | 'avif' | 'heic' | 'pdf' | 'dicom';

/** Only what is used. Patient identifiers are never kept here. */
export interface RadiographAttributes {
  readonly modality?: string;
  readonly bodyPart?: string;
  readonly viewPosition?: string;
  readonly laterality?: string;
  /** Distance of neighboring rows and of neighboring columns, in millimeters. */
  readonly pixelSpacing?: readonly [number, number];
  /**
   * Where these millimeters were measured: in the patient (calibrated, or not said otherwise), on
   * the detector (the shadow is larger than what throws it), or on a digitized film.
   */
  readonly spacingPlane?: 'patient' | 'detector' | 'film';
  /** How many pictures the file holds, where that is more than one. */
  readonly frames?: number;
  /** Which of them this is, from 0; absent for the first. */
  readonly frame?: number;
}

/**
 * A way the file itself wants to be seen (DICOM's VOI windows and look-up tables), in the 0 … 1 of
 * the picture it comes with.
 */
export interface ViewPreset {
  /** The file's own word (“NORMAL”, “HARDER”), or empty. */
  readonly name: string;
  readonly center: number;
  readonly width: number;
  /** For what no straight line draws: grey 0 … 1 at evenly spaced places from 0 to 1. */
  readonly curve?: Float32Array;
}

/** Something the reader should know, although the picture could be opened. */
export interface RadiographWarning {
  readonly code:
    | 'color-picture'
    | 'scaled-while-decoding'
    | 'first-frame-only'
    | 'alpha-flattened'
    | 'few-pixels'
    /** The file lacks its end, though no pixel. */
    | 'end-missing'
    /** Bytes that belong to no part stand between the parts of the file; no pixel is lost. */
    | 'rubbish-inside'
    /** Fewer bits than the format holds: white was told by the file or by its highest value. */
    | 'fewer-bits'
    /** The browser alters what it gives back from a canvas, and no other way was open. */
    | 'approximate-pixels'
    /** The file says that text is written into the pixels: it may name the patient. */
    | 'burned-in-text'
    /** The header says otherwise than the pixels, or something in the file is missing or odd. */
    | 'header-differs'
    /** Words for the body part or the view that are not known here. */
    | 'unknown-body-part'
    | 'unknown-view'
    /** Raw detector values, meant for a machine and not for eyes. */
    | 'for-processing'
    /** The header spoke against reading this picture, and the user had it read anyway. */
    | 'read-anyway';
  readonly message: string;
}

export interface Radiograph {
  /** Row-major, height × width, 0 = black … 1 = white as a radiologist sees it. */
  readonly pixels: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Bits a sample had in the file (1 … 16). */
  readonly bitsStored: number;
  readonly format: RadiographFormat;
  readonly attributes: RadiographAttributes;
  readonly warnings: readonly RadiographWarning[];
  /** What the header said against reading this picture, where the user had it read anyway. */
  readonly overridden?: readonly FaultData[];
  /** Only when decoded for viewing; the first is the one to begin with. */
  readonly presets?: readonly ViewPreset[];
}

/** What is known of a picture apart from its pixels. */
export type RadiographFacts = Omit<Radiograph, 'pixels'>;

/**
 * Pixels as a decoder left them, before anything is spread out to floats: a quarter of the memory,
 * and the model input can be summed straight from the bytes.
 */
export interface PictureSamples {
  readonly width: number;
  readonly height: number;
  /** `grey`: one sample a pixel. The others: four bytes a pixel; `x` is to be ignored, `a` is straight alpha. */
  readonly layout: 'grey' | 'rgbx' | 'bgrx' | 'rgba' | 'bgra';
  /** Row-major, no padding. `Uint16Array` only with `grey`. */
  readonly data: Uint8Array | Uint16Array;
  /** The sample value that means 1; 0 means 0 (255 for the four-byte layouts). */
  readonly white: number;
}

/**
 * A decoded picture before it is brought into memory as numbers. `samples` is what nearly every
 * file gives where the browser has an `ImageDecoder`; `bitmap` stays on the GPU path (texture →
 * compute shader → tensor, no read-back); `radiograph` is what decoders that compute give (16-bit
 * color, DICOM). `factsOf(picture)` gives the facts of any of them, `toRadiograph` the numbers.
 */
export type DecodedPicture =
  | { readonly kind: 'samples'; readonly samples: PictureSamples; readonly facts: RadiographFacts }
  | { readonly kind: 'bitmap'; readonly bitmap: ImageBitmap; readonly facts: RadiographFacts }
  | { readonly kind: 'pixels'; readonly radiograph: Radiograph };

/**
 * How a picture is changed after decoding, in this order: cropped, turned, inverted. What a person
 * asked for, and part of the record; the file stays as it is.
 */
export interface Adjustment {
  /** Of the decoded picture, 0 … 1 from its left upper corner. */
  readonly crop?: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** Clockwise degrees. */
  readonly rotate?: 0 | 90 | 180 | 270;
  /** Black to white and white to black. */
  readonly invert?: boolean;
}

export interface DecodeOptions {
  readonly signal?: AbortSignal;
  /** Pictures with more pixels than this are scaled while decoding (default 16,000,000). */
  readonly maxPixels?: number;
  /**
   * `model` (default): 0 … 1 as a radiologist first sees it, by a fixed rule. `viewing`: the whole
   * range of the picture, with the file's own windows beside it (`presets`). Only DICOM differs.
   */
  readonly purpose?: DecodePurpose;
  /** Which picture of a file that holds several, from 0 (default). Only DICOM has more than one. */
  readonly frame?: number;
  /** The user has seen what the header says against this picture (`OVERRIDABLE`) and wants it read. */
  readonly readAnyway?: boolean;
}

/** Refusals that the user may overrule for one picture (`readAnyway`). */
export const OVERRIDABLE = [
  'dicom-angiography',
  'dicom-modality',
  'dicom-body-part',
  'dicom-lateral',
] as const;

export type OverridableCode = (typeof OVERRIDABLE)[number];

/** Who a DICOM picture is of; '' for what its file does not say. */
export interface PatientDetails {
  readonly name: string;
  readonly id: string;
  /** As in the file: YYYYMMDD. */
  readonly birthDate: string;
  readonly sex: string;
  readonly age: string;
  /** YYYYMMDD. */
  readonly studyDate: string;
  readonly accession: string;
  readonly institution: string;
  /** Which study and which series of it: tells the pictures of one examination from others. */
  readonly studyUid: string;
  readonly seriesUid: string;
}

/** Which patient, study and picture a DICOM file is; '' and 0 for what it does not say. */
export interface SourceIdentifiers {
  /** As in the file: Family^Given^…, maybe in three scripts. */
  readonly patientName: string;
  readonly patientId: string;
  /** YYYYMMDD. */
  readonly birthDate: string;
  readonly sex: string;
  readonly studyUid: string;
  /** YYYYMMDD. */
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyId: string;
  readonly accession: string;
  readonly referring: string;
  readonly seriesUid: string;
  readonly classUid: string;
  readonly instanceUid: string;
  readonly modality: string;
  /** Size of the picture as it is stored. */
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
}

export type DecodePurpose = 'model' | 'viewing';

/*
 * The door (index.ts) gives:
 *   decodePicture(source: Blob, options?: DecodeOptions): Promise<DecodedPicture>
 *   toRadiograph(picture: DecodedPicture): Promise<Radiograph>      (closes the bitmap)
 *   factsOf(picture: DecodedPicture): RadiographFacts
 *   closePicture(picture: DecodedPicture): void                     (frees a bitmap; else nothing)
 *   adjustPicture(picture: DecodedPicture, adjust: Adjustment): DecodedPicture    (closes the former)
 *   combineAdjustments(first: Adjustment | null, then: Adjustment): Adjustment
 *   canvasIsTrustworthy(): Promise<boolean>                         (known-pixel test, cached)
 *   sniffFormat(head: Uint8Array): RadiographFormat | null          (first 132+4 bytes at least)
 *   makeThumbnail(picture: DecodedPicture, size: number): Promise<ImageBitmap>
 *   RadiographError and its named subclasses, each with a stable `code`, `message` (what happened)
 *   and `remedy` (what the user can do); toWire()/fromWire() carry them over a worker border.
 */
