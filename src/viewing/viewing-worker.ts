/**
 * Decodes pictures for the viewer and renders them, away from the page: a 16-megapixel picture
 * takes tens of milliseconds to window, too long between two frames.
 */
import { expose, transfer } from 'comlink';
import {
  adjustPicture,
  decodePicture,
  readPatientDetails,
  toRadiograph,
} from '../radiograph/index.ts';
import type { Adjustment, PatientDetails } from '../radiograph/types.ts';
import { answer, type Answer } from '../base/worker/answer.ts';
import { ViewingError } from './errors.ts';
import { PictureRenderer } from './picture-renderer.ts';
import type { PictureFacts, RenderedPart, RenderRequest } from './types.ts';

export interface OpenedPicture {
  readonly width: number;
  readonly height: number;
  readonly facts: PictureFacts;
}

const opened = new Map<number, PictureRenderer>();

const failed = (reason: unknown): ViewingError => new ViewingError(reason);

const api = {
  open(
    handle: number,
    source: Blob,
    adjust: Adjustment | null,
    frame: number,
  ): Promise<Answer<OpenedPicture>> {
    return answer(async () => {
      const decoded = await decodePicture(source, { purpose: 'viewing', frame });
      const radiograph = await toRadiograph(adjust ? adjustPicture(decoded, adjust) : decoded);
      const renderer = new PictureRenderer(radiograph);
      opened.set(handle, renderer);
      return { width: renderer.width, height: renderer.height, facts: renderer.facts };
    }, failed);
  },

  async render(handle: number, request: RenderRequest): Promise<Answer<RenderedPart>> {
    const part = await answer(() => {
      const renderer = opened.get(handle);
      if (!renderer) throw new ViewingError();
      return renderer.render(request);
    }, failed);
    return part.ok ? transfer(part, [part.value.bitmap]) : part;
  },

  patient(source: Blob): Promise<Answer<PatientDetails | null>> {
    return answer(() => readPatientDetails(source), failed);
  },

  close(handle: number): void {
    opened.delete(handle);
  },
};

export type ViewingApi = typeof api;

expose(api);
