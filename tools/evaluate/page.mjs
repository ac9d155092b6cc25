// Runs inside the app's own page: sets the app up by its own services and reads files with its own
// engine and workers. Served to that page as it stands here, so that no compiler changes it on the way.

/** @typedef {import('../../src/screens/services.ts').Services} Services */
/** @typedef {import('../../src/fault.ts').FaultData} FaultData */

/**
 * @typedef {object} Ready
 * @property {string} modelId
 * @property {string} modelVersion
 * @property {number} temperature
 * @property {string} backend
 * @property {string} reason why this backend
 *
 * @typedef {{ ready: Ready } | { fault: FaultData }} SetUpOutcome
 *
 * @typedef {object} PageAnswer one picture, in the order given
 * @property {number[] | null} logits null if there is none
 * @property {FaultData | null} failure why there is none
 *
 * @typedef {object} PageBatch
 * @property {PageAnswer[]} answers
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
    const engine = await app.engine();
    await engine.start();
    // A backend tried in the background would take time from the pictures, and might take over.
    await engine.settled();
    const { manifest } = state.model;
    const { chosen, reason } = engine.report();
    return {
      ready: {
        modelId: manifest.id,
        modelVersion: manifest.version,
        temperature: manifest.temperature,
        backend: chosen ?? 'none',
        reason,
      },
    };
  } catch (error) {
    return { fault: asFault(error) };
  }
}

/**
 * Reads the files of an input, as the app does with those a person chose.
 * @param {HTMLInputElement} input
 * @returns {Promise<PageBatch>}
 */
export async function read(input) {
  const app = await services();
  const engine = await app.engine();
  const files = [...(input.files ?? [])];
  /** @type {PageAnswer[]} */
  const answers = files.map(() => ({ logits: null, failure: null }));
  /** @type {string | null} */
  let recovery = null;
  const begun = performance.now();
  await engine.screenMany(files, {
    onReading(index, reading) {
      // Bitmaps are not garbage collected in time: 20,000 of them would fill the memory.
      reading.thumbnail?.close();
      recovery ??= reading.recovery?.message ?? null;
      answers[index] = { logits: Array.from(reading.logits), failure: null };
    },
    onFailure(index, failure) {
      answers[index] = { logits: null, failure };
    },
  });
  return { answers, seconds: (performance.now() - begun) / 1000, recovery };
}
