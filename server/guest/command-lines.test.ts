import { expect, test } from 'vitest';
import { CommandLines } from './command-lines.ts';

test('a command line that cannot be read keeps one reader, whoever looks', async () => {
  let asked = 0;
  let release: (line: string) => void = () => undefined;
  const stuck = new CommandLines(() => {
    asked++;
    return new Promise((resolve) => {
      release = resolve;
    });
  });
  const others = new CommandLines(async (pid) => `program ${pid}`);
  expect(await others.read(1, 1)).toBe('program 1');
  expect(await stuck.read(2, 1)).toBe(null);
  expect(await stuck.read(2, 1)).toBe(null);
  // Nothing new is read by anybody, what is known is still told.
  expect(await others.read(3, 1)).toBe(null);
  expect(await others.read(1, 1)).toBe('program 1');
  expect(asked).toBe(1);
  release('late');
  await expect.poll(() => others.read(3, 1)).toBe('program 3');
});
