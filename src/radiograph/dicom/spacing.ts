/** How far apart pixels lie, from what, and what shape that gives them. */
import type { RadiographAttributes } from '../types.ts';
import type { Fields } from './fields.ts';

type Spacing = Pick<RadiographAttributes, 'pixelSpacing' | 'spacingPlane'>;

const PATIENT = 0x00280030;
const DETECTOR = 0x00181164;
const FILM = 0x00182010;
const ASPECT = 0x00280034;

/**
 * Pixel Spacing (0028,0030) beside an equal Imager Pixel Spacing (0018,1164) was not corrected for
 * the enlargement of the shadow: it is the detector's (PS3.3 section 10.7.1.3).
 * @throws DamagedPictureError naming the field, where a number cannot be read
 */
export function spacingOf(fields: Fields): Spacing {
  const pair = (tag: number): readonly [number, number] | null => {
    const [row, column = row] = fields.numbers(tag);
    const sane = (mm: number | undefined): mm is number => mm !== undefined && mm > 0.01 && mm < 10;
    return sane(row) && sane(column) ? [row, column] : null;
  };
  const patient = pair(PATIENT);
  const detector = pair(DETECTOR);
  const film = pair(FILM);
  const calibrated = fields.has(0x00280a02);
  if (patient && (calibrated || !detector || patient.some((mm, i) => mm !== detector[i]))) {
    return { pixelSpacing: patient, spacingPlane: 'patient' };
  }
  if (detector) return { pixelSpacing: detector, spacingPlane: 'detector' };
  return film ? { pixelSpacing: film, spacingPlane: 'film' } : {};
}

/**
 * The shape of a pixel, and the attributes without a spacing that belongs to another size than the
 * pixels have.
 */
export function spacingFor(
  attributes: RadiographAttributes,
  fields: Fields,
  sizeAgrees: boolean,
): { rows: number; columns: number; attributes: RadiographAttributes } {
  const [rows, columns] = attributes.pixelSpacing ?? fields.numbers(ASPECT);
  const known = rows > 0 && columns > 0 && sizeAgrees;
  if (sizeAgrees) return { rows: known ? rows : 1, columns: known ? columns : 1, attributes };
  const kept: RadiographAttributes & { pixelSpacing?: unknown; spacingPlane?: unknown } = {
    ...attributes,
  };
  delete kept.pixelSpacing;
  delete kept.spacingPlane;
  return { rows: 1, columns: 1, attributes: kept };
}
