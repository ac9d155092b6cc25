/** Which build this is. The same sources give the same build: the time is the commit's. */
export interface BuildInfo {
  readonly version: string;
  /** Short commit, with `+changes` if the sources differed from it; empty when unknown. */
  readonly commit: string;
  /** ISO 8601. */
  readonly builtAt: string;
}

export const buildInfo: BuildInfo = {
  version: __APP_VERSION__,
  commit: __APP_COMMIT__,
  builtAt: __APP_BUILT__,
};

/**
 * Where the models are served: beside the app, or the origin set at build time
 * (FIELDRAY_MODELS_BASE). Ends in a slash.
 */
export function modelsBase(documentBase: string = document.baseURI): URL {
  const set = __MODELS_BASE__;
  if (set === '') return new URL('models/', documentBase);
  return new URL(set.endsWith('/') ? set : `${set}/`, documentBase);
}
