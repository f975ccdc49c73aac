import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../platform.ts';
import { readCgroup, writeCgroup } from './cgroup-files.ts';
import { createGuest } from './create-guest.ts';
import { decideMemory } from './decide-memory.ts';
import { deleteGuest } from './delete-guest.ts';
import type { CreateGuestInput } from './schema.ts';
import { stopGuest } from './stop-guest.ts';
import { type TestServer, testDatabase, testServer } from './test-services.ts';
import { waitForGuest } from './wait-for-guest.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const never = new AbortController().signal;

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await testServer(database);
  await server.db.user.create({
    data: { id: 'u1', name: 'Ann', email: 'ann@berth.invalid', username: 'ann' },
  });
});
afterEach(async () => {
  await server.close();
  await server.db.guest.deleteMany();
  await server.db.operation.deleteMany();
  await server.db.user.deleteMany();
  await server.db.$disconnect();
});

async function make(input: CreateGuestInput = {}) {
  const { guest } = await createGuest(server, root, { name: 'web', start: true, wait: true, ...input });
  server.runtime.calls.length = 0;
  return guest;
}

test('files of a cgroup are read by all, and limits written by who may', async () => {
  const { id } = await make();
  server.runtime.cgroupFiles.set(`${id}/memory.max`, '1000\n');
  expect(await readCgroup(server, { guest: 'web', file: 'memory.max' })).toEqual({ value: '1000\n' });
  await expect(
    writeCgroup(server, ann, { guest: 'web', file: 'memory.max', value: '1' }),
  ).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect(await writeCgroup(server, root, { guest: 'web', file: 'memory.max', value: '2000' })).toEqual({
    value: '2000',
  });
  const forbidden = ['cgroup.procs', 'cgroup.kill', 'cgroup.freeze', 'devices.allow', 'memory.pressure'];
  for (const file of [...forbidden, 'cgroup.subtree_control', 'cgroup.event_control', 'memory.oom_control']) {
    await expect(writeCgroup(server, root, { guest: 'web', file, value: '1' })).rejects.toMatchObject({
      code: 'bad_input',
      field: ['file'],
    });
  }
  await expect(
    writeCgroup(server, root, { guest: 'web', file: 'pids.max', value: '1\n2' }),
  ).rejects.toMatchObject({
    field: ['value'],
  });
  await stopGuest(server, root, { guest: 'web', wait: true });
  await expect(readCgroup(server, { guest: 'web', file: 'memory.max' })).rejects.toMatchObject({
    code: 'illegal_state',
  });
});

test('a guest is waited for: at once, when it comes, when it goes, and not for ever', async () => {
  await make();
  const running = await waitForGuest(server, { guest: 'web', states: ['running'] }, never);
  expect(running).toMatchObject({ state: 'running', guest: { name: 'web' } });
  const stopping = waitForGuest(server, { guest: 'web', states: ['stopped', 'failed'] }, never);
  await stopGuest(server, root, { guest: 'web' });
  expect(await stopping).toMatchObject({ state: 'stopped' });
  await expect(
    waitForGuest(server, { guest: 'web', states: ['frozen'], timeoutMs: 1 }, never),
  ).rejects.toMatchObject({ code: 'timed_out', message: 'guest web is stopped, not frozen, after 1 ms' });
  const leave = new AbortController();
  const left = waitForGuest(server, { guest: 'web', states: ['running'] }, leave.signal);
  leave.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  const gone = waitForGuest(server, { guest: 'web', states: ['deleted'] }, never);
  const missed = waitForGuest(server, { guest: 'web', states: ['running'] }, never);
  missed.catch(() => undefined);
  await deleteGuest(server, root, { guest: 'web', wait: true });
  expect(await gone).toEqual({ state: 'deleted', guest: null });
  await expect(missed).rejects.toMatchObject({ code: 'not_found' });
});

test('a guest that waits for memory goes on with more, with one process less, or not at all', async () => {
  const { id, limits } = await make();
  const decide = (decision: 'raise' | 'kill' | 'stop', memory?: number) =>
    decideMemory(server, ann, { guest: 'web', decision, memory });
  await expect(decide('kill')).rejects.toMatchObject({ code: 'illegal_state' });
  server.guests.waitingForMemory.add(id);
  for (const memory of [undefined, limits.memory, 1]) {
    await expect(decide('raise', memory)).rejects.toMatchObject({ code: 'bad_input', field: ['memory'] });
  }
  await expect(decide('raise', 2 ** 60)).rejects.toMatchObject({ field: ['limits', 'memory'] });
  await decide('raise', limits.memory * 2);
  expect(server.runtime.calls.slice(-2)).toEqual([`setLimits ${id}`, `decideMemory ${id} go-on`]);
  server.guests.waitingForMemory.add(id);
  await decide('kill');
  expect(server.runtime.calls.at(-1)).toBe(`decideMemory ${id} kill`);
  server.guests.waitingForMemory.add(id);
  expect(await decide('stop')).toMatchObject({ state: 'stopped' });
});
