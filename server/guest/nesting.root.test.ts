import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../platform.ts';
import { createGuest } from './create-guest.ts';
import { deleteGuest } from './delete-guest.ts';
import { faults, forgetInstance, leavings, realServer } from './test-host.ts';
import { testDatabase } from './test-services.ts';

const root: Actor = { kind: 'root' };
let database: Awaited<ReturnType<typeof testDatabase>>;
let server: Awaited<ReturnType<typeof realServer>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await realServer(database);
});
afterEach(async () => {
  const { services } = server;
  for (const { id } of services.guests.all())
    await deleteGuest(services, root, { guest: id, force: true, wait: true });
  const left = leavings(services.instance);
  await server.close();
  await forgetInstance(services.instance);
  expect([...left, ...faults.splice(0)]).toEqual([]);
});

/** Status of a command in a guest, and what it printed. */
async function run(guestId: string, script: string): Promise<string> {
  const command = ['/bin/sh', '-c', `{ ${script}; } 2>&1`];
  const child = await server.services.runtime.exec({
    guestId,
    command,
    user: 'root',
    environment: {},
    workdir: null,
  });
  child.stdin.end();
  const said = await text(child.stdout);
  return `${(await child.exit).status} ${said.trim()}`;
}

test('a guest that nests sets sysctls of networks and makes containers of its own, another one does not', async () => {
  const make = async (nesting: boolean) => {
    const input = { image: 'berth/mini', kind: 'system' as const, isolation: { nesting } };
    return (await createGuest(server.services, root, { ...input, start: true, wait: true })).guest.id;
  };
  const [nests, plain] = [await make(true), await make(false)];
  const forward = 'echo 1 > /proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward';
  expect(await run(nests, forward)).toBe('0 1');
  expect(await run(plain, forward)).toMatch(/^1 .*Read-only file system/);
  // What is the host's stays read-only to both.
  for (const guest of [nests, plain]) {
    expect(await run(guest, 'echo 1 > /proc/sys/vm/drop_caches')).toMatch(/^1 .*Read-only file system/);
    expect(await run(guest, 'echo x > /proc/sys/kernel/core_pattern')).toMatch(/^1 .*Read-only file system/);
  }
  // As crun and podman do it: a user, pid, mount and network namespace, with a proc of its own.
  const container =
    'unshare -Urmpfn --mount-proc sh -c "ls /proc | grep -c ^[0-9]; ip link set lo up && echo up"';
  expect(await run(nests, container)).toMatch(/^0 \d+\nup$/);
  expect(await run(plain, container)).toMatch(/^1 .*not permitted/);
});
