import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

interface Picture {
  src: string;
  sizes: string;
  type: string;
  purpose?: string;
  form_factor?: string;
}
const publicFolder = new URL('../../public/', import.meta.url);
const manifest = JSON.parse(
  readFileSync(new URL('manifest.webmanifest', publicFolder), 'utf8'),
) as Record<string, unknown> & { icons: Picture[]; screenshots?: Picture[] };

describe('the web app manifest', () => {
  it('names every address relative to itself, so that any folder of any host will do', () => {
    const addresses = JSON.stringify(manifest).match(/"(?:https?:)?\/[^"]*"/g);
    expect(addresses).toBeNull();
    for (const key of ['start_url', 'scope']) expect(manifest[key]).toBe('./');
    // An id would be resolved against the origin, not the folder: two copies on one host would be one app.
    expect(manifest.id).toBeUndefined();
  });

  it.each([...manifest.icons, ...(manifest.screenshots ?? [])])(
    '$src is there and has the size it claims',
    async ({ src, sizes, type }) => {
      const file = new URL(src, publicFolder);
      expect(existsSync(file)).toBe(true);
      const facts = await sharp(readFileSync(file)).metadata();
      expect(`image/${facts.format === 'svg' ? 'svg+xml' : facts.format}`).toBe(type);
      if (sizes !== 'any') expect(`${facts.width}x${facts.height}`).toBe(sizes);
    },
  );

  it('has maskable icons whose mark stays inside the safe circle', async () => {
    const maskable = manifest.icons.filter(({ purpose }) => purpose === 'maskable');
    expect(maskable.map(({ sizes }) => sizes)).toEqual(['192x192', '512x512']);
    const { data, info } = await sharp(
      readFileSync(new URL('icons/maskable-512.png', publicFolder)),
    )
      .flatten()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const ground = data.subarray(0, 3);
    const safe = 0.4 * info.width;
    let outside = 0;
    for (let y = 0; y < info.height; y += 1) {
      for (let x = 0; x < info.width; x += 1) {
        if (Math.hypot(x - info.width / 2, y - info.height / 2) <= safe) continue;
        const at = (y * info.width + x) * info.channels;
        if (Math.abs(data[at] - ground[0]) + Math.abs(data[at + 1] - ground[1]) > 12) outside += 1;
      }
    }
    expect(outside).toBe(0);
  });

  it('opens every kind of file the app reads', () => {
    const [handler] = manifest.file_handlers as { accept: Record<string, string[]> }[];
    const shared = (manifest.share_target as { params: { files: { accept: string[] }[] } }).params
      .files[0]?.accept;
    for (const type of Object.keys(handler?.accept ?? {})) expect(shared).toContain(type);
    expect(Object.keys(handler?.accept ?? {})).toHaveLength(11);
  });
});
