import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { Guard } from '../access/guard.ts';
import { RightsBook } from '../access/rights-book.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { createEventRouter } from '../event/router.ts';
import type { BerthEvent } from '../event/schema.ts';
import { LastAnswers } from '../last-answers.ts';
import { createLog } from '../log.ts';
import type { Actor } from '../platform.ts';
import { createGuest } from './create-guest.ts';
import { decideMemory } from './decide-memory.ts';
import { deleteGuest } from './delete-guest.ts';
import { getGuest } from './get-guest.ts';
import type { CreateGuestInput, GuestView } from './schema.ts';
import { stopGuest } from './stop-guest.ts';
import { faults, forgetInstance, leavings, realServer } from './test-host.ts';
import { testDatabase } from './test-services.ts';
import { unfreezeGuest } from './unfreeze-guest.ts';

const root: Actor = { kind: 'root' };
const MiB = 1024 ** 2;
/** Eats until it is killed: the shell doubles a word. */
const HOG = 'x=x; while :; do x=$x$x; done';
const patience = { timeout: 60_000, interval: 5 };

type KernelEvent = Extract<BerthEvent, { type: 'guest.event' }> & { heardAt: number };

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: Awaited<ReturnType<typeof realServer>>;
let heard: KernelEvent[];
let leave: AbortController;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  server = await realServer(database);
  heard = [];
  leave = new AbortController();
  void listen();
});
afterEach(async () => {
  leave.abort();
  const { services } = server;
  for (const { id } of services.guests.all())
    await deleteGuest(services, root, { guest: id, force: true, wait: true });
  const { instance } = services;
  const left = leavings(instance);
  await server.close();
  await forgetInstance(instance);
  expect([...left, ...faults.splice(0)]).toEqual([]);
});

/** As a browser does: over the procedure `event.stream`. */
async function listen(): Promise<void> {
  const { events } = server.services;
  const caller = createEventRouter({ events }).createCaller(
    {
      actor: root,
      sessionId: null,
      transport: 'admin',
      ip: '',
      headers: {},
      responseHeaders: new Headers(),
      guard: new Guard({
        db: server.services.db,
        guestId: () => null,
        guestName: () => null,
        trashedId: () => null,
        guestOfSession: () => null,
        guestOfRecording: () => null,
        projectOfVolume: async () => null,
        elsewhere: () => null,
        rights: new RightsBook({ ...server.services, guestsIn: () => new Set() }),
      }),
      database: server.services.database,
      answers: new LastAnswers(server.services),
      audit: new AuditLog({
        ...server.services,
        log: createLog(() => undefined),
        dataDir: '/nonexistent',
      }),
      log: createLog(() => undefined),
    },
    { signal: leave.signal },
  );
  for await (const event of await caller.stream())
    if (event.type === 'guest.event') heard.push({ ...event, heardAt: Date.now() });
}

async function make(input: CreateGuestInput): Promise<GuestView> {
  const { guest } = await createGuest(server.services, root, {
    image: 'berth/mini',
    start: true,
    wait: true,
    ...input,
  });
  return guest;
}

async function run(guest: GuestView, script: string) {
  const process = await server.services.runtime.exec({
    guestId: guest.id,
    command: ['/bin/sh', '-c', script],
    user: 'root',
    environment: { PATH: '/bin:/sbin:/usr/bin:/usr/sbin' },
    workdir: null,
  });
  process.stdout.resume();
  process.stderr.resume();
  return process;
}

const kinds = () => heard.map(({ kind }) => kind);

/** The first event of a kind, and how long after `since` (ms) it was heard; reported, and bounded generously. */
async function expectSoon(kind: KernelEvent['kind'], since: number): Promise<KernelEvent> {
  const event = await vi.waitFor(() => {
    const found = heard.find((one) => one.kind === kind && one.heardAt >= since);
    if (!found) throw new Error(`no ${kind} among ${kinds()}`);
    return found;
  }, patience);
  console.log(`${kind}: heard ${event.heardAt - since} ms after the act: ${event.message}`);
  return event;
}

/** FILE of a guest's group in the hierarchy that has it. */
function groupFile({ id }: GuestView, file: string): string {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').matchAll(/^\S+ (\S+) cgroup2? /gm);
  const path = [...mounts]
    .map(([, mount]) => join(mount ?? '', server.services.instance.cgroup, 'guests', id, file))
    .find((one) => existsSync(one));
  if (!path) throw new Error(`no hierarchy has ${file}`);
  return path;
}

