import { execFileSync } from 'node:child_process';
import { runCommand } from './run-command.ts';
import type { SuiteResult, SuiteRun } from './suite-result.ts';

/** Every rule of the house; each is an error. The `deep` analysis of the native part takes some ten minutes. */
function checks(root: string, deep: boolean): Record<string, string[]> {
  const native = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'native/*.cc', 'native/*.h'],
    { cwd: root, encoding: 'utf8' },
  )
    .trim()
    .split('\n');
  const sources = native.filter((file) => file.endsWith('.cc'));
  return {
    'lock file complete': ['node', 'e2e/suites/check-lock.ts'],
    'biome: format and lint': ['biome', 'check', '--error-on-warnings', '.'],
    'typescript: types': ['tsc', '--noEmit'],
    'dependency-cruiser: who may import whom': [
      'depcruise',
      'app',
      'server',
      'native',
      'e2e',
      '--config',
      '.dependency-cruiser.cjs',
    ],
    'knip: nothing unused': ['knip'],
    'clang-format': ['clang-format', '--dry-run', '-Werror', ...native],
    'clang-tidy': ['e2e/suites/clang-tidy.sh', ...(deep ? ['--deep'] : []), ...sources],
    'shell scripts parse': [
      'sh',
      '-c',
      'sh -n berth && bash -n server/launch/setup.sh && bash -n .ci/run && bash -n e2e/suites/clang-tidy.sh && bash -n native/fuzz/build.sh',
    ],
  };
}

/** The deep analysis only where the suite is asked for by name. */
export async function runLint({ root, named, say, aside }: SuiteRun): Promise<SuiteResult> {
  const result: SuiteResult = { passed: 0, failed: 0 };
  for (const [name, command] of Object.entries(checks(root, named))) {
    const startedAt = performance.now();
    const { status, output } = await runCommand(root, command, { aside });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
    if (status !== 0) say(told(output).slice(-80).join('\n'));
    result[status === 0 ? 'passed' : 'failed'] += 1;
  }
  return result;
}

/** The lines that say what is wrong: clang-tidy counts for each file what it does not show. */
function told(output: string): string[] {
  return output
    .trimEnd()
    .split('\n')
    .filter((line) => !/^\d+ warnings? generated\.$/.test(line));
}
