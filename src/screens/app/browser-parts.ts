/** The browser's own parts for the services: the store on this device, workers, and small storage. */
import { buildInfo, getPlatform, modelsBase, requestPersistence } from '../../platform/index.ts';
import { PictureViewing } from '../../session/index.ts';
import type { ServiceParts } from '../../state/services.ts';
import { smallStorage } from '../../state/small-storage.ts';

export function browserParts(): ServiceParts {
  return {
    platform: getPlatform(),
    viewing: new PictureViewing(),
    memory: smallStorage('fieldray.'),
    appVersion: buildInfo.version,
    modelsBase: modelsBase(),
    openStore: async () => (await import('../../model/index.ts')).openModelStore(),
    engines: async () => (await import('../../inference/index.ts')).createScreeningService,
    selfTest: async (bytes, signal) => {
      const { selfTestModel } = await import('../../inference/index.ts');
      await selfTestModel(bytes, { signal });
    },
    pauseReason: async () => {
      const { PauseRequested } = await import('../../model/index.ts');
      return new PauseRequested();
    },
    hasRecords: async () => {
      // Firefox before 126 cannot list them: there the small storage has to do.
      const databases = (await indexedDB.databases?.().catch(() => [])) ?? [];
      return databases.some(({ name }) => name === 'fieldray-records');
    },
    requestPersistence,
  };
}
