/**
 * The picture as it is shown (window, evidence, outline) as a PNG with a caption band: what was
 * said, by which model, when, every code, and that it is no diagnosis. The band is part of the
 * picture, so that it cannot be lost on the way.
 */
import { msg } from '@lit/localize';
import { opacityOf, viridis } from '../../elements/overlay/color-map.ts';
import { drawOverlay, MapImage } from '../../elements/overlay/scene.ts';
import { Fault } from '../../base/fault.ts';
import type { GrayWindow, PictureSource } from '../../session/types.ts';
import type { OverlayScene } from '../../state/overlay.ts';

export interface ExportWishes {
  readonly source: PictureSource;
  readonly window: GrayWindow;
  readonly scene: OverlayScene | null;
  /** The first line of the band, larger. */
  readonly headline: string;
  /** Whose evidence is shown, for the legend; empty shows no legend. */
  readonly evidence: string;
  /** Further lines, as many as need be. */
  readonly lines: readonly string[];
}

/** The picture could not be made. */
export class ExportFailed extends Fault {
  readonly code = 'export-failed';
  constructor(cause?: unknown) {
    super(
      'The picture could not be saved.',
      'Close other pictures to free memory, then try again.',
      { cause },
    );
  }
}

/** Longer side of the picture; iOS gives up beyond 16.7 million pixels. */
const LONGEST = 2048;
/** A small picture is enlarged, so that the band below it can be read. */
const SHORTEST_WIDTH = 900;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** @throws ExportFailed, or what the picture's worker threw */
export async function exportPicture(wishes: ExportWishes): Promise<Blob> {
  const { source } = wishes;
  const enlarge = Math.max(1, SHORTEST_WIDTH / source.width);
  const scale = Math.min(enlarge, LONGEST / Math.max(source.width, source.height));
  const width = Math.max(1, Math.round(source.width * scale));
  const height = Math.max(1, Math.round(source.height * scale));
  const region = { x: 0, y: 0, width: source.width, height: source.height };
  const part = await source.render({ window: wishes.window, region, scale: Math.min(1, scale) });
  try {
    const unit = Math.max(width / 900, 0.6);
    const band = layOutBand(wishes, width, unit);
    const canvas = new OffscreenCanvas(width, height + band.height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new ExportFailed();
    context.imageSmoothingQuality = 'high';
    context.drawImage(part.bitmap, 0, 0, width, height);
    if (wishes.scene) {
      const image = new MapImage().of(wishes.scene.map);
      drawOverlay(context, wishes.scene, image, { x: 0, y: 0, width, height }, unit);
    }
    band.draw(context, height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } catch (reason) {
    throw reason instanceof Fault ? reason : new ExportFailed(reason);
  } finally {
    part.bitmap.close();
  }
}

interface Band {
  readonly height: number;
  draw(context: OffscreenCanvasRenderingContext2D, top: number): void;
}

function layOutBand(wishes: ExportWishes, width: number, unit: number): Band {
  const margin = 20 * unit;
  const room = width - 2 * margin;
  const large = `600 ${26 * unit}px ${FONT}`;
  const small = `${17 * unit}px ${FONT}`;
  const measure = new OffscreenCanvas(1, 1).getContext('2d');
  if (!measure) throw new ExportFailed();
  const headline = wrap(measure, wishes.headline, large, room);
  const lines = wishes.lines.flatMap((line) => wrap(measure, line, small, room));
  const legend = wishes.evidence ? 44 * unit : 0;
  const height = Math.ceil(
    2 * margin + headline.length * 34 * unit + legend + lines.length * 24 * unit,
  );
  return {
    height,
    draw: (context, top) => {
      const rtl = document.documentElement.dir === 'rtl';
      context.fillStyle = '#101415';
      context.fillRect(0, top, width, height);
      context.textBaseline = 'top';
      context.direction = rtl ? 'rtl' : 'ltr';
      context.textAlign = 'start';
      const x = rtl ? width - margin : margin;
      let y = top + margin;
      context.fillStyle = '#fff';
      context.font = large;
      for (const line of headline) {
        context.fillText(line, x, y);
        y += 34 * unit;
      }
      context.font = small;
      if (legend > 0) {
        const strength = wishes.scene?.strength ?? 1;
        drawLegend(context, { x: rtl ? width - margin - 200 * unit : margin, y, unit, strength });
        context.fillStyle = '#dfe6e5';
        context.fillText(wishes.evidence, rtl ? x - 216 * unit : x + 216 * unit, y + 6 * unit);
        y += legend;
      }
      context.fillStyle = '#c3cdcb';
      for (const line of lines) {
        context.fillText(line, x, y);
        y += 24 * unit;
      }
    },
  };
}

/** From none (left) to the strongest evidence (right), as over a middle gray. */
function drawLegend(
  context: OffscreenCanvasRenderingContext2D,
  { x, y, unit, strength }: { x: number; y: number; unit: number; strength: number },
): void {
  const steps = 100;
  const step = (200 * unit) / steps;
  for (let index = 0; index < steps; index += 1) {
    const share = index / (steps - 1);
    context.fillStyle = '#555';
    context.fillRect(x + index * step, y + 6 * unit, step + 0.5, 16 * unit);
    context.fillStyle = `rgb(${viridis(share).join(' ')} / ${100 * opacityOf(share) * strength}%)`;
    context.fillRect(x + index * step, y + 6 * unit, step + 0.5, 16 * unit);
  }
}

/** Lines no wider than `room`; a word that is wider stands alone. */
function wrap(
  context: OffscreenCanvasRenderingContext2D,
  text: string,
  font: string,
  room: number,
): string[] {
  context.font = font;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && context.measureText(longer).width > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

/** "ward 3/chest 12.dcm" → "chest 12-fieldray.png". */
export function exportName(name: string): string {
  const file = name.slice(name.lastIndexOf('/') + 1);
  const stem = file.replace(/\.[A-Za-z0-9]{1,5}$/, '').replaceAll(/[\\:*?"<>|]+/g, '_');
  return `${stem || msg('Picture')}-fieldray.png`;
}
