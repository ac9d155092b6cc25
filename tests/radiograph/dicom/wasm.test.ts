/** Three causes that must not share one message: WebAssembly off, memory short, file damaged. */
import factory from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { cells } from '../../../src/radiograph/dicom/codecs/cells.ts';
import { wasmCodec, type WasmCodec } from '../../../src/radiograph/dicom/codecs/wasm.ts';
import type { WasmDecoder } from '../../../src/radiograph/dicom/codecs/wasm.ts';
import { encodeJpeg2000 } from '../../fixtures/dicom-packages.ts';

const program = readFileSync(
  createRequire(import.meta.url).resolve('@cornerstonejs/codec-openjpeg/decodewasm'),
);
/** Large enough that the decoder's memory has to grow for it. */
const SIDE = 3000;
let whole: Uint8Array;
let codec: WasmCodec<WasmDecoder>;
let count = 0;

beforeAll(async () => {
  const bytes = new Uint8Array(SIDE * SIDE * 2);
  whole = await encodeJpeg2000({ width: SIDE, height: SIDE, bits: 12, bytes });
});
beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response(program));
  // Compiled programs are kept by their address: each test begins with none.
  count += 1;
  codec = wasmCodec(factory, `https://clinic.example/openjpeg-${count}.wasm`, 'J2KDecoder');
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const decode = (bytes: Uint8Array): Promise<number> =>
  codec.decode(bytes, (decoder) => decoder.getFrameInfo().width);

describe('a codec in WebAssembly', () => {
  it('decodes', async () => {
    expect(await decode(whole)).toBe(SIDE);
  });

  it('says that WebAssembly is switched off, and asks the network for nothing', async () => {
    const fetch = vi.fn();
    vi.stubGlobal('fetch', fetch);
    vi.stubGlobal('WebAssembly', undefined);
    await expect(decode(whole)).rejects.toMatchObject({
      code: 'webassembly-off',
      remedy: expect.stringContaining('Lockdown Mode'),
    });
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each([
    'Refused to compile or instantiate WebAssembly module because it violates the Content Security Policy',
    'call to WebAssembly.compile() blocked by CSP',
    'Wasm code generation disallowed by embedder',
  ])('says the same where a policy forbids it: %s', async (words) => {
    vi.spyOn(WebAssembly, 'compile').mockRejectedValue(new WebAssembly.CompileError(words));
    await expect(decode(whole)).rejects.toMatchObject({ code: 'webassembly-off' });
  });

  it('says that its code is missing: not served, or spoiled on the way', async () => {
    vi.stubGlobal('fetch', async () => new Response('no', { status: 404 }));
    await expect(decode(whole)).rejects.toMatchObject({ code: 'decoder-missing' });
    vi.stubGlobal('fetch', async () => new Response(program.subarray(0, 5000)));
    await expect(decode(whole)).rejects.toMatchObject({ code: 'decoder-missing' });
  });

  it('says that memory is short, and not that the file is damaged', async () => {
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
    });
    await expect(decode(whole)).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(grow).toHaveBeenCalled();
    // Its program is given up; with room again the next one decodes.
    vi.restoreAllMocks();
    expect(await decode(whole)).toBe(SIDE);
  });

  it('says that memory is short when the program cannot even start', async () => {
    vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(
      new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory'),
    );
    await expect(decode(whole)).rejects.toMatchObject({ code: 'out-of-memory' });
  });

  it('says that the file is damaged, with WebAssembly and memory to spare', async () => {
    // Samples that are fewer than the header says are found by the codec's own reading of them.
    const read = vi.fn((decoder: WasmDecoder) =>
      cells(decoder.getDecodedBuffer(), decoder.getFrameInfo(), {
        width: SIDE,
        height: SIDE,
        components: 1,
      }),
    );
    await expect(codec.decode(whole.subarray(0, 40), read)).rejects.toMatchObject({
      code: 'damaged-picture',
    });
  });
});
