/** A picture as a Secondary Capture (PS3.3 A.8): as it was read, or with the evidence burned in. */
import {
  equipment,
  instance,
  patientAndStudy,
  type DicomContext,
  type ImageReference,
} from './context.ts';
import type { Dataset } from './write.ts';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

/** RGBA as a canvas gives it; `gray`: the red of each is the gray value. */
export interface CapturedPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly gray: boolean;
}

export interface Capture {
  readonly dataset: Dataset;
  readonly reference: ImageReference;
}

export function secondaryCapture(
  context: DicomContext,
  pixels: CapturedPixels,
  about: {
    readonly series: number;
    readonly description: string;
    readonly derivation: string;
    /** The file says that its pixels name the patient. */
    readonly burnedIn: boolean;
    readonly source: ImageReference | null;
  },
): Capture {
  const { width, height, gray } = pixels;
  const { source } = about;
  const common = instance(context, {
    classUid: SECONDARY_CAPTURE,
    modality: context.source?.modality || 'OT',
    series: about.series,
    description: about.description,
  });
  const dataset: Dataset = {
    ...patientAndStudy(context),
    ...equipment(context),
    ...common,
    ConversionType: 'WSD',
    ImageType: ['DERIVED', 'SECONDARY'],
    DerivationDescription: about.derivation,
    BodyPartExamined: 'CHEST',
    PatientOrientation: '',
    BurnedInAnnotation: about.burnedIn ? 'YES' : 'NO',
    LossyImageCompression: '00',
    ...(source
      ? {
          SourceImageSequence: [
            {
              ReferencedSOPClassUID: source.classUid,
              ReferencedSOPInstanceUID: source.instanceUid,
            },
          ],
        }
      : {}),
    SamplesPerPixel: gray ? 1 : 3,
    PhotometricInterpretation: gray ? 'MONOCHROME2' : 'RGB',
    ...(gray ? {} : { PlanarConfiguration: 0 }),
    Rows: height,
    Columns: width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: packed(pixels).buffer,
  };
  const reference: ImageReference = {
    classUid: SECONDARY_CAPTURE,
    instanceUid: common.SOPInstanceUID,
    seriesUid: common.SeriesInstanceUID,
    rows: height,
    columns: width,
    frame: null,
  };
  return { dataset, reference };
}

/** Of an even length, as every value has to be. */
function packed({ width, height, data, gray }: CapturedPixels): Uint8Array<ArrayBuffer> {
  const samples = gray ? 1 : 3;
  const bytes = new Uint8Array(width * height * samples + ((width * height * samples) % 2));
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let sample = 0; sample < samples; sample++) {
      bytes[pixel * samples + sample] = data[4 * pixel + sample];
    }
  }
  return bytes;
}
