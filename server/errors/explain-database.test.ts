import { expect, test } from 'vitest';
import { explainDatabase } from './explain-database.ts';

/** As Prisma throws it. */
const prismaError = (message: string, code?: string) =>
  Object.assign(
    new Error(message),
    { name: 'PrismaClientKnownRequestError' },
    code === undefined ? {} : { code },
  );

test.each([
  [
    'a lock that another program holds',
    'canceling statement due to lock timeout',
    undefined,
    /^the database is locked by/,
  ],
  ['the same in a raw query', 'Raw query failed. Code: `55P03`.', 'P2010', /^the database is locked by/],
  [
    'no transaction in time',
    'Unable to start a transaction in the given time.',
    'P2028',
    /^the database does not answer/,
  ],
  ['a server that is away', 'cannot reach', 'P1001', /^the database does not answer/],
] as const)('%s is unavailable, with its reason', (_what, message, code, told) => {
  expect(explainDatabase(prismaError(message, code))).toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(told),
  });
});

test('what is no trouble of the database, or another program’s words, is left as it is', () => {
  expect(explainDatabase(prismaError('Unique constraint failed', 'P2002'))).toBeNull();
  expect(explainDatabase(new Error('canceling statement due to lock timeout'))).toBeNull();
});
