import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../server/errors/app-error.ts';
import { buildFuzz, fuzzTargets, runFuzzTarget } from './fuzz-target.ts';

const DEFAULT_SECONDS = 600;

/**
 * `berth fuzz [TARGET ...] [--seconds N]`: search longer, N seconds for each target, one after the other. New inputs are kept in
 * native/build/fuzz/kept/TARGET, findings in native/build/fuzz/findings; the exit status is 1 if there is one. How the corpus of the
 * repository is made smaller and larger with them: native/fuzz/README.md.
 */
export async function fuzzLong(root: string, words: readonly string[]): Promise<number> {
  const { targets, seconds } = parse(words);
  await buildFuzz(root, targets);
  let findings = 0;
  for (const target of targets.length > 0 ? targets : fuzzTargets(root)) {
    const keep = path.join(root, 'native/build/fuzz/kept', target);
    mkdirSync(keep, { recursive: true });
    const { found, output, inputs } = await runFuzzTarget(root, target, { seconds, keep });
    console.log(`${found ? 'FOUND' : 'ok   '} ${target}: ${inputs} inputs in ${seconds} s`);
    if (found) console.log(output.trimEnd().split('\n').slice(-60).join('\n'));
    findings += found ? 1 : 0;
  }
  return findings > 0 ? 1 : 0;
}

function parse(words: readonly string[]): { targets: string[]; seconds: number } {
  let parsed: { values: { seconds?: string }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...words],
      options: { seconds: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new AppError('bad_input', `${error instanceof Error ? error.message : error}`);
  }
  const seconds = Number(parsed.values.seconds ?? DEFAULT_SECONDS);
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new AppError(
      'bad_input',
      `--seconds ${parsed.values.seconds} is no number of seconds: give 1 or more`,
    );
  }
  return { targets: parsed.positionals, seconds };
}
