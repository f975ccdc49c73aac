import { expect, test } from 'vitest';
import type { TrashView } from '../../../server/trash/schema.ts';
import { matchesTrash, sortTrash } from './trash-columns.tsx';

const trashed = (name: string, more: Partial<TrashView> = {}): TrashView => ({
  ...{
    id: `id-${name}`,
    name,
    project: 'default',
    kind: 'system',
    image: 'berth/mini',
    tags: [],
    owner: null,
  },
  ...{ ipv4: '10.0.0.2', trashedAt: '2026-01-01T00:00:00.000Z', trashedBy: 'ann', sizeBytes: null },
  ...{ until: '2026-01-08T00:00:00.000Z', nameTaken: false, problem: null, operation: null },
  ...more,
});

test('words are looked for in all that a guest in the trash is known by', () => {
  const guest = trashed('Web', { tags: ['blue'], owner: 'bo' });
  for (const text of ['', 'web', 'blue ann', 'BO', 'id-web', '10.0.0.2', ' mini '])
    expect(matchesTrash(guest, text), text).toBe(true);
  for (const text of ['red', 'web red']) expect(matchesTrash(guest, text), text).toBe(false);
});

test('it is sorted by each column, what was not measured as the smallest, and steadily', () => {
  const names = (column: string, descending = false) =>
    sortTrash(
      [
        trashed('b', { sizeBytes: 5, until: '2026-01-03' }),
        trashed('a', { sizeBytes: 10, until: '2026-01-04' }),
        trashed('c', { until: '2026-01-02' }),
      ],
      { column, descending },
    ).map(({ name }) => name);
  expect(names('name')).toEqual(['a', 'b', 'c']);
  expect(names('name', true)).toEqual(['c', 'b', 'a']);
  expect(names('size')).toEqual(['c', 'b', 'a']);
  expect(names('until')).toEqual(['c', 'b', 'a']);
  expect(names('project')).toEqual(names('project', true));
});
