import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../server/errors/app-error.ts';
import { runCommand } from './run-command.ts';

/** Longest input, bytes: what is longer finds nothing more, only slower. */
const LONGEST = 8192;
/** s for one input, and MiB of memory, after which it counts as a finding. */
const PATIENCE_S = 25;
const MOST_MIB = 2048;

const OUT = 'native/build/fuzz';
const CORPUS = 'native/fuzz/corpus';

/** Names of the targets: each file of native/fuzz is one. */
export function fuzzTargets(root: string): string[] {
  return readdirSync(path.join(root, 'native/fuzz'))
    .filter((file) => file.endsWith('.cc'))
    .map((file) => file.slice(0, -'.cc'.length));
}

/** Build targets (native/fuzz/build.sh); all of them when none is named. Throws what the compiler said. */
export async function buildFuzz(root: string, targets: readonly string[], aside = false): Promise<void> {
  const known = fuzzTargets(root);
  const unknown = targets.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new AppError('bad_input', `there is no fuzz target ${unknown}: choose from ${known.join(', ')}`);
  }
  const { status, output } = await runCommand(root, ['native/fuzz/build.sh', ...targets], { aside });
  if (status !== 0)
    throw new AppError('unavailable', `the fuzz targets could not be built: ${output.slice(-4000)}`);
}

export interface FuzzRun {
  found: boolean;
  /** What libFuzzer said. */
  output: string;
  /** Inputs that were tried. */
  inputs: number;
}

/**
 * Try every input of the corpus on a target, then make new ones of them for `seconds`. With `keep`, what reaches code that
 * nothing reached before is added to that folder. An input that is a finding is left in native/build/fuzz/findings.
 */
export async function runFuzzTarget(
  root: string,
  target: string,
  { seconds, keep, aside = false }: { seconds: number; keep?: string; aside?: boolean },
): Promise<FuzzRun> {
  const corpus = path.join(CORPUS, target);
  const findings = path.join(root, OUT, 'findings');
  mkdirSync(findings, { recursive: true });
  // In memory: the targets write files for each input.
  const folder = mkdtempSync('/dev/shm/berth-fuzz-');
  try {
    // By name: a folder is only sampled, a file is tried.
    const files = readdirSync(path.join(root, corpus)).map((name) => path.join(corpus, name));
    const limits = [
      `-timeout=${PATIENCE_S}`,
      `-rss_limit_mb=${MOST_MIB}`,
      `-artifact_prefix=${findings}/${target}-`,
    ];
    const run = (args: readonly string[]) =>
      runCommand(root, [`${OUT}/${target}`, ...limits, ...args], {
        aside,
        environment: { TMPDIR: folder, ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1' },
      });
    const replay = await run(files);
    if (replay.status !== 0 || seconds === 0) {
      return { found: replay.status !== 0, output: replay.output, inputs: files.length };
    }
    const own = keep ?? path.join(folder, 'new');
    mkdirSync(own, { recursive: true });
    const search = await run([
      `-max_len=${LONGEST}`,
      `-max_total_time=${seconds}`,
      '-print_final_stats=1',
      own,
      corpus,
    ]);
    const made = Number(/number_of_executed_units:\s*(\d+)/.exec(search.output)?.[1] ?? 0);
    return { found: search.status !== 0, output: search.output, inputs: files.length + made };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
