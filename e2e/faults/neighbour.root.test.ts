import { expect, test } from 'vitest';
import { measureNeighbour } from './neighbour.ts';

test('a fork bomb, memory that runs out, a fill of inodes and a flood of the console leave the neighbour at work', async () => {
  const { rows, faults } = await measureNeighbour({ seconds: 1 });
  expect(rows.map(({ meanwhile }) => meanwhile)).toEqual([
    'fork bomb',
    'out of memory',
    'inode fill',
    'console flood',
  ]);
  // How fast is measured by `berth soak neighbour`: a busy machine says nothing of it.
  for (const { meanwhile, answers, failures, still } of rows) {
    expect([failures, still.failures], meanwhile).toEqual([0, 0]);
    expect(answers, meanwhile).toBeGreaterThan(5);
    expect(still.answers, meanwhile).toBeGreaterThan(5);
  }
  expect(faults).toEqual([]);
});
