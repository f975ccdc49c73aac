import { expect, test } from 'vitest';
import { UnsureColumns } from './unsure-columns.ts';

test('what failed is written again until that succeeds, once for all who wait', async () => {
  const unsure = new UnsureColumns();
  unsure.add('a', ['name']);
  unsure.add('a', ['trashId']);
  const away = () => Promise.reject(new Error('away'));
  await expect(unsure.settle('a', away)).rejects.toThrow('away');
  expect([unsure.has('a'), unsure.has('b')]).toEqual([true, false]);
  const written: string[][] = [];
  const { promise: isBack, resolve: comeBack } = Promise.withResolvers<void>();
  const write = async (columns: ReadonlySet<string>) => {
    written.push([...columns]);
    await isBack;
  };
  const both = Promise.all([unsure.settle('a', write), unsure.settle('a', write)]);
  comeBack();
  await both;
  expect(written).toEqual([['name', 'trashId']]);
  expect(unsure.has('a')).toBe(false);
  await unsure.settle('a', away);
});

test('what becomes unsure during such a write is written after it', async () => {
  const unsure = new UnsureColumns();
  unsure.add('a', ['name']);
  const written: string[][] = [];
  await unsure.settle('a', async (columns) => {
    if (written.length === 0) unsure.add('a', ['name', 'state']);
    written.push([...columns]);
  });
  expect(written).toEqual([['name'], ['name', 'state']]);
  expect(unsure.has('a')).toBe(false);
});

test('a guest that is gone is written no more', async () => {
  const unsure = new UnsureColumns();
  unsure.add('a', ['name']);
  unsure.forget('a');
  await unsure.settle('a', () => Promise.reject(new Error('away')));
  expect(unsure.has('a')).toBe(false);
});
