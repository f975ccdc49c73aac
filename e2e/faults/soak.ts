import { parseArgs } from 'node:util';
import { AppError } from '../../server/errors/app-error.ts';
import { runCycles } from './run-cycles.ts';

/**
 * `berth soak faults [--cycles N] [--seed N] [--from N]`: kill the server at its named steps and at random, start it again,
 * and judge each time. Prints each cycle; resolves to 1 when an oracle has found something.
 */
export async function soak(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { cycles: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' } },
  });
  if (positionals[0] !== 'faults')
    throw new AppError('bad_input', `there is no soak ${positionals[0] ?? ''}: choose faults`);
  const cycles = number('cycles', values.cycles, 1000);
  const seed = number('seed', values.seed, Date.now() % 1_000_000);
  const from = number('from', values.from, 0);
  console.log(
    `${cycles} cycles of seed ${seed}; go on later with --cycles ${cycles} --seed ${seed} --from CYCLE`,
  );
  const startedAt = performance.now();
  const report = await runCycles({ cycles, seed, from, told: (line) => console.log(line) });
  const { places, kills, unhit, faults } = report;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`
${cycles - from} cycles in ${seconds} s, seed ${seed}: ${places.tried} of ${places.known} places tried;
${kills.planned} kills at a place, ${kills.atRandom} at random, ${kills.inRecovery} more in the recovery, ${kills.errors} errors`);
  if (unhit.length > 0) console.log(`never reached: ${unhit.join(', ')}`);
  for (const fault of faults) console.log(`FAULT ${fault}`);
  console.log(faults.length === 0 ? 'nothing lost, nothing left' : `${faults.length} faults`);
  return faults.length === 0 && unhit.length === 0 ? 0 : 1;
}

function number(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text))
    throw new AppError('bad_input', `--${name} ${text} is not a whole number: give one such as ${otherwise}`);
  return Number(text);
}
