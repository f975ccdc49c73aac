import { expect, it } from 'vitest';
import { Backlog } from './backlog.ts';

it('reads over the bounds of what came together, from anywhere and not more than is asked for', () => {
  const backlog = new Backlog();
  backlog.restart(10);
  for (const text of ['abc', 'd', 'efgh']) backlog.add(backlog.end, Buffer.from(text));
  const read = (offset: number, most: number) => {
    const bytes = backlog.read(offset, most);
    return bytes && Buffer.from(bytes).toString();
  };
  expect(read(10, 100)).toBe('abcdefgh');
  expect(read(12, 3)).toBe('cde');
  expect(read(14, 2)).toBe('ef');
  expect(read(17, 1)).toBe('h');
  for (const outside of [9, 18]) expect(read(outside, 1)).toBeNull();
  backlog.trim(13, 5);
  expect([backlog.start, read(13, 100)]).toEqual([13, 'defgh']);
});
