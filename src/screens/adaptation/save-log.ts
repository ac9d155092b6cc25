import type { EpochFigures } from '../../adaptation/index.ts';
import { saveFile } from '../../platform/save-file.ts';

/** @param name of the training; what a file name cannot hold is left to the browser */
export async function saveLog(name: string, log: readonly EpochFigures[]): Promise<void> {
  const { logCsv } = await import('../../adaptation/index.ts');
  await saveFile(new File([logCsv(log)], `${name} training-log.csv`, { type: 'text/csv' }));
}
