import { expect, test } from 'vitest';
import { runCycles } from './run-cycles.ts';

// `berth soak faults` does a thousand of another seed each time; these are the same for everybody.
const CYCLES = 50;
const SEED = 4;

test(`${CYCLES} times killed, failed and started again: nothing lost, nothing left`, async () => {
  const said: string[] = [];
  const report = await runCycles({ cycles: CYCLES, seed: SEED, told: (line) => said.push(line) });
  expect(report.faults, said.join('\n')).toEqual([]);
  expect(report.unhit).toEqual([]);
  const { planned, atRandom, errors } = report.kills;
  expect(planned + atRandom + errors).toBe(CYCLES);
  // How many fall at random or into a recovery is up to the machine's pace.
  expect(planned).toBeGreaterThan(0);
}, 600_000);
