import headless from '@xterm/headless';
import type { Terminal } from '@xterm/xterm';
import { expect, test } from 'vitest';
import { limitCells } from './cell-limit.ts';

const ACUTE = '\u0301';

async function cellsAfter(text: string): Promise<string[]> {
  // The page's own wants a document; both have lines of one source.
  const terminal = new headless.Terminal({ cols: 20, rows: 4, allowProposedApi: true });
  limitCells(terminal as unknown as Terminal);
  await new Promise<void>((done) => terminal.write(text, done));
  const line = terminal.buffer.active.getLine(0);
  return Array.from({ length: 20 }, (_, at) => line?.getCell(at)?.getChars() ?? '');
}

test('a cell holds so many marks and no more, in one piece or many, and what follows is shown', async () => {
  const [tower = '', next] = await cellsAfter(`a${ACUTE.repeat(300_000)}b`);
  expect(tower.length).toBeLessThanOrEqual(65);
  expect(tower.startsWith(`a${ACUTE}${ACUTE}`)).toBe(true);
  expect(next).toBe('b');
  // Beyond the BMP, two units each.
  const [variation = ''] = await cellsAfter(`x${'\u{e0100}'.repeat(1000)}`);
  expect(variation.length).toBeLessThanOrEqual(66);
});

test('text that people write stays whole, also where a tower was before', async () => {
  expect((await cellsAfter(`e${ACUTE}o\u0302\u0323`)).slice(0, 2)).toEqual([`e${ACUTE}`, 'o\u0302\u0323']);
  expect((await cellsAfter(`a${ACUTE.repeat(500)}\re${ACUTE}`))[0]).toBe(`e${ACUTE}`);
});
