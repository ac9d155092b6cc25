/** What samples mean (TIFF 6.0, tag 262). Apart from directory.ts, so that PDF does without geotiff. */
export const Photometric = { minIsWhite: 0, minIsBlack: 1, rgb: 2, palette: 3, ycbcr: 6 } as const;
