/**
 * The door of inference: pictures in, logits and embedding out. The page imports this and nothing
 * else; the runtime lives in workers (worker.ts) and never reaches the page.
 */
import type { Manifest } from '../model/index.ts';
import type { ModelBytes } from '../model/types.ts';
import {
  BrowserScreeningService,
  type MeasuredScreeningService,
  type ServiceOptions,
} from './page/service.ts';

export { project, type GateStatistics } from './worker/evidence/projection.ts';
export { selfTestModel } from './page/self-test.ts';
export { backendName } from './page/verdict.ts';
export { browserMemory, type Memory } from '../base/key-value.ts';
export type { MeasuredScreeningService, ServiceOptions } from './page/service.ts';
export * from './errors.ts';
export type * from './types.ts';

/** Nothing is started before `start()` or the first picture. */
export function createScreeningService(options: ServiceOptions = {}): MeasuredScreeningService {
  return new BrowserScreeningService(options);
}

export type InstallableModel = ModelBytes<Manifest>;
