/** JPEG lossless (T.81 annex H), every predictor, in plain JavaScript. */
import { Decoder } from 'jpeg-lossless-decoder-js';
import { damaged, truncated } from '../../errors.ts';
import { unreadable } from '../refusals.ts';
import { colorOf, type Codec } from './codec.ts';
import { readJpegHeader } from './jpeg-header.ts';

export const codec: Codec = {
  decode(bytes, layout) {
    const { precision, components } = readJpegHeader(bytes, layout);
    if (components === 3 && precision > 8) throw unreadable('color of more than 8 bits a sample');
    const decoder = new Decoder();
    let data: Uint8Array | Uint16Array;
    try {
      const depth = precision > 8 ? 2 : 1;
      data = decoder.decode(bytes.buffer, bytes.byteOffset, bytes.byteLength, depth);
    } catch (error) {
      throw damaged('its compressed pixels cannot be unpacked', error);
    }
    // It takes what lies beyond the end as zeros, and stops at a marker wherever it comes.
    if ((decoder.stream?.index ?? 0) > bytes.length + 2) {
      throw truncated('a part of its pixels is missing');
    }
    if (decoder.yLoc < layout.height) throw damaged('its compressed pixels end too early');
    const { samplesPerPixel } = layout;
    return { data, samplesPerPixel, planar: 0, color: colorOf(layout) };
  },
};
