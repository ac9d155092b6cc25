/**
 * The delivered model: what the manifest says and where its bytes are.
 * The valibot schema of the manifest lives in manifest.ts and the `Manifest` type is inferred from it.
 */

/** Position of a download, for a progress bar. Bytes count only this version's files. */
export interface InstallProgress {
  readonly phase: 'checking' | 'downloading' | 'verifying' | 'self-test' | 'activating' | 'done';
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly bytesPerSecond: number;
  /** Seconds left by the recent rate; null until that is known. */
  readonly secondsLeft: number | null;
  readonly file: string | null;
  /** Set while a failed try waits for the next one: seconds until then, less if the network comes back. */
  readonly retryInSeconds?: number | null;
}

export interface InstalledModel<M> {
  readonly manifest: M;
  /** When every byte's SHA-256 was last checked (epoch ms). */
  readonly verifiedAt: number;
  readonly activatedAt: number;
  /** Made for an earlier version of the app: it reads on until the present one is on the device. */
  readonly outdated: boolean;
}

/** What the runtime needs to build the graph. */
export interface ModelBytes<M> {
  readonly manifest: M;
  /** Parsed model.json. */
  readonly graph: unknown;
  /** Weight shards in the order the graph's weightsManifest names them. */
  readonly shards: readonly ArrayBuffer[];
  /** The gate's file (readGateTables reads it); absent if the manifest names none. */
  readonly gate?: ArrayBuffer;
  /** Hashes of the training pictures; absent if the manifest names none. */
  readonly seen?: ArrayBuffer;
  /** The lung network's graph and weights, like those above; absent if the manifest has none. */
  readonly lungs?: { readonly graph: unknown; readonly shards: readonly ArrayBuffer[] };
}

export interface StoreCheck {
  readonly ok: boolean;
  /** Paths of files that are missing or damaged. */
  readonly damaged: readonly string[];
  readonly checkedAt: number;
}

export interface InstallOptions<M> {
  /** Abort with `new PauseRequested()` to pause; a later install() goes on at the same byte. */
  readonly signal?: AbortSignal;
  /** Also called in a tab that waits for another tab's download. */
  onProgress?(progress: InstallProgress): void;
  /** Resolves if the network gives its known answers on this device; rejects otherwise. */
  selfTest(bytes: ModelBytes<M>): Promise<void>;
}

export interface CheckOptions {
  readonly signal?: AbortSignal;
  onProgress?(progress: InstallProgress): void;
}

/** The delivered model in IndexedDB. All methods reject with a Fault (see errors.ts) by name. */
export interface ModelStore<M> {
  /** The version in use; null if there is none. */
  active(): Promise<InstalledModel<M> | null>;
  /** The version on offer at the server. */
  available(base: URL, signal?: AbortSignal): Promise<M>;
  /**
   * Downloads what is on offer, checks it, tests it, and only then switches to it. Goes on where an
   * earlier attempt stopped. While another tab downloads, waits for it and finds it done.
   */
  install(base: URL, options: InstallOptions<M>): Promise<InstalledModel<M>>;
  /** The active version's bytes. Rejects with NoModelStored or StoredModelDamaged. */
  read(): Promise<ModelBytes<M>>;
  /** Cheap, for every start: records, sizes and numbers of chunks, not the bytes. Not ok if nothing is stored. */
  quickCheck(): Promise<StoreCheck>;
  /** Hashes every byte. Files found wrong are marked, so that later quick checks know of them. */
  verify(options?: CheckOptions): Promise<StoreCheck>;
  /** Verifies, then fetches only what is missing or damaged. */
  repair(base: URL, options?: CheckOptions): Promise<StoreCheck>;
  /** Deletes everything, as soon as no other tab writes to the store. */
  remove(signal?: AbortSignal): Promise<void>;
  usage(): Promise<{ modelBytes: number; partialBytes: number }>;
  /** Another tab or worker has activated, repaired or removed a version. Returns the function that ends it. */
  onChanged(listener: () => void): () => void;
  close(): void;
}

/*
 * The door (index.ts) gives:
 *   ManifestSchema, type Manifest, parseManifest(json: unknown): Manifest, CLASS_LABELS
 *   openModelStore(options?): Promise<ModelStore<Manifest>>      works in page and worker alike
 *   chestPhantom(size, variant): Float32Array      golden input, mirrored by training/phantom.py
 *   named errors with stable `code`, `message`, `remedy`
 */
