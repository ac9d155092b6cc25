import type { Adjustment, PatientDetails } from '../radiograph/types.ts';
import type { PictureSource } from '../session/types.ts';

/** What the read screen needs of the viewing worker. */
export interface PictureOpener {
  open(
    source: Blob,
    signal?: AbortSignal,
    adjust?: Adjustment | null,
    /** Which picture of a file that holds several, from 0. */
    frame?: number,
  ): Promise<PictureSource>;
  /** Who the picture is of; read from the file now, kept nowhere. */
  patientDetails(source: Blob): Promise<PatientDetails | null>;
}
