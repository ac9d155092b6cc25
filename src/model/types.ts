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
}

export interface ActiveModel<M> {
  readonly manifest: M;
  /** When every byte's SHA-256 was last checked (epoch ms). */
  readonly verifiedAt: number;
  readonly activatedAt: number;
}

/** What the runtime needs to build the graph. */
export interface ModelBytes<M> {
  readonly manifest: M;
  /** Parsed model.json. */
  readonly graph: unknown;
  /** Weight shards in the order the graph's weightsManifest names them. */
  readonly shards: readonly ArrayBuffer[];
}

export interface StoreCheck {
  readonly ok: boolean;
  /** Paths of files that are missing or damaged. */
  readonly damaged: readonly string[];
  readonly checkedAt: number;
}

/*
 * The door (index.ts) gives:
 *   ManifestSchema, type Manifest, parseManifest(json: unknown): Manifest
 *   openModelStore(): Promise<ModelStore>      works in page and worker alike
 *   interface ModelStore {
 *     active(): Promise<ActiveModel<Manifest> | null>
 *     install(base: URL, options: { signal?: AbortSignal; onProgress?(p: InstallProgress): void;
 *             selfTest(bytes: ModelBytes<Manifest>): Promise<void> }): Promise<ActiveModel<Manifest>>
 *       // resumes what an earlier attempt left; pause = abort with a PauseRequested reason, then install again
 *     available(base: URL, signal?): Promise<Manifest>          the version on offer at the server
 *     read(): Promise<ModelBytes<Manifest>>                     the active version's bytes
 *     quickCheck(): Promise<StoreCheck>                          cheap, every start
 *     verify(options?: { signal?; onProgress? }): Promise<StoreCheck>   full re-hash
 *     repair(base: URL, options?): Promise<StoreCheck>           fetches only what is damaged
 *     remove(): Promise<void>
 *     usage(): Promise<{ modelBytes: number; partialBytes: number }>
 *     close(): void
 *   }
 *   chestPhantom(size: number, variant: number): Float32Array    golden input, mirrored by training/phantom.py
 *   named errors with stable `code`, `message`, `remedy`
 */
