import { expect, test, vi } from 'vitest';
import { judgedAgain } from './judge-again.ts';

test('each value is judged again when a second has passed, and none comes after a refusal', async () => {
  let time = 0;
  let ended = false;
  async function* source() {
    try {
      for (let value = 0; ; value++) {
        yield value;
        time += 400;
      }
    } finally {
      ended = true;
    }
  }
  const judge = vi.fn(async () => undefined);
  judge.mockResolvedValueOnce(undefined).mockRejectedValueOnce(new Error('no longer'));
  const got: number[] = [];
  const all = async () => {
    for await (const value of judgedAgain(source(), judge, () => time)) got.push(value);
  };
  await expect(all()).rejects.toThrow('no longer');
  // At 1200 and at 2400 ms.
  expect(got).toEqual([0, 1, 2, 3, 4, 5]);
  expect(judge).toHaveBeenCalledTimes(2);
  expect(ended).toBe(true);
});
