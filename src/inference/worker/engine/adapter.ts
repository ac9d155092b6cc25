/** Who computes: asked of the browser without tfjs, so that a light worker can tell. */

export interface GpuFacts {
  /** Vendor, architecture and description as one line; null if the browser tells nothing. */
  readonly name: string;
  /** Drawn by the processor: right, but a hundred times slower than WASM. */
  readonly software: boolean;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software|\bwarp\b/i;

/** The WebGPU adapter, or null. `navigator.gpu` alone proves nothing (tfjs#8094). */
export async function webgpuFacts(): Promise<GpuFacts | null> {
  const gpu = (navigator as { gpu?: GPU }).gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const info = adapter.info as (GPUAdapterInfo & { isFallbackAdapter?: boolean }) | undefined;
  const name = [info?.vendor, info?.architecture, info?.device, info?.description]
    .filter(Boolean)
    .join(' ');
  const fallback =
    info?.isFallbackAdapter ??
    (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter ??
    false;
  return { name: name || 'unnamed adapter', software: fallback || SOFTWARE.test(name) };
}

/** The WebGL 2 renderer, or null; the context made for the question is given back at once. */
export function webglFacts(): GpuFacts | null {
  if (typeof OffscreenCanvas === 'undefined') return null;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return null;
  const debug = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(debug ? debug.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { name, software: SOFTWARE.test(name) };
}

/** Both in one line: when it changes, the backends are measured again. */
export async function adapterIdentity(): Promise<string> {
  const webgpu = await webgpuFacts().catch(() => null);
  let webgl: GpuFacts | null = null;
  try {
    webgl = webglFacts();
  } catch {
    // A browser that throws here has no WebGL for us.
  }
  return `webgpu: ${webgpu?.name ?? 'none'}; webgl: ${webgl?.name ?? 'none'}`;
}

// The smallest module with a SIMD instruction (wasm-feature-detect).
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26,
  11,
];

/** The same question tfjs asks before it picks its binary, so that the answer can be reported. */
export function hasWasmSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(SIMD_PROBE));
}
