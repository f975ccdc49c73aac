import { expect, test, vi } from 'vitest';
import { tryAgain } from './try-again.ts';

test('what fails is done again until it succeeds, and each failure is told', async () => {
  const work = vi.fn<() => Promise<void>>(async () => undefined);
  work.mockRejectedValueOnce(new Error('busy')).mockRejectedValueOnce(new Error('still busy'));
  const failed = vi.fn();
  await tryAgain(work, failed, 0);
  expect(work).toHaveBeenCalledTimes(3);
  expect(failed.mock.calls).toEqual([
    [new Error('busy'), 9],
    [new Error('still busy'), 8],
  ]);
});

test('it is given up after ten times', async () => {
  const work = vi.fn(() => Promise.reject(new Error('busy')));
  const failed = vi.fn();
  await tryAgain(work, failed, 0);
  expect(work).toHaveBeenCalledTimes(10);
  expect(failed).toHaveBeenLastCalledWith(new Error('busy'), 0);
});
