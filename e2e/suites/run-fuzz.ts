import { buildFuzz, fuzzTargets, runFuzzTarget } from './fuzz-target.ts';
import type { SuiteResult, SuiteRun } from './suite-result.ts';

/** For each target in CI; `berth fuzz` takes as long as it is told. */
const SECONDS = 3;
/** Targets at a time: one a core of the smallest machine for CI. */
const AT_ONCE = 2;

/** Every input of the corpora, which what was found is part of, then a short search for each target. */
export async function runFuzz({ root, say, aside }: SuiteRun): Promise<SuiteResult> {
  const result: SuiteResult = { passed: 0, failed: 0 };
  const startedAt = performance.now();
  await buildFuzz(root, [], aside);
  say(`     built in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  const waiting = fuzzTargets(root);
  const worker = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const { found, output, inputs } = await runFuzzTarget(root, target, { seconds: SECONDS, aside });
      say(`${found ? 'FAIL' : 'ok  '} ${target}: ${inputs} inputs`);
      if (found) say(output.trimEnd().split('\n').slice(-60).join('\n'));
      result[found ? 'failed' : 'passed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return result;
}
