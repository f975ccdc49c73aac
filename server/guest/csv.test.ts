import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testGuest } from '../../app/_features/guests/test-guest.ts';
import { guestCsv } from './csv-schema.ts';
import { readCsv } from './read-csv-schema.ts';

test('the columns that are asked for, in base units', () => {
  const guests = [testGuest('web', { tags: ['a', 'b'] }), testGuest('db', { usage: null, owner: null })];
  expect(guestCsv(guests, ['name', 'tags', 'memory', 'owner', 'nonsense', '__proto__'])).toBe(
    'name,tags,memory bytes,owner\r\nweb,a b,104857600,ada\r\ndb,,,\r\n',
  );
});

test('whatever notes have comes back as it was, and is no formula', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.fullUnicodeString(),
        fc.constantFrom('=1+1', "'=1+1", "''-x", '"a","b"', '-x\r\ny', '@cmd', 'a\nb'),
      ),
      (notes) => {
        const csv = guestCsv([testGuest('web', { notes })], ['notes', 'name']);
        const read = readCsv(csv);
        expect('rows' in read && read.rows[1]?.cells).toEqual([notes, 'web']);
        expect(csv.split('\r\n').slice(1).join('\r\n')).not.toMatch(/^"?[=+\-@\t\r]/);
      },
    ),
  );
});

test.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
    [1, 2],
  ],
  [
    '\uFEFFa;b\r\n\r\n"x\ny;z";2',
    [
      ['a', 'b'],
      ['x\ny;z', '2'],
    ],
    [1, 3],
  ],
  [
    'a\tb\n\t"say ""hi"""\n',
    [
      ['a', 'b'],
      ['', 'say "hi"'],
    ],
    [1, 2],
  ],
])('reads %j', (text, cells, lines) => {
  const read = readCsv(text);
  expect('rows' in read && read.rows.map((row) => row.cells)).toEqual(cells);
  expect('rows' in read && read.rows.map((row) => row.line)).toEqual(lines);
});

test('a quote that is not closed, or has something after it, is told by its line', () => {
  expect(readCsv('a\n1\n"2\n3')).toMatchObject({ line: 3, message: expect.stringContaining('never closed') });
  expect(readCsv('a,b\n"1"x,2')).toMatchObject({ line: 2, message: expect.stringContaining('not x') });
});
