/**
 * A radiograph as every later step sees it, whatever file it came from.
 * No DOM, no Lit, no tfjs here.
 */

/** Formats told apart by their first bytes, never by the file's name. */
export type RadiographFormat = 'png' | 'jpeg' | 'webp' | 'bmp' | 'gif' | 'dicom';

/** Only what is used. Patient identifiers are never kept here. */
export interface RadiographAttributes {
  readonly modality?: string;
  readonly bodyPart?: string;
  readonly viewPosition?: string;
  readonly laterality?: string;
  /** Row and column spacing in millimeters. */
  readonly pixelSpacing?: readonly [number, number];
}

/** Something the reader should know, although the picture could be opened. */
export interface RadiographWarning {
  readonly code:
    | 'color-picture'
    | 'scaled-while-decoding'
    | 'first-frame-only'
    | 'alpha-flattened'
    | 'few-pixels';
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
}

/** What is known of a picture apart from its pixels. */
export type RadiographFacts = Omit<Radiograph, 'pixels'>;

/**
 * A decoded picture before it is brought into memory as numbers. `bitmap` stays on the GPU path
 * (texture → compute shader → tensor, no read-back); `radiograph` is what decoders written in
 * JavaScript give. `toRadiograph` turns the first into the second.
 */
export type DecodedPicture =
  | { readonly kind: 'bitmap'; readonly bitmap: ImageBitmap; readonly facts: RadiographFacts }
  | { readonly kind: 'pixels'; readonly radiograph: Radiograph };

export interface DecodeOptions {
  readonly signal?: AbortSignal;
  /** Pictures with more pixels than this are scaled while decoding (default 16,000,000). */
  readonly maxPixels?: number;
}

/*
 * The door (index.ts) gives:
 *   decodePicture(source: Blob, options?: DecodeOptions): Promise<DecodedPicture>
 *   toRadiograph(picture: DecodedPicture): Promise<Radiograph>      (closes the bitmap)
 *   sniffFormat(head: Uint8Array): RadiographFormat | null          (first 132+4 bytes at least)
 *   makeThumbnail(picture: DecodedPicture, size: number): Promise<ImageBitmap>
 *   RadiographError and its named subclasses, each with a stable `code`, `message` (what happened)
 *   and `remedy` (what the user can do); toWire()/fromWire() carry them over a worker border.
 */
