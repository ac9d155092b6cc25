/** Is what lies in the store still what the manifest promised? */
import { sha256 } from './digest.ts';
import { NoModelStored } from './errors.ts';
import { ProgressMeter } from './progress.ts';
import type { VersionRecord } from './records.ts';
import type { CheckOptions, InstallProgress, StoreCheck } from './types.ts';
import type { Vault } from './vault.ts';

const MANIFEST = 'manifest.json';

/** Records, sizes and numbers of chunks of the active version. Not ok if there is none. */
export async function quickCheck(vault: Vault): Promise<StoreCheck> {
  const record = await vault.activeVersion();
  // Without a readable manifest nothing can be repaired file by file: it is installed again.
  const damaged = record ? await vault.missing(record) : [MANIFEST];
  return { ok: damaged.length === 0, damaged, checkedAt: Date.now() };
}

/**
 * Hashes every file of the active version, one in memory at a time, and writes down what it finds.
 * @throws NoModelStored; the signal's reason
 */
export async function verifyActive(vault: Vault, options: CheckOptions = {}): Promise<StoreCheck> {
  const record = await vault.activeVersion();
  if (!record) throw new NoModelStored();
  const damaged = await hashAll(vault, record, options);
  const checkedAt = Date.now();
  if (damaged.length === 0) await vault.stamp(record.key, checkedAt);
  return { ok: damaged.length === 0, damaged, checkedAt };
}

async function hashAll(
  vault: Vault,
  record: VersionRecord,
  options: CheckOptions,
): Promise<string[]> {
  const { files } = record.manifest;
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const report = (progress: InstallProgress): void => options.onProgress?.(progress);
  const meter = new ProgressMeter(total, report);
  const known = await vault.files(record.key);
  const damaged: string[] = [];
  let done = 0;
  for (const file of files) {
    options.signal?.throwIfAborted();
    meter.phase('verifying', file.path);
    const bytes = await vault.bytes(record.key, file.path);
    const right = bytes?.byteLength === file.bytes && (await sha256(bytes)) === file.sha256;
    if (!right) damaged.push(file.path);
    if (known.has(file.path)) {
      await vault.judge(record.key, file.path, right ? 'complete' : 'damaged');
    }
    done += file.bytes;
    meter.bytes(done);
  }
  meter.phase('done');
  return damaged;
}
