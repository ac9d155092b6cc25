import type { Plugin } from 'vite';
import { contentSecurityPolicy } from '../serve/headers.mjs';

const POLICY = /(<meta\s+http-equiv="Content-Security-Policy"\s+content=")[^"]*(")/;

/**
 * Writes the one policy (tools/serve/headers.mjs) into index.html, so that a host that sets no
 * headers at all is as strict as ours.
 */
export function policyPlugin(modelsBase: string): Plugin {
  const modelsOrigin = modelsBase === '' ? undefined : new URL(modelsBase).origin;
  return {
    name: 'fieldray-policy',
    apply: 'build',
    transformIndexHtml(html) {
      if (!POLICY.test(html)) {
        throw new Error(
          'index.html has no Content-Security-Policy <meta> to write the policy into.',
        );
      }
      return html.replace(POLICY, `$1${contentSecurityPolicy({ modelsOrigin })}$2`);
    },
  };
}
