/**
 * The packages' decoders are Emscripten programs. They are compiled once and started from our own
 * bytes; a program that failed, or that grew large, is not asked again: its memory never shrinks,
 * and after an abort nothing in it can be trusted.
 */
import { damaged, decoderMissing, outOfMemory, wasmOff } from '../../errors.ts';

/** What all four decoders have in common. */
export interface WasmDecoder {
  /** Room inside the program for the packed bytes. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  /** A view into the program's memory: to be copied before `delete`. */
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

export interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

/** What a started program gives: its classes and its memory, by name. */
type Program = Readonly<Record<string, unknown>>;

interface StartOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  print(): void;
  printErr(): void;
}

/** An Emscripten module's factory; its own declarations are missing or say nothing. */
export type Factory = (options: object) => Promise<unknown>;

/** A tablet's memory is small, and the next picture is most likely of the same size. */
const MOST_KEPT_BYTES = 128_000_000;
const FETCH_LIMIT_MS = 30_000;

/** Programs that asked the browser for more memory and were refused it. */
const refusedMemory = new WeakSet<Program>();
const modules = new Map<string, Promise<WebAssembly.Module>>();

export interface WasmCodec<D extends WasmDecoder> {
  /**
   * @throws WasmOffError, DecoderMissingError, DamagedPictureError, OutOfMemoryError, the signal's
   * reason
   */
  decode<T>(bytes: Uint8Array, read: (decoder: D) => T, signal?: AbortSignal): Promise<T>;
}

/**
 * @param factory what the package exports
 * @param url of its `.wasm`, from our own origin
 * @param name of the decoder's class in the started program
 */
export function wasmCodec<D extends WasmDecoder>(
  factory: Factory,
  url: string,
  name: string,
): WasmCodec<D> {
  let running: Promise<Program> | null = null;
  return {
    async decode(bytes, read, signal) {
      running ??= start(factory, url);
      const mine = running;
      let program: Program;
      try {
        program = await mine;
      } catch (error) {
        if (running === mine) running = null;
        throw error;
      }
      signal?.throwIfAborted();
      try {
        const decoder = new (program[name] as new () => D)();
        decoder.getEncodedBuffer(bytes.length).set(bytes);
        decoder.decode();
        const result = read(decoder);
        decoder.delete();
        if (sizeOf(program) > MOST_KEPT_BYTES) running = null;
        return result;
      } catch (error) {
        running = null;
        throw refusedMemory.has(program) ? outOfMemory(error) : faultOf(error);
      }
    },
  };
}

async function start(factory: Factory, url: string): Promise<Program> {
  const module = await compiled(url);
  return new Promise((resolve, reject) => {
    let refused = false;
    let started: Program | null = null;
    const options: StartOptions = {
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(module, imports).then(
          (instance) => {
            watchMemory(instance, () => {
              refused = true;
              if (started) refusedMemory.add(started);
            });
            done(instance, module);
          },
          (error: unknown) => reject(isForbidden(error) ? wasmOff(error) : outOfMemory(error)),
        );
        return {};
      },
      // They write about damaged files to the console; we say it ourselves.
      print: () => undefined,
      printErr: () => undefined,
    };
    factory(options).then(
      (program) => {
        started = program as Program;
        resolve(started);
      },
      (error: unknown) => reject(refused ? outOfMemory(error) : faultOf(error)),
    );
  });
}

/**
 * A program that is refused memory ends with the same number as one that met a damaged file: so the
 * refusal itself is looked at.
 */
function watchMemory(instance: WebAssembly.Instance, onRefused: () => void): void {
  for (const memory of Object.values(instance.exports)) {
    if (!(memory instanceof WebAssembly.Memory)) continue;
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      try {
        return grow(pages);
      } catch (error) {
        onRefused();
        throw error;
      }
    };
  }
}

function compiled(url: string): Promise<WebAssembly.Module> {
  const known = modules.get(url);
  if (known) return known;
  const fresh = fetchModule(url);
  modules.set(url, fresh);
  fresh.catch(() => modules.delete(url));
  return fresh;
}

async function fetchModule(url: string): Promise<WebAssembly.Module> {
  // Lockdown Mode and some policies take it away: no download would help there.
  if (typeof WebAssembly !== 'object') throw wasmOff();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_LIMIT_MS) });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw isForbidden(error) ? wasmOff(error) : decoderMissing(error);
  }
}

/** Browsers that forbid WebAssembly by a policy refuse to compile, each in its own words. */
function isForbidden(error: unknown): boolean {
  return (
    error instanceof WebAssembly.CompileError &&
    /disallow|not allowed|refused|blocked|security policy|embedder/i.test(error.message)
  );
}

function sizeOf(program: Program): number {
  const memory = program.HEAPU8;
  return memory instanceof Uint8Array ? memory.length : Number.POSITIVE_INFINITY;
}

/** They throw numbers (C++ exceptions), traps, and errors about memory. */
function faultOf(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  return /memory|OOM|allocat/i.test(text) && !/out of bounds/i.test(text)
    ? outOfMemory(error)
    : damaged('its compressed pixels cannot be unpacked', error);
}
