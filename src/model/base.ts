/**
 * Where the models are served from: `models/` beside the app, or the address the build was given
 * (another origin also has to be named in the Content-Security-Policy, which the same setting does).
 * For the page: a worker's own address is that of its script.
 */
export function defaultModelBase(): URL {
  const told = typeof __MODELS_BASE__ === 'string' ? __MODELS_BASE__ : '';
  const base = new URL(told === '' ? 'models/' : told, globalThis.location.href);
  // `https://host/models` means the folder, not a file called so.
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base;
}
