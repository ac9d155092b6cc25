// Reads how many tests passed, failed and were skipped out of the reports of vitest, pytest and unittest.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * vitest's JSON reporter. A file that could not even be loaded has no tests of its own and counts
 * as one failure, or a broken file would pass unseen.
 * @param {string} text
 * @returns {Counts}
 */
export function countVitest(text) {
  /** @type {{ success: boolean, numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const report = JSON.parse(text);
  const broken = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    // Unhandled errors outside any test fail the run without failing a test.
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/**
 * Which tests failed, and the first line of why: the last lines of a long log are what people read.
 * @param {string} text vitest's JSON report
 * @returns {string[]}
 */
export function failuresOfVitest(text) {
  /** @type {{ testResults: { name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[] }} */
  const report = JSON.parse(text);
  const firstLine = (/** @type {string} */ message) => message.split('\n', 1)[0].slice(0, 300);
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    const name = file.name.replace(/^.*\/(?=tests\/)/, '');
    if (failed.length === 0) {
      return file.status === 'failed' ? [`${name}: ${firstLine(file.message)}`] : [];
    }
    return failed.map(
      (test) => `${name}: ${test.fullName}: ${firstLine(test.failureMessages?.[0] ?? '')}`,
    );
  });
}

/**
 * How long each file took, to know where the time of all of them goes.
 * @param {string} text vitest's JSON report
 * @returns {{ name: string, seconds: number }[]}
 */
export function timesOfVitest(text) {
  /** @type {{ testResults: { name: string, startTime?: number, endTime?: number }[] }} */
  const report = JSON.parse(text);
  return report.testResults.map(({ name, startTime = 0, endTime = 0 }) => ({
    name: name.replace(/^.*\/(?=tests\/)/, ''),
    seconds: Math.max(0, endTime - startTime) / 1000,
  }));
}

/**
 * pytest's --junitxml.
 * @param {string} text
 * @returns {Counts}
 */
export function countJunit(text) {
  const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const [suite] of text.matchAll(/<testsuite\s[^>]*>/g)) {
    for (const key of /** @type {const} */ (['tests', 'failures', 'errors', 'skipped'])) {
      total[key] += Number(new RegExp(`\\s${key}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    }
  }
  const failed = total.failures + total.errors;
  return {
    passed: Math.max(0, total.tests - failed - total.skipped),
    failed,
    skipped: total.skipped,
  };
}

/**
 * The last lines of Python's unittest.
 * @param {string} text
 * @returns {Counts}
 */
export function countUnittest(text) {
  const ran = Number(/^Ran (\d+) tests? in/m.exec(text)?.[1] ?? 0);
  const verdict = /^(?:OK|FAILED)(?: \((.*)\))?$/m.exec(text)?.[1] ?? '';
  /** @param {string} word */
  const of = (word) => Number(new RegExp(`${word}=(\\d+)`).exec(verdict)?.[1] ?? 0);
  const failed = of('failures') + of('errors') + of('unexpected successes');
  return { passed: Math.max(0, ran - failed - of('skipped')), failed, skipped: of('skipped') };
}
