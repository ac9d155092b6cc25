/**
 * Some devices do not refuse a GPU backend, they take the whole tab down (onnxruntime#26827). So a
 * marker is written before a GPU is started and taken away after its first good answers; a start
 * that finds one left behind knows that the start before died, and stays on WASM. One crash is
 * enough: iOS reloads a crashed tab once and gives up at the second time.
 */
import * as v from 'valibot';
import { parseJson, type Memory } from '../../base/key-value.ts';

const KEY = 'gpu-start';
const GuardSchema = v.object({
  schema: v.literal(1),
  /** Starts that ended in a crash since the last good one. */
  crashes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
  /** The start going on: what was started, and the lock its tab holds while it lives. */
  starting: v.nullable(v.object({ backend: v.string(), lock: v.string() })),
});
type Guard = v.InferOutput<typeof GuardSchema>;

const CLEAN: Guard = { schema: 1, crashes: 0, starting: null };

export class CrashGuard {
  readonly #memory: Memory;
  #release: (() => void) | null = null;
  readonly #onPageHide = (): void => this.#cancel();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get crashes(): number {
    return this.#read().crashes;
  }

  /** At the app's start, before anything else: counts a marker that a dead start left behind. */
  async check(): Promise<number> {
    const guard = this.#read();
    if (guard.starting === null || (await isHeld(guard.starting.lock))) return guard.crashes;
    const crashes = guard.crashes + 1;
    this.#write({ ...CLEAN, crashes });
    return crashes;
  }

  /** Right before a GPU is started. */
  begin(backend: string): void {
    const lock = `fieldray-gpu-start-${Math.random().toString(36).slice(2)}`;
    this.#release?.();
    this.#release = hold(lock);
    this.#write({ ...this.#read(), starting: { backend, lock } });
    // Closing or reloading the page in the middle of a start is no crash.
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
  }

  /** The start is over, and the tab still lives. */
  end(): void {
    this.#cancel();
  }

  /** A GPU did well, or the person wants it tried again. */
  clear(): void {
    this.#write(CLEAN);
  }

  #cancel(): void {
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    this.#write({ ...this.#read(), starting: null });
    this.#release?.();
    this.#release = null;
  }

  #read(): Guard {
    const parsed = v.safeParse(GuardSchema, parseJson(this.#memory.read(KEY)));
    return parsed.success ? parsed.output : CLEAN;
  }

  #write(guard: Guard): void {
    const clean = guard.crashes === 0 && guard.starting === null;
    this.#memory.write(KEY, clean ? null : JSON.stringify(guard));
  }
}

/** A lock dies with its tab, so a second tab can tell a crash from a start going on beside it. */
function hold(name: string): () => void {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  void navigator.locks?.request(name, () => held).catch(() => undefined);
  return release;
}

async function isHeld(name: string): Promise<boolean> {
  try {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].some((lock) => lock.name === name);
  } catch {
    return false;
  }
}
