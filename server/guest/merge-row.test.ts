import { expect, test } from 'vitest';
import { mergeRow } from './merge-row.ts';
import type { GuestRecord } from './record.ts';
import { NO_WORDS } from './record-schema.ts';

const guest = (over: Partial<GuestRecord>) =>
  ({
    id: 'g',
    installation: 'here',
    version: 1,
    project: 'default',
    state: 'running',
    ...NO_WORDS,
    ...over,
  }) as GuestRecord;

test('of a guest of this host another server changes what people write and the project, never what runs', () => {
  const known = guest({ state: 'running', idRange: 4 });
  const row = guest({ version: 2, tags: ['web'], project: 'shop', state: 'stopped', idRange: 9 });
  expect(mergeRow(known, row, 'here')).toEqual({ ...known, version: 2, tags: ['web'], project: 'shop' });
});

test('one of another host is as its row says; one of this host that is not known here is being removed', () => {
  const row = guest({ installation: 'there', state: 'stopped' });
  expect(mergeRow(guest({ installation: 'there' }), row, 'here')).toBe(row);
  expect(mergeRow(null, row, 'here')).toBe(row);
  expect(mergeRow(null, guest({}), 'here')).toBeNull();
});

test('a row that is older than what is known changes nothing', () => {
  const row = guest({ version: 2, tags: ['old'] });
  expect(mergeRow(guest({ version: 3 }), row, 'here')).toBeNull();
  expect(
    mergeRow(guest({ version: 3, installation: 'there' }), { ...row, installation: 'there' }, 'here'),
  ).toBeNull();
});
