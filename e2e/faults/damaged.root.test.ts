import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { DoctorReport } from '../../server/doctor/schema.ts';
import { folderDoctor } from '../../server/launch/examine-folder.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import type { FaultServer } from './fault-server.ts';
import { LIMITS, shareFaultServer } from './shared-fault-server.ts';

let server: FaultServer;
let client: AcknowledgingClient;

shareFaultServer(
  (made) => {
    server = made;
    client = made.client;
  },
  { guests: ['kept'] },
);
beforeAll(() => client.request('backup.create', {}));

const at = (name: string) => path.join(server.dataDir, name);

/** Cut in the middle, as a power cut leaves it, and something else altogether. */
const DAMAGES: readonly [string, (text: Buffer) => Buffer | string][] = [
  ['cut', (text) => text.subarray(0, text.length / 2)],
  ['empty', () => ''],
  ['overwritten', () => 'nonsense\0\n'],
];

/** While the server is away; as it was afterwards. */
async function damaged(
  name: string,
  damage: (text: Buffer) => Buffer | string,
  work: () => Promise<void>,
): Promise<void> {
  const whole = readFileSync(at(name));
  writeFileSync(at(name), damage(whole));
  try {
    await work();
  } finally {
    writeFileSync(at(name), whole);
  }
}

// What nobody may guess: the server does not start, names the file, and says what to do.
test.each([
  ['instance.json', /instance\.json is corrupt \(it begins with ".*"\): restore it from a backup, or move/],
  ['auth-secret', /auth-secret is corrupt: remove it \(everybody has to sign in again\)/],
  [
    'db/PG_VERSION',
    /\/db is a corrupt database \(global\/pg_control or PG_VERSION\): .* berth db restore brings one back/,
  ],
  ['db/global/pg_control', /\/db cannot be used \(.*pg_control.*\): .* berth db restore brings one back/],
])('a damaged %s keeps the server from starting, by name and with the way back', async (name, told) => {
  await server.kill();
  // The database has all of it in memory, and goes first.
  const [postmaster = ''] = readFileSync(at('db/postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(postmaster), 'SIGINT');
  await expect.poll(() => existsSync(at('db/postmaster.pid')), { timeout: 60_000 }).toBe(false);
  // Of pg_control only the first part counts: half of it is whole.
  for (const [how, damage] of DAMAGES) {
    if (how === 'cut' && name.endsWith('pg_control')) continue;
    await damaged(name, damage, async () => {
      expect(await server.start()).toBe(false);
      expect(server.log()).toMatch(told);
    });
    if (name.startsWith('db/')) break;
  }
  expect(await server.start()).toBe(true);
  expect(await server.judge()).toEqual([]);
});

test('the same is told by the doctor where no server runs', async () => {
  for (const name of ['auth-secret', 'settings.json']) {
    if (!existsSync(at(name))) writeFileSync(at(name), '{}');
    await damaged(
      name,
      () => 'nonsense',
      async () => {
        const { findings } = await folderDoctor(server.dataDir).check();
        expect(findings.map(({ problem, remedy }) => `${problem}: ${remedy}`)).toContainEqual(
          expect.stringContaining(name),
        );
      },
    );
  }
  rmSync(at('settings.json'));
});

// What can be made anew, or is of no use without the rest: the server starts, and nobody is started or stopped by it.
test('what can be made anew is, and damage to it changes nothing', async () => {
  expect(await client.change('guest.create', { name: 'rests', limits: LIMITS, wait: true })).toMatchObject({
    status: 'done',
  });
  const { guests } = client.told.world;
  for (const [, damage] of DAMAGES) {
    await server.kill();
    const cache = readdirSync(at('cache'), { recursive: true, withFileTypes: true }).find((one) =>
      one.isFile(),
    );
    if (cache) writeFileSync(path.join(cache.parentPath, cache.name), 'nonsense');
    writeFileSync(at('boot'), damage(readFileSync(at('boot'))));
    expect(await server.start()).toBe(true);
    expect(client.told.world.guests).toEqual(guests);
    expect(await server.judge()).toEqual([]);
    expect(readFileSync(at('boot'), 'utf8')).toMatch(/^[0-9a-f-]{36}\n$/);
  }
});

test('a back-up that was cut, and one without its facts, are told by name', async () => {
  const folder = at('backups');
  const [name = ''] = readdirSync(folder).filter((one) => one.endsWith('.dump'));
  const other = path.join(folder, '20200101T000000Z-manual.dump');
  cpSync(path.join(folder, name), other);
  await damaged(`backups/${name}`, DAMAGES[0]?.[1] ?? String, async () => {
    const { findings } = await client.query<DoctorReport>('doctor.check');
    expect(findings.map(({ subject, problem }) => `${subject}: ${problem}`).toSorted()).toEqual([
      expect.stringMatching(
        /20200101T000000Z-manual\.dump: what tells whether it is whole .* is gone or damaged/,
      ),
      expect.stringMatching(/-manual\.dump: it has \d+ bytes, and had \d+: it cannot be restored/),
    ]);
  });
  rmSync(other);
});

test('a restore that was interrupted is told, and a damaged note of it does not keep it from being done again', async () => {
  const { markRestore, unmarkRestore } = await import('../../server/backup/restore-marker.ts');
  await server.kill();
  const wanted = { path: at('backups/one.dump'), keptIn: at('kept-now') };
  markRestore(server.dataDir, wanted);
  for (const [, damage] of DAMAGES)
    await damaged('restoring.json', damage, async () => {
      expect(await server.start()).toBe(false);
      expect(server.log()).toMatch(/restoring\.json\): run berth db restore again/);
      expect(markRestore(server.dataDir, wanted)).toEqual(wanted);
    });
  unmarkRestore(server.dataDir);
  expect(await server.start()).toBe(true);
  expect(await server.judge()).toEqual([]);
});
