/** The browser's small storage for the shell, before anything of the runtime is loaded. */
import type { Memory } from '../inference/index.ts';

/** Where storage is refused (a private window), what is written lasts as long as the page. */
export function smallStorage(prefix: string): Memory {
  const here = new Map<string, string>();
  return {
    read(key) {
      try {
        return localStorage.getItem(prefix + key) ?? here.get(key) ?? null;
      } catch {
        return here.get(key) ?? null;
      }
    },
    write(key, value) {
      if (value === null) here.delete(key);
      else here.set(key, value);
      try {
        if (value === null) localStorage.removeItem(prefix + key);
        else localStorage.setItem(prefix + key, value);
      } catch {
        // The copy above serves until the page closes.
      }
    },
  };
}
