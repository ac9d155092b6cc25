import { InstallController } from './install.ts';
import { UpdateController } from './updates.ts';

export interface Platform {
  readonly updates: UpdateController;
  readonly install: InstallController;
}

let platform: Platform | null = null;

/**
 * The page's one set. src/main.ts asks first, before the browser can offer to install: that event
 * comes once and early.
 */
export function getPlatform(): Platform {
  platform ??= { updates: new UpdateController(), install: new InstallController() };
  return platform;
}
