import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
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
let one: GuestView;
beforeEach(async () => {
  one = await client.query<GuestView>('guest.get', { guest: 'one' });
});

const ROOT = '/sys/fs/cgroup';

function below(folder: string): string[] {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...inner.flatMap(({ name }) => below(path.join(folder, name)))];
}

/** Its processes go to the group above all guests first: one with processes cannot be removed. */
function removeGroups(): void {
  const groups = ['', ...readdirSync(ROOT)]
    .map((hierarchy) => path.join(ROOT, hierarchy, server.instance.cgroup, 'guests', one.id))
    .filter((group) => existsSync(group));
  expect(groups.length).toBeGreaterThan(0);
  for (const group of groups) {
    for (const folder of below(group).toReversed()) {
      for (const pid of readFileSync(path.join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
        writeFileSync(path.join(group, '../../../cgroup.procs'), pid);
      rmdirSync(folder);
    }
  }
}

const removeTables = () => {
  for (const family of ['inet', 'bridge'])
    execFileSync('nft', ['delete', 'table', family, server.instance.nftTable]);
};
const removeLink = () =>
  execFileSync('ip', [
    'link',
    'del',
    `${server.instance.linkPrefix}${one.addresses.ipv4?.split('.').at(-1)}`,
  ]);
const LACKS = /guest one: its folder \S+ lacks upper and work: files that it wrote are lost/;
const removeFolders = () => {
  const folder = path.join(server.dataDir, 'guests', one.id);
  for (const name of ['upper', 'work']) rmSync(path.join(folder, name), { recursive: true });
};

test.each([
  ['its control groups', removeGroups, /guest one: its init is not in its control group/],
  ['its link', removeLink, /guest one: its link \S+ is gone: it has no network/],
  ['the firewall', removeTables, /table \S+: it lacks .*: guests are not kept apart/],
])('%s removed by hand: the oracle and the doctor see it, and it is mended', async (_what, remove, told) => {
  expect(await server.judge()).toEqual([]);
  remove();
  await mended(told);
});

test('its link removed while no server is there: the next one keeps the guest, tells, and mends', async () => {
  await server.kill();
  removeLink();
  expect(await server.start()).toBe(true);
  expect(await client.query<GuestView>('guest.get', { guest: 'one' })).toMatchObject({
    initPid: one.initPid,
  });
  await mended(/guest one: its link \S+ is gone: it has no network/);
});

// It is not kept: without its groups it has no limits and no rules for devices, and nobody could freeze or end all of it.
test.each([
  ['its control groups', [removeGroups]],
  ['its control groups, its link and the firewall', [removeGroups, removeLink, removeTables]],
])(
  '%s removed while no server is there: the next one ends the guest, says why, and nothing of it is left',
  async (_what, removals) => {
    const { guests } = await readRows(server.instance);
    const pids = [one.initPid, guests.find(({ id }) => id === one.id)?.run?.supervisorPid].map(Number);
    await server.kill();
    for (const remove of removals) remove();
    // Both live on, or their end would say nothing.
    for (const pid of pids) expect(startTimeOf(pid)).not.toBeNull();
    expect(await server.start()).toBe(true);
    expect(await client.query<GuestView>('guest.get', { guest: 'one' })).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('its control groups were removed'),
      initPid: null,
    });
    client.told.happened('one', { state: 'failed' });
    expect(startTimeOf(Number(one.initPid))).toBeNull();
    await vi.waitFor(() => {
      for (const pid of pids) expect(startTimeOf(pid)).toBeNull();
    }, SOON);
    expect(await server.judge()).toEqual([]);
    expect((await client.query<DoctorReport>('doctor.check')).findings).toEqual([]);
    expect(await client.change('guest.start', { guest: 'one', wait: true })).toMatchObject({
      status: 'done',
    });
    expect(await server.judge()).toEqual([]);
  },
);

test('the firewall flushed while no server is there: the next one stands it up again before it answers', async () => {
  await server.kill();
  removeTables();
  const tables = () => execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' });
  expect(tables()).not.toContain(` ${server.instance.nftTable}\n`);
  expect(await server.start()).toBe(true);
  expect(tables()).toContain(` ${server.instance.nftTable}\n`);
  expect(await server.drifts()).toEqual([]);
  expect(await server.judge()).toEqual([]);
});

test('the folders of its layers removed by hand: they are there again, and it starts', async () => {
  expect(await client.change('guest.stop', { guest: 'one', wait: true, force: true })).toMatchObject({
    status: 'done',
  });
  removeFolders();
  await mended(LACKS);
  expect(await client.change('guest.start', { guest: 'one', wait: true })).toMatchObject({ status: 'done' });
  expect(await server.judge()).toEqual([]);
});

test('the folders of its layers removed under a guest that runs: told, everything runs on, and nothing else is lost', async () => {
  const pids = await initPids();
  removeFolders();
  const told = expect.stringMatching(LACKS);
  // Who decides what becomes of a guest at work is not the doctor: it says what to do, and leaves it alone.
  expect(problems((await client.query<DoctorReport>('doctor.check')).findings)).toContainEqual(told);
  expect(await server.drifts()).not.toEqual([]);
  const mend = await client.request<MendReport>('doctor.mend', {});
  expect(problems(mend.after.findings)).toContainEqual(told);
  expect(await initPids()).toEqual(pids);

  // A server that starts takes it back as it is.
  await server.kill();
  expect(await server.start()).toBe(true);
  expect(await initPids()).toEqual(pids);
  expect(problems((await client.query<DoctorReport>('doctor.check')).findings)).toContainEqual(told);

  expect(await client.change('guest.stop', { guest: 'one', wait: true, force: true })).toMatchObject({
    status: 'done',
  });
  await mended(LACKS);
  expect(await client.change('guest.start', { guest: 'one', wait: true })).toMatchObject({ status: 'done' });
  expect(await server.judge()).toEqual([]);
});

const problems = (findings: DoctorReport['findings']) =>
  findings.map(({ subject, problem }) => `${subject}: ${problem}`);

function initPids(): Promise<(number | null)[]> {
  const pidOf = async (guest: string) => (await client.query<GuestView>('guest.get', { guest })).initPid;
  return Promise.all(['one', 'two'].map(pidOf));
}

/** Told by both, mended by one, and then nothing is lost, nothing is left, by the word of the other. */
async function mended(told: RegExp): Promise<void> {
  const { findings } = await client.query<DoctorReport>('doctor.check');
  expect(problems(findings)).toContainEqual(expect.stringMatching(told));
  // The oracle itself would have told: without this its silence says nothing.
  expect(await server.drifts()).not.toEqual([]);
  expect(await client.request<MendReport>('doctor.mend', {})).toMatchObject({
    failed: [],
    after: { findings: [] },
  });
  await vi.waitFor(async () => expect(await server.judge()).toEqual([]), SOON);
}
