import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testGuest } from '../../app/_features/guests/test-guest.ts';
import { guestCsv } from './csv-schema.ts';

/** RFC 4180, read by its grammar. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('the columns that are asked for, in base units', () => {
  const guests = [testGuest('web', { tags: ['a', 'b'] }), testGuest('db', { usage: null, owner: null })];
  expect(guestCsv(guests, ['name', 'tags', 'memory', 'owner', 'nonsense', '__proto__'])).toBe(
    'name,tags,memory bytes,owner\r\nweb,a b,104857600,ada\r\ndb,,,\r\n',
  );
});

test('whatever notes have comes back, and is no formula', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.fullUnicodeString(), fc.constantFrom('=1+1', '"a","b"', '-x\r\ny', '@cmd', 'a\nb')),
      (notes) => {
        const [, row] = readCsv(guestCsv([testGuest('web', { notes })], ['notes', 'name']));
        expect(row?.[1]).toBe('web');
        expect([notes, `'${notes}`]).toContain(row?.[0]);
        expect(row?.[0]).not.toMatch(/^[=+\-@\t\r]/);
      },
    ),
  );
});
