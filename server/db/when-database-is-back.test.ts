import { expect, test, vi } from 'vitest';
import { whenDatabaseIsBack } from './when-database-is-back.ts';

function prismaError(code: string): Error {
  return Object.assign(new Error(`Can't reach database server (${code})`), {
    name: 'PrismaClientKnownRequestError',
    code,
  });
}

test('a write is done again until the database is back', async () => {
  const write = vi.fn<() => Promise<string>>();
  write.mockRejectedValueOnce(prismaError('P1001')).mockRejectedValueOnce(prismaError('P1017'));
  write.mockResolvedValue('written');
  expect(await whenDatabaseIsBack(write)).toBe('written');
  expect(write).toHaveBeenCalledTimes(3);
});

test('what is wrong with the write itself is told at once', async () => {
  const write = vi.fn<() => Promise<void>>().mockRejectedValue(prismaError('P2002'));
  await expect(whenDatabaseIsBack(write)).rejects.toMatchObject({ code: 'P2002' });
  expect(write).toHaveBeenCalledTimes(1);
});

test('a database that stays away is not waited for without end', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  const away = expect(whenDatabaseIsBack(() => Promise.reject(prismaError('P1001')))).rejects.toMatchObject({
    code: 'P1001',
  });
  vi.spyOn(performance, 'now').mockReturnValue(Number.POSITIVE_INFINITY);
  await away.finally(() => vi.useRealTimers());
});
