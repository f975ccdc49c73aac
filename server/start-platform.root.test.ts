import { expect, test } from 'vitest';
import { startTestDatabase } from './db/test-database.ts';
import { send, startTestFront } from './http/test-front.ts';

test('DATABASE_URL names another database, which is migrated, used and left running', async () => {
  const other = await startTestDatabase(false);
  try {
    const front = await startTestFront({ DATABASE_URL: other.url });
    try {
      expect(front.started.databasePid()).toBeNull();
      const { body } = await send(front.instance.webSocket, '/api/trpc/setup.state');
      expect(body).toEqual({ result: { data: { needsAdmin: true } } });
      await front.restart();
      const again = await send(front.instance.webSocket, '/api/trpc/setup.state');
      expect(again.body).toEqual(body);
    } finally {
      await front.close();
    }
    await expect(startTestFront({ DATABASE_URL: other.url })).rejects.toThrow(
      'has the inventory of another Berth',
    );
  } finally {
    await other.close();
  }
});

test('one that does not answer is told, without its password', async () => {
  const url = 'postgresql://me:secret@127.0.0.1:1/berth';
  const start = startTestFront({ DATABASE_URL: url });
  await expect(start).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  await expect(start).rejects.not.toThrow('secret');
});
