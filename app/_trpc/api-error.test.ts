import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';
import { isTransient, toApiError } from './api-error.ts';

const refused = TRPCClientError.from({
  error: {
    code: -32600,
    message: 'x',
    data: { berth: { code: 'name_taken', message: 'web is taken', field: ['name'] } },
  },
});

test("the server's own words, code and field come through", () => {
  expect(toApiError(refused)).toEqual({ code: 'name_taken', message: 'web is taken', field: ['name'] });
  expect(isTransient(refused)).toBe(false);
});

test('no answer at all is told as such, and is worth another try', () => {
  expect(toApiError(TRPCClientError.from(new TypeError('Failed to fetch'))).code).toBe('unavailable');
  expect(isTransient(new TypeError('Failed to fetch'))).toBe(true);
  expect(isTransient(new Error('a fault of ours'))).toBe(false);
});
