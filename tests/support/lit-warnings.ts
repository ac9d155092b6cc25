/**
 * Lit's development build looks over our shoulder in the browser tests: whatever it warns of fails the
 * test. Only its word that it is the development build is taken as read.
 */
import { afterEach, expect } from 'vitest';

declare global {
  // Lit's own list of what it has said (and of codes that it need not say).
  var litIssuedWarnings: Set<string | undefined> | undefined;
}

const issued = (globalThis.litIssuedWarnings ??= new Set());
issued.add('dev-mode');

afterEach(() => {
  const warnings = [...issued].filter((warning) => warning?.includes('lit.dev/msg/'));
  for (const warning of warnings) issued.delete(warning);
  expect(warnings).toEqual([]);
});
