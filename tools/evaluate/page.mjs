// Runs inside the app's own page: sets the app up by its own services and reads files with its own
// engine and workers. Served to that page as it stands here, so that no compiler changes it on the way.

/** @typedef {import('../../src/state/services.ts').Services} Services */
/** @typedef {import('../../src/base/fault.ts').FaultData} FaultData */
/** @typedef {import('../../src/evaluation/index.ts').EvaluatedPicture} EvaluatedPicture */

/**
 * @typedef {object} Ready
 * @property {string} modelId
 * @property {string} modelVersion
 * @property {string} appVersion
 * @property {string} backend
 * @property {string} reason why this backend
 *
 * @typedef {{ ready: Ready } | { fault: FaultData }} SetUpOutcome
 *
 * @typedef {object} PageBatch
 * @property {EvaluatedPicture[]} pictures in the order of the files
 * @property {number} seconds
 * @property {string | null} recovery what happened to a backend on the way, in a line
 */

/** @returns {Promise<Services>} */
async function services() {
  await customElements.whenDefined('fieldray-app');
  const app = document.querySelector('fieldray-app');
  if (!app) throw new Error('The page holds no <fieldray-app>.');
  return app.services;
}

/** @param {unknown} reason @returns {FaultData} */
function asFault(reason) {
  const { code, message, remedy } = /** @type {Partial<FaultData>} */ (reason ?? {});
  return {
    code: code ?? 'unexpected',
    message: message ?? String(reason),
    remedy: remedy ?? 'Open the app in a browser and look at its status page.',
  };
}

/**
 * The app's first visit without its button: model, self-test, choice of backend.
 * @returns {Promise<SetUpOutcome>}
 */
export async function setUp() {
  try {
    const app = await services();
    await app.setup.load();
    await app.setup.install();
    const { state } = app.setup;
    if (state.phase !== 'ready') {
      return { fault: asFault('fault' in state ? state.fault : `The app is ${state.phase}.`) };
    }
    const engine = await app.active.engine();
    await engine.start();
    // A backend tried in the background would take time from the pictures, and might take over.
    await engine.settled();
    const { manifest } = state.model;
    const { chosen, reason } = engine.report();
    return {
      ready: {
        modelId: manifest.id,
        modelVersion: manifest.version,
        appVersion: (await app.evaluation()).appVersion,
        backend: chosen ?? 'none',
        reason,
      },
    };
  } catch (error) {
    return { fault: asFault(error) };
  }
}

/**
 * Reads the files of an input with the code of the app's own evaluation screen.
 * @param {{ input: HTMLInputElement, places: { path: string, label: string }[] }} asked
 *   `places`: where each file lies in the data folder, and the class its folder names
 * @returns {Promise<PageBatch>}
 */
export async function read({ input, places }) {
  const desk = await (await services()).evaluation();
  const files = [...(input.files ?? [])].map((source, at) => ({
    ...(places[at] ?? { path: source.name, label: '' }),
    source,
  }));
  const begun = performance.now();
  const { pictures, recovery } = await desk.readFiles(files);
  return { pictures, seconds: (performance.now() - begun) / 1000, recovery };
}
