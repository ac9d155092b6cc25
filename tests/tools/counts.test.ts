import { expect, it } from 'vitest';
import {
  countJunit,
  countUnittest,
  countVitest,
  failuresOfVitest,
  timesOfVitest,
} from '../../tools/setup/counts.mjs';

const vitest = (more: object): string =>
  JSON.stringify({
    success: true,
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
    ...more,
  });

it('sums a vitest report', () => {
  expect(countVitest(vitest({}))).toEqual({ passed: 3, failed: 0, skipped: 1 });
});

it('counts a file that could not be loaded as a failure', () => {
  const broken = vitest({
    success: false,
    testResults: [{ status: 'failed', assertionResults: [] }],
  });
  expect(countVitest(broken).failed).toBe(1);
});

it('names what failed and why, in a line each', () => {
  const report = vitest({
    testResults: [
      {
        name: '/somewhere/tests/a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'fine' },
          { status: 'failed', fullName: 'one', failureMessages: ['Error: no\n  at here'] },
        ],
      },
      {
        name: '/somewhere/tests/b.test.ts',
        status: 'failed',
        message: 'cannot load\nmore',
        assertionResults: [],
      },
    ],
  });
  expect(failuresOfVitest(report)).toEqual([
    'tests/a.test.ts: one: Error: no',
    'tests/b.test.ts: cannot load',
  ]);
});

it('tells how long each file took', () => {
  const testResults = [
    { name: '/somewhere/tests/a.test.ts', startTime: 1000, endTime: 3500.5 },
    { name: '/somewhere/tests/b.test.ts' },
  ];
  expect(timesOfVitest(vitest({ testResults }))).toEqual([
    { name: 'tests/a.test.ts', seconds: 2.5005 },
    { name: 'tests/b.test.ts', seconds: 0 },
  ]);
});

it('counts a run with an error outside of any test as a failure', () => {
  expect(countVitest(vitest({ success: false })).failed).toBe(1);
});

it('sums pytest suites', () => {
  const xml =
    '<testsuites name="x"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="20" time="1">' +
    '</testsuite></testsuites>';
  expect(countJunit(xml)).toEqual({ passed: 14, failed: 3, skipped: 3 });
});

it('sums a unittest run', () => {
  const text = 'x\nRan 12 tests in 0.5s\n\nFAILED (failures=1, errors=2, skipped=3)\n';
  expect(countUnittest(text)).toEqual({ passed: 6, failed: 3, skipped: 3 });
  expect(countUnittest('Ran 2 tests in 0.1s\n\nOK\n')).toEqual({
    passed: 2,
    failed: 0,
    skipped: 0,
  });
});
