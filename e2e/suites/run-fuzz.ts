import { buildFuzz, fuzzTargets, runFuzzTarget } from './fuzz-target.ts';
import type { SuiteResult } from './suite-result.ts';

/** For each target in CI; `berth fuzz` takes as long as it is told. */
const SECONDS = 3;
/** Targets at a time: one a core of the smallest machine for CI. */
const AT_ONCE = 2;

/** Every input of the corpora, which what was found is part of, then a short search for each target. */
export async function runFuzz(root: string): Promise<SuiteResult> {
  const result: SuiteResult = { passed: 0, failed: 0 };
  const startedAt = performance.now();
  await buildFuzz(root, []);
  console.log(`     built in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  const waiting = fuzzTargets(root);
  const worker = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const { found, output, inputs } = await runFuzzTarget(root, target, { seconds: SECONDS });
      console.log(`${found ? 'FAIL' : 'ok  '} ${target}: ${inputs} inputs`);
      if (found) console.log(output.trimEnd().split('\n').slice(-60).join('\n'));
      result[found ? 'failed' : 'passed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return result;
}
