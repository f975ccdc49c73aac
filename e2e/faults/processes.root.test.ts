import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { startTimeOf } from '../../server/child/process-identity.ts';
import type { DoctorReport, MendReport } from '../../server/doctor/schema.ts';
import type { GuestView } from '../../server/guest/schema.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import { readRows } from '../oracle/read-rows.ts';
import type { FaultServer } from './fault-server.ts';
import { SOON, shareFaultServer } from './shared-fault-server.ts';

let server: FaultServer;
let client: AcknowledgingClient;

shareFaultServer(
  (made) => {
    server = made;
    client = made.client;
  },
  { guests: ['one', 'two'] },
);

/** Started by us, or by itself: it ran, has fallen, and runs. */
async function again(guest: string): Promise<void> {
  expect(await client.change('guest.start', { guest, wait: true })).toMatchObject({ status: 'done' });
}

const view = (guest: string) => client.query<GuestView>('guest.get', { guest });
const processes = async () =>
  (await client.query<{ processes: Record<'database' | 'dns', { pid: number } | null> }>('server.status'))
    .processes;

async function supervisorOf(guest: string): Promise<number> {
  const { guests } = await readRows(server.instance);
  return real(guests.find(({ name }) => name === guest)?.run?.supervisorPid);
}

/** 0 and below are whole groups of processes, our own among them. */
function real(pid: number | null | undefined): number {
  if (pid && pid > 1) return pid;
  throw new Error(`there is no such process, its number is ${pid}`);
}

/** Numbers of the processes whose command line fits. */
function pidsOf(fits: (command: string, pid: number) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return fits(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(), pid);
      } catch {
        return false;
      }
    });
}

