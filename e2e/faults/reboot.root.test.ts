import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { connectDb, type Db } from '../../server/db/client.ts';
import type { GuestView } from '../../server/guest/schema.ts';
import { guestLinks } from '../../server/instance/instance.ts';
import { removeCgroups } from '../../server/instance/remove-cgroups.ts';
import { lastLease } from '../../server/network/leases.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import { readHoldings } from '../oracle/host-holdings.ts';
import type { FaultServer } from './fault-server.ts';
import { LIMITS, SOON, shareFaultServer } from './shared-fault-server.ts';

/** What the kernel called the boot before. */
const BEFORE = '00000000-0000-4000-8000-000000000000';

let server: FaultServer;
let client: AcknowledgingClient;

shareFaultServer((made) => {
  server = made;
  client = made.client;
});

const views = () => client.query<GuestView[]>('guest.list');

async function database<Result>(work: (db: Db) => Promise<Result>): Promise<Result> {
  const socket = encodeURIComponent(path.join(server.instance.runDir, 'db'));
  const db = connectDb(`postgresql://berth@localhost/berth?host=${socket}`);
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
  }
}

function processesNamed(pattern: RegExp): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pattern.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        return false;
      }
    });
}

/**
 * The power goes: every process of the instance is gone at once, and with it all that lives in memory only. What is written down
 * is of another boot than the one that the next server finds.
 */
async function cutPower(): Promise<void> {
  const { instance } = server;
  await server.kill();
  await database((db) => db.guest.updateMany({ where: { bootId: { not: null } }, data: { bootId: BEFORE } }));
  writeFileSync(path.join(instance.dataDir, 'boot'), `${BEFORE}\n`);
  const [postmaster = ''] = readFileSync(path.join(instance.dataDir, 'db/postmaster.pid'), 'utf8').split(
    '\n',
  );
  const own = processesNamed(new RegExp(`/run/berth/${instance.slot}/`));
  const { processes, supervisors } = readHoldings(instance);
  const all = [...supervisors, ...processes].map(({ pid }) => pid);
  for (const pid of [...all, ...own, Number(postmaster)]) if (pid > 1) kill(pid);
  await vi.waitFor(() => {
    const left = readHoldings(instance);
    expect([left.processes, left.supervisors]).toEqual([[], []]);
  }, SOON);
  for (const link of [instance.bridge, ...guestLinks(instance, readdirSync('/sys/class/net'))])
    tried('ip', 'link', 'del', link);
  for (const family of ['inet', 'bridge'])
    execFileSync('nft', [
      `add table ${family} ${instance.nftTable}; delete table ${family} ${instance.nftTable}`,
    ]);
  await vi.waitFor(() => {
    removeCgroups(instance);
    expect(readHoldings(instance).hierarchies.filter(({ used }) => used)).toEqual([]);
  }, SOON);
  // A mount is gone with the kernel that had it.
  tried('umount', '--lazy', path.join(instance.runDir, 'lxcfs/mount'));
  rmSync(instance.runDir, { recursive: true, force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it went with another one
  }
}

/** The end of a namespace takes its links along, maybe before we come to it. */
function tried(program: string, ...args: string[]): void {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
  } catch {
    // it is gone
  }
}

test('after a loss of power guests that ran or shall start by themselves do, the others do not', async () => {
  const create = (name: string, more: object) =>
    client.change('guest.create', { name, limits: LIMITS, wait: true, ...more });
  await create('ran', { start: true });
  await create('cold', { start: true });
  await create('rests', {});
  await create('auto', { init: { autostart: { enabled: true, order: 1, delaySeconds: 0 } } });
  expect(await client.change('guest.freeze', { guest: 'cold', wait: true })).toMatchObject({
    status: 'done',
  });
  expect(await server.judge()).toEqual([]);

  await cutPower();
  expect(existsSync(server.instance.runDir)).toBe(false);
  expect(await server.start()).toBe(true);
  const expected = { auto: 'running', cold: 'frozen', ran: 'running', rests: 'stopped' };
  await vi.waitFor(async () => {
    const states = (await views()).map(({ name, state }) => [name, state]);
    expect(Object.fromEntries(states)).toEqual(expected);
  }, SOON);
  client.told.happened('auto', { state: 'running' });
  expect(await server.judge()).toEqual([]);
});

/** Id ranges above all that there are: what has one of them takes none. */
const NO_RANGE = 1_000_000;

test.each([
  [
    'id ranges',
    'idRange',
    /^all 2048 id ranges of this instance are in use .*: delete a guest for good .*, or make more guests in another instance/,
  ],
  [
    'addresses',
    'lease',
    /^all 4093 addresses of [\d./]+ are taken: delete a guest for good .*, or make more guests in another instance \(berth up --data/,
  ],
] as const)('when all %s are taken, that is said, with what gives more', async (_what, column, told) => {
  const { instance } = server;
  await database(async (db) => {
    const [row] = await db.guest.findMany({ where: { name: 'rests' } });
    if (!row) throw new Error('there is no guest to take for a pattern');
    const used = new Set((await db.guest.findMany()).map((one) => one[column]));
    const [first, last] = column === 'lease' ? [2, lastLease(instance)] : [0, instance.idRanges - 1];
    const numbers = Array.from({ length: last - first + 1 }, (_, number) => first + number);
    await db.guest.createMany({
      data: numbers
        .filter((number) => !used.has(number))
        .map((number) => ({
          ...row,
          config: row.config ?? {},
          edits: row.edits ?? {},
          ...{ urls: row.urls ?? [], fields: row.fields ?? {} },
          ...{ id: `x${`${number}`.padStart(9, '0')}`, name: `x${number}`, mac: null },
          ...{ idRange: NO_RANGE + number, lease: null, [column]: number },
        })),
    });
  });
  await server.kill();
  expect(await server.start()).toBe(true);
  const name = `more-${column.toLowerCase()}`;
  const refused = await client.change('guest.create', { name, limits: LIMITS, wait: true });
  expect(refused).toMatchObject({ kind: 'refused', message: expect.stringMatching(told) });
  await database((db) => db.guest.deleteMany({ where: { name: { startsWith: 'x' } } }));
  await server.kill();
  expect(await server.start()).toBe(true);
  expect(await client.change('guest.create', { name, limits: LIMITS, wait: true })).toMatchObject({
    status: 'done',
  });
  expect(await server.judge()).toEqual([]);
});
