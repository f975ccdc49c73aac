import path from 'node:path';
import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { withClient } from '../../server/db/with-client.ts';
import type { GuestView } from '../../server/guest/schema.ts';
import { send } from '../../server/http/test-front.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import type { FaultServer } from './fault-server.ts';
import { LIMITS, shareFaultServer } from './shared-fault-server.ts';

const MiB = 1024 * 1024;
/** ms; 10 s for a connection that others hold and 5 s for the lock, and both again for the refusal's place in the audit; a busy machine. */
const IN_TIME = 40_000;
const LOCKED = /^the database is locked by another program/;
const LOCKED_OR_AWAY = /^the database (is locked by another program|does not answer)/;

let server: FaultServer;
let client: AcknowledgingClient;

shareFaultServer(
  (made) => {
    server = made;
    client = made.client;
  },
  { guests: ['one', 'two'] },
);

/** A session that has locked these tables, or all, against everybody, for as long as `work` takes. */
async function whileLocked(
  work: (holder: Client) => Promise<void>,
  tables?: readonly string[],
): Promise<void> {
  const url = `postgresql://berth@localhost/berth?host=${encodeURIComponent(path.join(server.instance.runDir, 'db'))}`;
  await withClient(url, async (holder) => {
    const { rows } = await holder.query<{ tablename: string }>(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`,
    );
    const names = tables ?? rows.map(({ tablename }) => tablename);
    await holder.query('BEGIN');
    await holder.query(`LOCK TABLE ${names.map((name) => `"${name}"`).join(', ')} IN ACCESS EXCLUSIVE MODE`);
    await work(holder);
    // A server that cannot start ends its database, and this session with it.
    await holder.query('ROLLBACK').catch(() => undefined);
  });
}

/** What it resolves to, and that it did in time. */
async function inTime<Result>(what: string, work: Promise<Result>): Promise<Result> {
  const began = performance.now();
  const result = await work;
  expect(performance.now() - began, what).toBeLessThan(IN_TIME);
  return result;
}

/** At rest and as told; then every sort of change is taken again. */
async function asBefore(): Promise<void> {
  expect(await server.judge()).toEqual([]);
  for (const { name, state } of await client.query<GuestView[]>('guest.list')) {
    if (state !== 'running')
      expect(await client.change('guest.start', { guest: name, wait: true })).toMatchObject({
        status: 'done',
      });
  }
  for (const memory of [80 * MiB, LIMITS.memory])
    expect(await client.change('guest.configure', { guest: 'one', limits: { memory } })).toMatchObject({
      status: 'done',
    });
  for (const verb of ['volume.create', 'volume.delete'])
    expect(await client.change(verb, { volume: 'locked' })).toMatchObject({ kind: 'acknowledged' });
  expect(await server.judge()).toEqual([]);
}

const initOf = async (guest: string) => (await client.query<GuestView>('guest.get', { guest })).initPid;

test('while all tables are locked changes are refused with the reason, what is known is told, and guests run on', async () => {
  const init = await initOf('one');
  await whileLocked(async () => {
    const outcomes = Promise.all(
      [
        client.change('guest.create', { name: 'three', limits: LIMITS, wait: true }),
        client.change('guest.configure', { guest: 'one', limits: { memory: 96 * MiB } }),
        client.change('guest.stop', { guest: 'two', wait: true, force: true }),
        client.change('volume.create', { volume: 'never' }),
        client.change('image.delete', { image: 'berth/mini', wait: true }),
      ].map((change) => inTime('a change', change)),
    );
    // More than there are connections to the database.
    const asked = Array.from({ length: 40 }, () =>
      inTime(
        'a question',
        client.query('operation.list', {}).then(
          () => 'answered',
          (error: Error) => error.message,
        ),
      ),
    );
    // Meanwhile what the server knows by itself is told at once.
    const began = performance.now();
    expect((await client.query<GuestView[]>('guest.list')).map(({ name }) => name)).toEqual(['one', 'two']);
    expect(performance.now() - began).toBeLessThan(5000);
    // Who waits for a connection that another holds is told so: of the first ones each waits for the lock itself.
    const refused = (await outcomes).map((outcome) =>
      outcome.kind === 'refused' ? outcome.message : outcome,
    );
    for (const message of refused) expect(message).toMatch(LOCKED_OR_AWAY);
    const answers = await Promise.all(asked);
    for (const answer of answers) expect(answer.replace('operation.list: ', '')).toMatch(LOCKED_OR_AWAY);
    expect([...refused, ...answers].join()).toContain('is locked by another program');
    const signIn = send(server.instance.webSocket, '/api/auth/sign-in/username', {
      body: { username: 'ada', password: 'correct horse battery' },
    });
    expect(await inTime('a sign-in', signIn)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  });
  expect(await initOf('one')).toBe(init);
  await asBefore();
});

test('a lock in the middle of an operation that ends in time only holds it up', async () => {
  let restarted: ReturnType<AcknowledgingClient['change']> | undefined;
  await whileLocked(
    async (holder) => {
      restarted = client.change('guest.restart', { guest: 'one', wait: true, force: true });
      await waitsForLock(holder);
    },
    ['guest'],
  );
  expect(await restarted).toMatchObject({ kind: 'acknowledged', status: 'done' });
  await asBefore();
});

test('one that does not end fails it in time, and afterwards it is as it was told', async () => {
  await whileLocked(
    async (holder) => {
      // Written down as begun; the guest's own row is out of reach.
      const restarted = client.change('guest.restart', { guest: 'one', wait: true, force: true });
      const made = client.change('guest.create', { name: 'three', limits: LIMITS, wait: true });
      await waitsForLock(holder);
      // 30 s until it is given up (when-database-is-back.ts), and again for what undoes it.
      expect(await restarted).toMatchObject({ kind: 'refused', message: expect.stringMatching(LOCKED) });
      expect(await made).toMatchObject({ kind: 'refused', message: expect.stringMatching(LOCKED) });
    },
    ['guest'],
  );
  await asBefore();
}, 300_000);

test('a server that is killed while it waits, and one that starts on locked tables, lose nothing', async () => {
  await whileLocked(async (holder) => {
    const stopped = client.change('guest.restart', { guest: 'two', wait: true, force: true });
    await waitsForLock(holder);
    await server.kill();
    await stopped;
    expect(await server.start()).toBe(false);
    expect(server.log()).toMatch(
      /the database (is locked by another program|cannot be used: .*lock timeout)/,
    );
  });
  expect(await server.start()).toBe(true);
  await asBefore();
});

/** Until somebody waits for what we hold; else the lock would have held up nobody. */
async function waitsForLock(holder: Client): Promise<void> {
  for (;;) {
    const { rows } = await holder.query(
      'SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
    );
    if (rows.length > 0) return;
  }
}
