import { AppError } from '../../server/errors/app-error.ts';
import { describeDifference, takeHostSnapshot } from '../oracle/host-snapshot.ts';
import { runE2e } from './run-e2e.ts';
import { runFuzz } from './run-fuzz.ts';
import { runLint } from './run-lint.ts';
import { ensureMachine, runV2 } from './run-v2.ts';
import { runVitest } from './run-vitest.ts';
import type { SuiteResult, SuiteRun } from './suite-result.ts';

const SUITES: Record<string, (run: SuiteRun) => Promise<SuiteResult>> = {
  lint: runLint,
  fuzz: runFuzz,
  unit: ({ root }) => runVitest(root, 'unit'),
  root: ({ root }) => runVitest(root, 'root'),
  e2e: ({ root }) => runE2e(root),
  v2: runV2,
};

/**
 * Of a whole run: what only computes (an emulated machine, too) goes on beside what mostly waits for the kernel, and is told at its
 * end.
 */
const ASIDE = ['lint', 'fuzz', 'v2'];
const BESIDE = 'root';

/**
 * `berth test [SUITE …]`: run the suites one after the other, then say whether the machine is as it was before.
 * Prints `N passed, N failed` last; the exit status is 1 if anything failed.
 */
export async function runSuites(root: string, names: string[]): Promise<number> {
  const unknown = names.find((name) => !(name in SUITES));
  if (unknown !== undefined)
    throw new AppError(
      'bad_input',
      `there is no suite ${unknown}: choose from ${Object.keys(SUITES).join(', ')}`,
    );
  const before = takeHostSnapshot();
  const total: SuiteResult = { passed: 0, failed: 0 };
  const named = names.length > 0;
  const run = async (name: string, aside = false) => {
    const lines: string[] = [];
    const say = (line: string) => void (aside ? lines.push(line) : console.log(line));
    const startedAt = performance.now();
    say(`\n== ${name}`);
    const result = await runOne(name, { root, named, aside, say });
    total.passed += result.passed;
    total.failed += result.failed;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    say(`== ${name}: ${result.passed} passed, ${result.failed} failed in ${seconds} s`);
    return lines;
  };
  // It is made in a mount namespace of its own, in which the root tests would find their mounts again.
  const machine = named ? null : ensureMachine({ root, aside: true, say: (line) => console.log(line) });
  machine?.catch(() => undefined);
  for (const name of named ? names : Object.keys(SUITES).filter((one) => !ASIDE.includes(one))) {
    const asides = !named && name === BESIDE ? ASIDE : [];
    if (name === BESIDE) await machine?.catch(() => null);
    const beside = asides.reduce<Promise<string[]>>(
      async (former, one) => [...(await former), ...(await run(one, true))],
      Promise.resolve([]),
    );
    await run(name);
    for (const line of await beside) console.log(line);
  }
  const left = describeDifference(before, takeHostSnapshot());
  if (left.length > 0)
    console.log(`\nthe machine is not as it was before the tests:\n  ${left.join('\n  ')}`);
  total[left.length > 0 ? 'failed' : 'passed'] += 1;
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

/** A suite that cannot even begin has failed. */
async function runOne(name: string, run: SuiteRun): Promise<SuiteResult> {
  try {
    return (await SUITES[name]?.(run)) ?? { passed: 0, failed: 1 };
  } catch (error) {
    run.say(error instanceof AppError ? error.message : String(error instanceof Error ? error.stack : error));
    return { passed: 0, failed: 1 };
  }
}
