import { AppError } from '../../server/errors/app-error.ts';
import { describeDifference, takeHostSnapshot } from '../oracle/host-snapshot.ts';
import { runE2e } from './run-e2e.ts';
import { runFuzz } from './run-fuzz.ts';
import { runLint } from './run-lint.ts';
import { runV2 } from './run-v2.ts';
import { runVitest } from './run-vitest.ts';
import type { SuiteResult } from './suite-result.ts';

const SUITES: Record<string, (root: string, named: boolean) => Promise<SuiteResult>> = {
  lint: runLint,
  fuzz: (root) => runFuzz(root),
  unit: (root) => runVitest(root, 'unit'),
  root: (root) => runVitest(root, 'root'),
  e2e: runE2e,
  v2: (root, named) => runV2(root, named),
};

/**
 * `berth test [SUITE …]`: run the suites one after the other, then say whether the machine is as it was before.
 * Prints `N passed, N failed` last; the exit status is 1 if anything failed.
 */
export async function runSuites(root: string, names: string[]): Promise<number> {
  const chosen = names.length > 0 ? names : Object.keys(SUITES);
  const before = takeHostSnapshot();
  const total: SuiteResult = { passed: 0, failed: 0 };
  for (const name of chosen) {
    const suite = SUITES[name];
    if (!suite)
      throw new AppError(
        'bad_input',
        `there is no suite ${name}: choose from ${Object.keys(SUITES).join(', ')}`,
      );
    const startedAt = performance.now();
    console.log(`\n== ${name}`);
    const result = await suite(root, names.length > 0);
    total.passed += result.passed;
    total.failed += result.failed;
    console.log(
      `== ${name}: ${result.passed} passed, ${result.failed} failed in ${Math.round((performance.now() - startedAt) / 1000)} s`,
    );
  }
  const left = describeDifference(before, takeHostSnapshot());
  if (left.length > 0)
    console.log(`\nthe machine is not as it was before the tests:\n  ${left.join('\n  ')}`);
  total[left.length > 0 ? 'failed' : 'passed'] += 1;
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}
