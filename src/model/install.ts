/** From an offer to the active version, in steps that each survive a reload. */
import { downloadFile } from './download.ts';
import { NotEnoughSpace, SelfTestFailed, StorageFailed } from './errors.ts';
import type { Manifest } from './manifest.ts';
import { assembleModel } from './model-bytes.ts';
import type { Offer } from './offer.ts';
import type { RetryPolicy } from './backoff.ts';
import { ProgressMeter } from './progress.ts';
import type { FileRecord, VersionRecord } from './records.ts';
import { askForPersistence, availableBytes, requireSpace } from './space.ts';
import type { InstallOptions, InstallProgress } from './types.ts';
import type { Vault } from './vault.ts';

export interface Transfer {
  readonly retry: RetryPolicy;
  readonly stallMs: number;
  readonly chunkBytes: number;
}

/**
 * Makes the offered version the active one. The caller holds the lock.
 * @throws Fault by name; the signal's reason. The earlier active version stays in use then.
 */
export async function installOffer(
  vault: Vault,
  base: URL,
  offer: Offer,
  transfer: Transfer,
  options: InstallOptions<Manifest> & { onProgress(progress: InstallProgress): void },
): Promise<VersionRecord> {
  const { manifest, key, folder } = offer;
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const meter = new ProgressMeter(total, (progress) => options.onProgress(progress));
  const active = await vault.activeVersion();
  if (active?.key === key && (await vault.missing(active)).length === 0) {
    meter.bytes(total);
    meter.phase('done');
    return active;
  }
  await vault.keepOnly(active ? [active.key, key] : [key]);
  const record: VersionRecord = { key, folder, manifest, verifiedAt: null, activatedAt: null };
  const files = await vault.begin(record);
  await fetchFiles(vault, base, record, files, transfer, meter, options.signal);

  meter.phase('self-test');
  const bytes = assembleModel(manifest, await vault.content(record));
  try {
    await orAbort(options.selfTest(bytes), options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new SelfTestFailed(manifest.version, error);
  }

  meter.phase('activating');
  const activated = await vault.activate(record);
  if (!activated) throw new StorageFailed();
  meter.phase('done');
  return activated;
}

/**
 * Brings every file of a version to state `complete`, one after the other.
 * @param files the version's file records as they are now
 * @throws NotEnoughSpace before or in the middle; what is stored by then stays
 */
export async function fetchFiles(
  vault: Vault,
  base: URL,
  record: VersionRecord,
  files: ReadonlyMap<string, FileRecord>,
  transfer: Transfer,
  meter: ProgressMeter,
  signal?: AbortSignal,
): Promise<void> {
  const received = new Map([...files].map(([path, file]) => [path, file.received]));
  const sum = (): number => [...received.values()].reduce((total, bytes) => total + bytes, 0);
  const total = record.manifest.files.reduce((bytes, file) => bytes + file.bytes, 0);
  meter.bytes(sum());
  await requireSpace(total - sum());
  askForPersistence();
  for (const { path } of record.manifest.files) {
    const file = files.get(path);
    if (!file) throw new StorageFailed();
    if (file.state === 'complete') continue;
    meter.phase('downloading', path);
    try {
      await downloadFile(vault, new URL(record.folder + path, base), file, {
        ...transfer,
        ...(signal ? { signal } : {}),
        onBytes: (bytes) => {
          received.set(path, bytes);
          meter.bytes(sum());
        },
        onWait: (seconds) => meter.waiting(seconds),
        onVerifying: () => meter.phase('verifying', path),
      });
    } catch (error) {
      throw await withFigures(error, total - sum());
    }
  }
}

/** A full disk in the middle: the database knows neither what was still to come nor what is left. */
async function withFigures(error: unknown, needed: number): Promise<unknown> {
  if (!(error instanceof NotEnoughSpace)) return error;
  return new NotEnoughSpace(needed, await availableBytes(), { cause: error.cause });
}

function orAbort<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