const parentOf = (pid: number) =>
  Number(/^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** The guest has ended, as nobody has asked for, and that is told. */
async function failed(guest: string): Promise<void> {
  await vi.waitFor(async () => expect(await view(guest)).toMatchObject({ state: 'failed' }), SOON);
  client.told.happened(guest, { state: 'failed' });
  expect(await server.judge()).toEqual([]);
  await again(guest);
  expect(await server.judge()).toEqual([]);
}

test('init of a guest is killed: it is told, nothing of it is left, and it starts again', async () => {
  process.kill(real((await view('one')).initPid), 'SIGKILL');
  await failed('one');
});

test('the supervisor of a guest is killed: its guest goes with it, and all it had', async () => {
  process.kill(await supervisorOf('one'), 'SIGKILL');
  await failed('one');
});

test('init and supervisor are killed while no server is there', async () => {
  const [init, supervisor] = [real((await view('one')).initPid), await supervisorOf('two')];
  await server.kill();
  process.kill(init, 'SIGKILL');
  process.kill(supervisor, 'SIGKILL');
  expect(await server.start()).toBe(true);
  for (const guest of ['one', 'two']) {
    expect(await view(guest)).toMatchObject({ state: 'failed' });
    client.told.happened(guest, { state: 'failed' });
  }
  expect(await server.judge()).toEqual([]);
  for (const guest of ['one', 'two']) await again(guest);
});

test('strangers have the pids of an init and a supervisor that ended while no server was there: nobody takes them for those', async () => {
  const [init, supervisor] = [real((await view('one')).initPid), await supervisorOf('one')];
  await server.kill();
  for (const pid of [supervisor, init]) killIfThere(pid);
  await vi.waitFor(() => {
    for (const pid of [supervisor, init]) expect(existsSync(`/proc/${pid}`)).toBe(false);
  }, SOON);
  const program = path.join(server.folder, 'reuse-pid');
  execFileSync('cc', ['-O1', '-o', program, path.join(import.meta.dirname, 'reuse-pid.c')]);
  const strangers = spawn(program, [`${init}`, `${supervisor}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(strangers.stdout, 'data');
  try {
    expect(await server.start()).toBe(true);
    expect(await view('one')).toMatchObject({ state: 'failed', initPid: null });
    client.told.happened('one', { state: 'failed' });
    // Whoever was mistaken for a supervisor would have been stopped, ended or waited for by one of these.
    await again('one');
    expect(await client.change('guest.stop', { guest: 'one', wait: true, force: true })).toMatchObject({
      status: 'done',
    });
    await again('one');
    expect(await server.judge()).toEqual([]);
    for (const pid of [init, supervisor]) {
      expect(parentOf(pid)).toBe(strangers.pid);
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\tS/m);
    }
  } finally {
    strangers.stdin.end();
    await once(strangers, 'exit');
  }
});

test('what shapes the sending of a guest goes with it, whenever its supervisor is killed', async () => {
  const limit = (networkTransmit: number | null) =>
    client.change('guest.configure', { guest: 'one', limits: { networkTransmit } });
  expect(await limit(1024 * 1024)).toMatchObject({ status: 'done' });
  // The oracle misses a shaper that is not there, and finds one that is nobody's.
  expect(await server.judge()).toEqual([]);
  process.kill(await supervisorOf('one'), 'SIGKILL');
  await failed('one');
  for (const afterMs of [0, 2, 5, 10, 20]) {
    const supervisor = await supervisorOf('one');
    const stopped = client.change('guest.stop', { guest: 'one', wait: true, force: true });
    await pause(afterMs);
    killIfThere(supervisor);
    await stopped;
    expect(await server.judge(), `killed ${afterMs} ms after the order to stop`).toEqual([]);
    await again('one');
  }
  const supervisor = await supervisorOf('one');
  const stopped = client.change('guest.stop', { guest: 'one', wait: true, force: true });
  await pause(5);
  killIfThere(supervisor);
  await server.kill();
  await stopped;
  expect(await server.start()).toBe(true);
  // Nobody knows how far the stop came.
  if ((await view('one')).state === 'failed') client.told.happened('one', { state: 'failed' });
  expect(await server.judge()).toEqual([]);
  if ((await view('one')).state !== 'running') await again('one');
  expect(await limit(null)).toMatchObject({ status: 'done' });
  expect(await server.judge()).toEqual([]);
});

test('what supervisors are forked from is killed, also twice: the next start makes another', async () => {
  const forkServers = () =>
    pidsOf((command, pid) => /supervisor fork-server /.test(command) && parentOf(pid) === server.pid);
  for (let round = 0; round < 2; round++) {
    const restarted = await client.change('guest.restart', { guest: 'one', wait: true, force: true });
    expect(restarted).toMatchObject({ status: 'done' });
    const [pid, ...others] = forkServers();
    expect(others).toEqual([]);
    process.kill(real(pid), 'SIGKILL');
  }
  expect(await client.change('guest.restart', { guest: 'one', wait: true, force: true })).toMatchObject({
    status: 'done',
  });
  expect(forkServers()).toHaveLength(1);
  expect(await server.judge()).toEqual([]);
});

test('a server that is killed takes what supervisors are forked from along', async () => {
  const [found] = pidsOf(
    (command, one) => /supervisor fork-server /.test(command) && parentOf(one) === server.pid,
  );
  const pid = real(found);
  await server.kill();
  await vi.waitFor(() => expect(startTimeOf(pid)).toBeNull(), SOON);
  expect(await server.start()).toBe(true);
  expect(await server.judge()).toEqual([]);
});

test('the name server is killed: it is there again, with all names', async () => {
  const pid = real((await processes()).dns?.pid);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => {
    const now = (await processes()).dns?.pid;
    expect(now).toBeGreaterThan(0);
    expect(now).not.toBe(pid);
  }, SOON);
  expect(await server.judge()).toEqual([]);
});

test.each([
  ['the postmaster', /^$/],
  ['a backend', /postgres: berth berth /],
  ['the checkpointer', /postgres: checkpointer/],
])(
  '%s of the database is killed while changes are made: each is done, or was refused',
  async (_who, name) => {
    const postmaster = real((await processes()).database?.pid);
    const [pid = 0] =
      name.source === '^$'
        ? [postmaster]
        : pidsOf((command, one) => name.test(command) && parentOf(one) === postmaster);
    expect(pid).toBeGreaterThan(1);
    const changes = ['one', 'two'].map(async (guest) => {
      for (let round = 0; round < 4; round++) {
        await client.change('guest.configure', { guest, limits: { memory: (96 + round) * 1024 * 1024 } });
        await client.change(round % 2 === 0 ? 'guest.freeze' : 'guest.unfreeze', { guest, wait: true });
      }
    });
    process.kill(pid, 'SIGKILL');
    await Promise.all(changes);
    // The postmaster outlives the others of its own and ends them all; it is told when it answers again.
    await vi.waitFor(async () => expect(await server.judge()).toEqual([]), SOON);
    for (const guest of ['one', 'two'])
      if ((await view(guest)).state === 'frozen')
        await client.change('guest.unfreeze', { guest, wait: true });
    expect(await server.judge()).toEqual([]);
  },
);

test('a stopped supervisor is told at once, holds up neither a stop nor a start of the server, and goes on by the doctor', async () => {
  const pid = await supervisorOf('one');
  process.kill(pid, 'SIGSTOP');
  const told = new RegExp(`supervisor \\(pid ${pid}\\) is stopped by a signal: .*kill -CONT ${pid}`);
  const stop = await client.change('guest.stop', { guest: 'one', wait: true, timeoutMs: 5000 });
  expect(stop).toMatchObject({ kind: 'refused' });
  expect(JSON.stringify(stop)).toMatch(told);
  await server.kill('SIGTERM');
  expect(await server.start()).toBe(true);
  expect(server.log()).toMatch(told);
  expect(await view('one')).toMatchObject({ state: 'running' });

  const { findings } = await client.query<DoctorReport>('doctor.check');
  expect(findings.map(({ kind, subject }) => [kind, subject])).toEqual([['supervisor', 'guest one']]);
  expect(await client.request<MendReport>('doctor.mend', {})).toMatchObject({
    failed: [],
    after: { findings: [] },
  });
  expect(await client.change('guest.stop', { guest: 'one', wait: true, timeoutMs: 5000 })).toMatchObject({
    status: 'done',
  });
  await again('one');
  expect(await server.judge()).toEqual([]);
});

test('a guest whose supervisor is stopped can be stopped by force', async () => {
  process.kill(await supervisorOf('two'), 'SIGSTOP');
  const stop = await client.change('guest.stop', { guest: 'two', wait: true, force: true });
  expect(stop).toMatchObject({ status: 'done' });
  expect(await server.judge()).toEqual([]);
  await again('two');
});