test('a refused fork, an OOM kill, throttling and the end are heard of, each soon after the act; without them, nothing', async () => {
  const limits = { memory: 32 * MiB, swap: 0, pids: 12, cpu: 0.2 };
  const guest = await make({ name: 'busy', limits });
  // As many cores as there are: on a slow host even a start takes more than a fifth of one.
  const calm = await make({ name: 'calm', limits: { ...limits, cpu: cpus().length } });
  await (await run(calm, 'true')).exit;

  let act = Date.now();
  await (await run(guest, 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do sleep 1 & done')).exit;
  expect(await expectSoon('pids-refused', act)).toMatchObject({ name: 'busy', guest: guest.id });

  act = Date.now();
  const spin = await run(guest, 'i=0; while [ $i -lt 100000000 ]; do i=$((i+1)); done');
  expect((await expectSoon('throttled', act)).message).toContain('0.2 cores');
  spin.kill('SIGKILL');
  await spin.exit;

  const hog = await run(guest, HOG);
  await hog.exit;
  act = Date.now();
  // It was told before the program's end was: the kill came first.
  const killed = await vi.waitFor(() => {
    const found = heard.find(({ kind }) => kind === 'oom-kill');
    if (!found) throw new Error('not yet');
    return found;
  }, patience);
  console.log(`oom-kill: heard ${killed.heardAt - act} ms after the end of the program was`);
  expect(killed.message).toBe('out of memory (limit 32 MiB): the kernel killed 1 process');

  expect(heard.filter(({ name }) => name === 'calm')).toEqual([]);
  act = Date.now();
  process.kill(calm.initPid ?? 0, 'SIGKILL');
  expect(await expectSoon('exit', act)).toMatchObject({ name: 'calm', message: 'was ended by SIGKILL' });
});

test('a freeze by anybody shows at once, and to a server that comes later too', async () => {
  const guest = await make({ name: 'iced' });
  let act = Date.now();
  writeFileSync(groupFile(guest, 'cgroup.freeze'), '1');
  await expectSoon('frozen', act);
  await vi.waitFor(
    async () => expect((await getGuest(server.services, 'iced')).state).toBe('frozen'),
    patience,
  );
  await server.close();
  server = await realServer(database);
  leave.abort();
  leave = new AbortController();
  void listen();
  expect(await getGuest(server.services, 'iced')).toMatchObject({ state: 'frozen', waitingForMemory: false });
  act = Date.now();
  writeFileSync(groupFile(guest, 'cgroup.freeze'), '0');
  await expectSoon('thawed', act);
  await vi.waitFor(
    async () => expect((await getGuest(server.services, 'iced')).state).toBe('running'),
    patience,
  );
});

test('a guest whose memory is full waits until somebody decides, also for a server that comes later', async () => {
  const limits = { memory: 32 * MiB, swap: 0, outOfMemory: 'freeze' as const };
  const guest = await make({ name: 'full', limits });
  await vi.waitFor(async () => expect((await getGuest(server.services, 'full')).state).toBe('running'));
  const act = Date.now();
  const hog = await run(guest, HOG);
  await expectSoon('memory-full', act);
  const waits = async () => {
    const view = await getGuest(server.services, 'full');
    expect(view).toMatchObject({ state: 'frozen', waitingForMemory: true });
    expect(view.problem).toContain('is full');
  };
  await vi.waitFor(waits, patience);
  await expect(unfreezeGuest(server.services, root, { guest: 'full' })).rejects.toThrow(
    /cannot unfreeze guest full: its memory of 32 MiB is full/,
  );

  await server.close();
  server = await realServer(database);
  leave.abort();
  leave = new AbortController();
  void listen();
  await waits();

  const since = heard.length;
  await decideMemory(server.services, root, { guest: 'full', decision: 'raise', memory: 48 * MiB });
  await vi.waitFor(() => expect(kinds().slice(since)).toEqual(['thawed', 'memory-full']), patience);
  await vi.waitFor(waits, patience);
  await decideMemory(server.services, root, { guest: 'full', decision: 'kill' });
  expect(await hog.exit).not.toMatchObject({ status: 0 });
  await vi.waitFor(
    async () =>
      expect(await getGuest(server.services, 'full')).toMatchObject({
        state: 'running',
        waitingForMemory: false,
        problem: null,
      }),
    patience,
  );
  expect(kinds()).toContain('oom-kill');
  const stopped = await stopGuest(server.services, root, { guest: 'full', wait: true });
  expect(stopped.guest.exit).toMatchObject({ outOfMemory: false });
});
