import path from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../server/errors/app-error.ts';
import { runCommand } from '../suites/run-command.ts';
import { measureRecovery } from './measure-recovery.ts';
import { measureNeighbour } from './neighbour.ts';
import { runCycles } from './run-cycles.ts';

/**
 * `berth soak faults [--cycles N] [--seed N] [--from N]`: kill the server at its named steps and at random, start it again,
 * and judge each time. `berth soak recovery [--guests N]`: how long a killed server takes to be there again. `berth soak neighbour
 * [--seconds N] [--windows N] [--weight N] [--cpu N] [--rate N] [--only ATTACK]`: what misbehaving guests cost another, of that share of the processor, when they have so many cores. `berth soak races [--rounds N]`:
 * exchanges on the way of what is done in a running guest's files. Prints as it goes; resolves to 1 when an oracle has found something.
 */
export async function soak(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      cycles: { type: 'string' },
      seed: { type: 'string' },
      from: { type: 'string' },
      guests: { type: 'string' },
      seconds: { type: 'string' },
      windows: { type: 'string' },
      only: { type: 'string' },
      weight: { type: 'string' },
      cpu: { type: 'string' },
      rate: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  const [what = ''] = positionals;
  switch (what) {
    case 'faults':
      return await soakFaults({
        cycles: number('cycles', values.cycles, 1000),
        seed: number('seed', values.seed, Date.now() % 1_000_000),
        from: number('from', values.from, 0),
      });
    case 'recovery':
      return await soakRecovery(number('guests', values.guests, 100));
    case 'neighbour':
      return await soakNeighbour({
        seconds: number('seconds', values.seconds, 8),
        windows: number('windows', values.windows, 3),
        ...(values.only !== undefined && { only: [values.only] }),
        weight: number('weight', values.weight, 100),
        ...(values.cpu !== undefined && { cpu: Number(values.cpu) }),
        rate: number('rate', values.rate, 200),
      });
    case 'races':
      return await soakRaces(number('rounds', values.rounds, 10_000));
    default:
      throw new AppError(
        'bad_input',
        `there is no soak ${what}: choose faults, recovery, neighbour or races`,
      );
  }
}

async function soakFaults({ cycles, seed, from }: Record<'cycles' | 'seed' | 'from', number>) {
  console.log(
    `${cycles} cycles of seed ${seed}; go on later with --cycles ${cycles} --seed ${seed} --from CYCLE`,
  );
  const startedAt = performance.now();
  const { signal } = endsWhenTold();
  const report = await runCycles({ cycles, seed, from, signal, told: (line) => console.log(line) });
  const { places, kills, unhit, faults } = report;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`
${report.cycles} cycles in ${seconds} s, seed ${seed}, the last is ${from + report.cycles - 1}: ${places.tried} of ${places.known} places tried;
${kills.planned} kills at a place, ${kills.atRandom} at random, ${kills.inRecovery} more in the recovery, ${kills.errors} errors`);
  if (unhit.length > 0) console.log(`never reached: ${unhit.join(', ')}`);
  return sum(faults) || (unhit.length > 0 ? 1 : 0);
}

/** Aborted by the first SIGINT or SIGTERM: what is under way comes to its end, and nothing is left. */
function endsWhenTold(): AbortController {
  const ends = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      console.log('this cycle is the last one');
      ends.abort();
    });
  return ends;
}

async function soakRecovery(guests: number): Promise<number> {
  const { times, cpu, faults } = await measureRecovery({
    guests,
    times: 5,
    told: (line) => console.log(line),
  });
  const [least = 0, , median = 0, , most = 0] = times.toSorted((one, other) => one - other);
  const ms = (value: number) => Math.round(value);
  console.log(
    `recovery of ${guests} guests: median ${ms(median)} ms, ${ms(least)} to ${ms(most)}; processor time ${cpu.join(', ')} ms`,
  );
  return sum(faults);
}

async function soakNeighbour(options: Parameters<typeof measureNeighbour>[0]): Promise<number> {
  const ms = (value: number) => value.toFixed(2);
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const { faults } = await measureNeighbour({
    ...options,
    realtime: true,
    told: ({ meanwhile, answers, failures, median, p99, stolen, still, windows }) =>
      console.log(
        `${meanwhile}: ${answers} answers, ${failures} failed, median ${ms(median)} ms, p99 ${ms(p99)} ms; without ${still.answers}, ${ms(still.median)} ms, ${ms(still.p99)} ms: p99 ${((p99 / still.p99 - 1) * 100).toFixed(0)} % up; stolen from this machine ${percent(stolen)} and ${percent(still.stolen)} (windows in turn: ${windows.map(ms).join(' ')})`,
      ),
  });
  return sum(faults);
}

/** The races of CI, with so many rounds in a running guest, in an image and of uploads too. */
async function soakRaces(rounds: number): Promise<number> {
  const root = path.join(import.meta.dirname, '../..');
  const { status } = await runCommand(
    root,
    [
      'vitest',
      'run',
      '--project',
      'root',
      'native/races/races.root.test.ts',
      'server/image/write-inside.root.test.ts',
      'e2e/faults/upload-race.root.test.ts',
    ],
    { echo: true, environment: { BERTH_RACE_ROUNDS: `${rounds}` } },
  );
  return status === 0 ? 0 : 1;
}

/** Exit status. */
function sum(faults: readonly string[]): number {
  for (const fault of faults) console.log(`FAULT ${fault}`);
  console.log(faults.length === 0 ? 'nothing lost, nothing left' : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

function number(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text))
    throw new AppError('bad_input', `--${name} ${text} is not a whole number: give one such as ${otherwise}`);
  return Number(text);
}
