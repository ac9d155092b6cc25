/** Small things that outlive the page. Private windows may refuse storage: then they last a visit. */
export interface Memory {
  read(key: string): string | null;
  /** null deletes. */
  write(key: string, value: string | null): void;
}

/** `localStorage` where it works, because a crash marker must be on disk before the crash. */
export function browserMemory(prefix: string): Memory {
  const fallback = new Map<string, string>();
  const storage = localStorageOrNull();
  return {
    read(key) {
      try {
        return storage?.getItem(prefix + key) ?? fallback.get(key) ?? null;
      } catch {
        return fallback.get(key) ?? null;
      }
    },
    write(key, value) {
      if (value === null) fallback.delete(key);
      else fallback.set(key, value);
      try {
        if (value === null) storage?.removeItem(prefix + key);
        else storage?.setItem(prefix + key, value);
      } catch {
        // Full or forbidden: the copy above serves until the page closes.
      }
    },
  };
}

interface StringStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

function localStorageOrNull(): StringStorage | null {
  try {
    return (globalThis as { localStorage?: StringStorage }).localStorage ?? null;
  } catch {
    return null;
  }
}

export function parseJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
