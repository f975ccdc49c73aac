import { expect, it } from 'vitest';
import type { OperationView } from '../../../server/operation/schema.ts';
import { matchesText, readFilter, writeFilter } from './operation-filter.ts';

it.each([{}, { status: 'failed' as const }, { subject: 'web-1', text: 'start a&b' }])(
  'an address carries %j',
  (filter) => {
    expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
  },
);

it('drops a status that is none', () => {
  expect(readFilter(new URLSearchParams('status=great'))).toEqual({});
});

it('looks for every word in all that is shown', () => {
  const operation: OperationView = {
    id: 'o',
    kind: 'guest.start',
    status: 'failed',
    subject: { type: 'guest', id: 'g', name: 'web-1' },
    actor: 'ada',
    steps: [],
    progress: null,
    message: null,
    cancellable: false,
    error: { code: 'kernel', message: 'No space', field: null },
    createdAt: '2026-01-01T00:00:00Z',
    endedAt: null,
  };
  expect(matchesText(operation, 'WEB start')).toBe(true);
  expect(matchesText(operation, 'space ada')).toBe(true);
  expect(matchesText(operation, 'web stop')).toBe(false);
});
