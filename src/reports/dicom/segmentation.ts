/** The lungs as the network outlined them, as a Segmentation (PS3.3 A.51), point for point on its picture. */
import type { Adjustment } from '../../radiograph/types.ts';
import { dcm, sct } from './codes.ts';
import {
  equipment,
  instance,
  patientAndStudy,
  type DicomContext,
  type ImageReference,
} from './context.ts';
import { newUid, type Dataset } from './write.ts';

const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';

/** side × side, row-major, 1 = lung, of the picture as it was read. */
export interface LungMask {
  readonly side: number;
  readonly mask: Uint8Array;
}

/**
 * @param picture what the segmentation lies on, pixel for pixel
 * @param adjust how that picture was changed before it was read; null: the mask lies on it as it is
 */
export function lungSegmentation(
  context: DicomContext,
  picture: ImageReference,
  lungs: LungMask,
  adjust: Adjustment | null,
): Dataset {
  const { rows, columns, frame } = picture;
  const dimensions = newUid();
  return {
    ...patientAndStudy(context),
    ...equipment(context),
    ...instance(context, {
      classUid: SEGMENTATION,
      modality: 'SEG',
      series: 9004,
      description: 'Fieldray lungs',
    }),
    ImageType: ['DERIVED', 'PRIMARY'],
    ContentLabel: 'LUNGS',
    ContentDescription: 'Aerated lung as outlined by a network',
    ContentCreatorName: 'Fieldray',
    BodyPartExamined: 'CHEST',
    PatientOrientation: '',
    SegmentationType: 'BINARY',
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    Rows: rows,
    Columns: columns,
    NumberOfFrames: 1,
    SegmentSequence: [
      {
        SegmentNumber: 1,
        SegmentLabel: 'Lungs',
        SegmentAlgorithmType: 'AUTOMATIC',
        SegmentAlgorithmName: `${context.reading.model.id} lungs`.slice(0, 64),
        SegmentedPropertyCategoryCodeSequence: [sct('123037004', 'Anatomical Structure')],
        SegmentedPropertyTypeCodeSequence: [
          {
            ...sct('39607008', 'Lung'),
            SegmentedPropertyTypeModifierCodeSequence: [sct('51440002', 'Right and left')],
          },
        ],
      },
    ],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensions }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID: dimensions,
        DimensionIndexPointer: '0062000B',
        FunctionalGroupPointer: '0062000A',
        DimensionDescriptionLabel: 'Segment',
      },
    ],
    SharedFunctionalGroupsSequence: [
      { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }] },
    ],
    PerFrameFunctionalGroupsSequence: [
      {
        FrameContentSequence: [{ DimensionIndexValues: 1 }],
        DerivationImageSequence: [
          {
            DerivationCodeSequence: [dcm('113076', 'Segmentation')],
            SourceImageSequence: [
              {
                ReferencedSOPClassUID: picture.classUid,
                ReferencedSOPInstanceUID: picture.instanceUid,
                ...(frame === null ? {} : { ReferencedFrameNumber: frame }),
                PurposeOfReferenceCodeSequence: [
                  dcm('121322', 'Source image for image processing operation'),
                ],
              },
            ],
          },
        ],
      },
    ],
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: picture.seriesUid,
        ReferencedInstanceSequence: [
          {
            ReferencedSOPClassUID: picture.classUid,
            ReferencedSOPInstanceUID: picture.instanceUid,
          },
        ],
      },
    ],
    PixelData: maskBits(lungs, { rows, columns }, adjust).buffer,
  };
}

/** One bit a pixel, row by row, the first in the lowest bit (PS3.5 8.1.1); even in length. */
export function maskBits(
  { side, mask }: LungMask,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  adjust: Adjustment | null,
): Uint8Array<ArrayBuffer> {
  const bytes = Math.ceil((rows * columns) / 8);
  const bits = new Uint8Array(bytes + (bytes % 2));
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const place = asRead((x + 0.5) / columns, (y + 0.5) / rows, adjust);
      if (!place) continue;
      const at = Math.floor(place.y * side) * side + Math.floor(place.x * side);
      const pixel = y * columns + x;
      if (mask[at] === 1) bits[pixel >> 3] |= 1 << (pixel & 7);
    }
  }
  return bits;
}

/**
 * Where a point of the stored picture (0 … 1) lies in the picture as it was read, which was cropped
 * first and then turned clockwise; null: it was cut off.
 */
export function asRead(
  x: number,
  y: number,
  adjust: Adjustment | null,
): { readonly x: number; readonly y: number } | null {
  const crop = adjust?.crop ?? { x: 0, y: 0, width: 1, height: 1 };
  const u = (x - crop.x) / crop.width;
  const v = (y - crop.y) / crop.height;
  if (u < 0 || u >= 1 || v < 0 || v >= 1) return null;
  switch (adjust?.rotate ?? 0) {
    case 0:
      return { x: u, y: v };
    case 90:
      return { x: 1 - v, y: u };
    case 180:
      return { x: 1 - u, y: 1 - v };
    case 270:
      return { x: v, y: 1 - u };
  }
}
