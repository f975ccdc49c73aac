import path from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import { LAUNCH_USAGE, parseLaunchOptions } from './options.ts';

const root = path.resolve(import.meta.dirname, '../..');
const [verb = 'help', ...rest] = process.argv.slice(2);

/** Each verb is loaded when it is asked for: `status` need not load what `up` needs. */
async function run(): Promise<number> {
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(LAUNCH_USAGE);
    return 0;
  }
  if (verb === 'test') return (await import('../../e2e/suites/run-suites.ts')).runSuites(root, rest);
  if (verb === 'bench') return (await import('../../e2e/bench/run-bench.ts')).runBench(root, rest);
  if (verb === 'fuzz') return (await import('../../e2e/suites/fuzz-long.ts')).fuzzLong(root, rest);
  if (verb === 'soak') return (await import('../../e2e/faults/soak.ts')).soak(rest);
  if (verb === 'screenshots')
    return (await import('../../e2e/screenshots/take-screenshots.ts')).takeScreenshots(root);
  const options = parseLaunchOptions(rest, process.env);
  if (process.getuid?.() !== 0)
    throw new AppError(
      'forbidden',
      `berth ${verb} needs root (you are uid ${process.getuid?.()}): run it with sudo`,
    );
  switch (verb) {
    case 'up':
      await (await import('./up.ts')).up(root, options);
      return 0;
    case 'down':
      await (await import('./down.ts')).down(options);
      return 0;
    case 'purge':
      await (await import('./purge.ts')).purge(root, options);
      return 0;
    case 'status':
      return (await import('./status.ts')).status(options);
    default:
      console.log(LAUNCH_USAGE);
      return 2;
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`berth: ${error.message}`);
  process.exitCode = ERROR_TABLE[error.code].exit;
}
