/** What this browser on this device can do; for the status page and for support. */
export interface Capabilities {
  readonly webgpu: 'available' | 'no-adapter' | 'missing';
  /** Vendor, architecture and device as the adapter tells; null without one. */
  readonly webgpuAdapter: string | null;
  readonly webgpuFallback: boolean;
  readonly webgl2: boolean;
  readonly wasm: boolean;
  readonly wasmSimd: boolean;
  readonly indexedDb: boolean;
  readonly opfs: boolean;
  readonly serviceWorker: boolean;
  readonly webLocks: boolean;
  readonly fileHandling: boolean;
  readonly shareFiles: boolean;
  readonly cores: number | null;
  /** Gigabytes, rounded down by the browser and never more than it cares to say; null if untold. */
  readonly memoryGb: number | null;
  readonly userAgent: string;
}

/** A function of one v128 instruction: it validates only where SIMD exists. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/** Some drivers never answer; the status page must not wait for them. */
const ADAPTER_LIMIT_MS = 3_000;

async function webgpuFacts(): Promise<
  Pick<Capabilities, 'webgpu' | 'webgpuAdapter' | 'webgpuFallback'>
> {
  const none = { webgpuAdapter: null, webgpuFallback: false };
  const gpu = (navigator as { gpu?: GPU }).gpu;
  if (!gpu) return { webgpu: 'missing', ...none };
  // `navigator.gpu` exists on machines that have no adapter to give.
  const adapter = await Promise.race([
    gpu.requestAdapter().catch(() => null),
    new Promise<null>((resolve) => setTimeout(resolve, ADAPTER_LIMIT_MS, null)),
  ]);
  if (!adapter) return { webgpu: 'no-adapter', ...none };
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const words = [vendor, architecture, device, description].filter((word) => word !== '');
  return {
    webgpu: 'available',
    webgpuAdapter: words.join(' ') || 'unnamed',
    webgpuFallback: isFallbackAdapter,
  };
}

function hasWebgl2(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  // Browsers allow a handful of contexts: give this one back at once.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

async function hasIndexedDb(): Promise<boolean> {
  // Private windows have the object and refuse to open anything.
  return new Promise((resolve) => {
    try {
      const name = `fieldray-probe-${crypto.randomUUID()}`;
      const request = indexedDB.open(name);
      request.onerror = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        indexedDB.deleteDatabase(name);
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
}

async function hasOpfs(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    return false;
  }
}

function canShareFiles(): boolean {
  try {
    const probe = new File(['fieldray'], 'probe.txt', { type: 'text/plain' });
    return (navigator as Partial<Navigator>).canShare?.({ files: [probe] }) ?? false;
  } catch {
    return false;
  }
}

/** Asks everything once; takes at most a few seconds and never rejects. */
export async function readCapabilities(): Promise<Capabilities> {
  const [gpu, indexedDb, opfs] = await Promise.all([webgpuFacts(), hasIndexedDb(), hasOpfs()]);
  const hasWasm = typeof WebAssembly === 'object';
  return {
    ...gpu,
    webgl2: hasWebgl2(),
    wasm: hasWasm,
    wasmSimd: hasWasm && WebAssembly.validate(SIMD_PROBE),
    indexedDb,
    opfs,
    serviceWorker: 'serviceWorker' in navigator,
    webLocks: 'locks' in navigator,
    fileHandling: 'launchQueue' in window,
    shareFiles: canShareFiles(),
    cores: navigator.hardwareConcurrency || null,
    memoryGb: (navigator as { deviceMemory?: number }).deviceMemory ?? null,
    userAgent: navigator.userAgent,
  };
}
