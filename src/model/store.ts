/** The door's one object: who may write, what is in use, and the steps put together. */
import { inTurn } from '../base/locks.ts';
import { RETRY } from './backoff.ts';
import { isOutdated, requireReadable } from './contract.ts';
import { DATABASE_NAME, modelDatabase, type ModelDatabase } from './database.ts';
import { NoModelStored, StoredModelDamaged } from './errors.ts';
import { fetchFiles, installOffer, type Transfer } from './install.ts';
import { quickCheck, verifyActive } from './integrity.ts';
import type { Manifest } from './manifest.ts';
import { assembleModel } from './model-bytes.ts';
import { fetchOffer } from './offer.ts';
import { ProgressMeter } from './progress.ts';
import type { VersionRecord } from './records.ts';
import { TabChannel } from './tabs.ts';
import type {
  InstalledModel,
  CheckOptions,
  InstallOptions,
  InstallProgress,
  ModelBytes,
  ModelStore,
  StoreCheck,
} from './types.ts';
import { Vault } from './vault.ts';

export interface ModelStoreOptions extends Partial<Transfer> {
  /** Name of the IndexedDB database; also of the lock and the channel between tabs. */
  readonly name?: string;
  /** Longest wait for the browser to open the database, ms. */
  readonly openMs?: number;
}

/** The most a reload loses; on a slow line this is some seconds. Larger chunks read back no faster. */
const CHUNK_BYTES = 60 * 1024;

/**
 * Opens the store of the delivered model; works in page and worker alike.
 * @throws StorageUnavailable (private window, site data blocked), StorageBlocked, StorageOutdated
 */
export async function openModelStore(
  options: ModelStoreOptions = {},
): Promise<ModelStore<Manifest>> {
  const name = options.name ?? DATABASE_NAME;
  const openMs = options.openMs ?? 10_000;
  const db = modelDatabase(name, openMs);
  await db.open();
  return new IndexedModelStore(name, db, {
    retry: options.retry ?? RETRY,
    stallMs: options.stallMs ?? 30_000,
    chunkBytes: options.chunkBytes ?? CHUNK_BYTES,
  });
}

class IndexedModelStore implements ModelStore<Manifest> {
  readonly #name: string;
  readonly #db: ModelDatabase;
  readonly #vault: Vault;
  readonly #transfer: Transfer;
  readonly #tabs: TabChannel;

  constructor(name: string, db: ModelDatabase, transfer: Transfer) {
    this.#name = name;
    this.#db = db;
    this.#vault = new Vault(db);
    this.#transfer = transfer;
    this.#tabs = new TabChannel(name);
  }

  async active(): Promise<InstalledModel<Manifest> | null> {
    const record = await this.#vault.activeVersion();
    if (!record) return null;
    requireReadable(record.manifest.version);
    return activeModel(record);
  }

  async available(base: URL, signal?: AbortSignal): Promise<Manifest> {
    return (await this.#offer(base, signal)).manifest;
  }

  async install(base: URL, options: InstallOptions<Manifest>): Promise<InstalledModel<Manifest>> {
    const { signal } = options;
    new ProgressMeter(0, (progress) => options.onProgress?.(progress)).phase('checking');
    const offer = await this.#offer(base, signal);
    const record = await this.#alone(options, () =>
      installOffer(this.#vault, base, offer, this.#transfer, {
        ...options,
        onProgress: (progress) => this.#tell(options, progress),
      }),
    );
    this.#tabs.changed();
    return activeModel(record);
  }

  async read(): Promise<ModelBytes<Manifest>> {
    const content = await this.#vault.activeContent();
    if (!content) throw new NoModelStored();
    requireReadable(content.record.manifest.version);
    return assembleModel(content.record.manifest, content.contents);
  }

  quickCheck(): Promise<StoreCheck> {
    return quickCheck(this.#vault);
  }

  verify(options: CheckOptions = {}): Promise<StoreCheck> {
    return this.#alone({ ...options, quiet: true }, () => verifyActive(this.#vault, options));
  }

  async repair(base: URL, options: CheckOptions = {}): Promise<StoreCheck> {
    const check = await this.#alone(options, () => this.#repair(base, options));
    this.#tabs.changed();
    return check;
  }

  async remove(signal?: AbortSignal): Promise<void> {
    await this.#alone(signal ? { signal } : {}, () => this.#vault.clear());
    this.#tabs.changed();
  }

  usage(): Promise<{ modelBytes: number; partialBytes: number }> {
    return this.#vault.usage();
  }

  onChanged(listener: () => void): () => void {
    return this.#tabs.onChanged(listener);
  }

  close(): void {
    this.#tabs.close();
    this.#db.close();
  }

  async #repair(base: URL, options: CheckOptions): Promise<StoreCheck> {
    const found = await verifyActive(this.#vault, options);
    const record = await this.#vault.activeVersion();
    if (found.ok || !record) return found;
    const files = await this.#vault.begin(record);
    const total = record.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const meter = new ProgressMeter(total, (progress) => this.#tell(options, progress));
    const { signal } = options;
    await fetchFiles(this.#vault, base, record, files, this.#transfer, meter, signal);
    const check = await quickCheck(this.#vault);
    if (!check.ok) throw new StoredModelDamaged(check.damaged);
    await this.#vault.stamp(record.key, check.checkedAt);
    meter.phase('done');
    return check;
  }

  #offer(base: URL, signal?: AbortSignal): ReturnType<typeof fetchOffer> {
    const { retry, stallMs } = this.#transfer;
    return fetchOffer(base, signal ? { retry, stallMs, signal } : { retry, stallMs });
  }

  /** While another tab has the lock, its progress is shown as ours. */
  async #alone<T>(
    options: CheckOptions & { readonly quiet?: boolean },
    body: () => Promise<T>,
  ): Promise<T> {
    const stop = this.#tabs.onProgress((progress) => {
      if (!options.quiet) options.onProgress?.(progress);
    });
    try {
      return await inTurn(this.#name, options.signal, () => {
        stop();
        return body();
      });
    } finally {
      stop();
    }
  }

  #tell(options: CheckOptions, progress: InstallProgress): void {
    options.onProgress?.(progress);
    this.#tabs.progress(progress);
  }
}

function activeModel({
  manifest,
  verifiedAt,
  activatedAt,
}: VersionRecord): InstalledModel<Manifest> {
  return {
    manifest,
    verifiedAt: verifiedAt ?? 0,
    activatedAt: activatedAt ?? 0,
    outdated: isOutdated(manifest.version),
  };
}
