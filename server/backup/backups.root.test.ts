import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeRunDir } from '../check-host.ts';
import { applyMigrations } from '../db/apply-migrations.ts';
import { assertDatabaseBelongs } from '../db/assert-database-belongs.ts';
import { connectDb, type Db } from '../db/client.ts';
import { findPostgres } from '../db/find-postgres.ts';
import { clusterVersion } from '../db/private-cluster.ts';
import { startPrivatePostgres } from '../db/private-postgres.ts';
import { MIGRATIONS } from '../db/test-database.ts';
import { createEventBus } from '../event/create-event-bus.ts';
import { claimSlot } from '../instance/claim-slot.ts';
import type { Instance } from '../instance/instance.ts';
import { releaseSlot } from '../instance/release-slot.ts';
import { restoreDatabase } from '../launch/restore-database.ts';
import { createLog } from '../log.ts';
import { listBackups } from './backup-folder.ts';
import { Backups } from './backups.ts';
import { checkBackup } from './check-backup.ts';
import { makeBackup } from './make-backup.ts';
import type { DatabaseAccess } from './pg-tools.ts';
import { assertNotRestoring } from './restore-marker.ts';

let folder: string;
let dataDir: string;
let instance: Instance;
const cleaning: (() => Promise<unknown> | unknown)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-backup-'));
  execFileSync('chmod', ['711', folder]);
  dataDir = join(folder, 'data');
  instance = await claimSlot(dataDir);
  makeRunDir(instance);
  cleaning.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => rmSync(instance.runDir, { recursive: true, force: true }),
    () => releaseSlot(instance),
  );
});
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

/** The instance's own database, while `work` runs. */
async function withDatabase<T>(work: (db: Db, access: DatabaseAccess) => Promise<T>): Promise<T> {
  const { runDir } = instance;
  const { url, process: postgres } = await startPrivatePostgres({
    ...{ dataDir, runDir, userName: 'berth-db', log: createLog(() => undefined) },
  });
  const db = connectDb(url);
  try {
    await applyMigrations(url, MIGRATIONS);
    return await work(db, { url, bin: findPostgres(clusterVersion(join(dataDir, 'db'))) });
  } finally {
    await db.$disconnect();
    await postgres.stop();
  }
}

async function addGuest(db: Db, id: string, idRange: number): Promise<void> {
  const data = { id, name: `name-of-${id}`, kind: 'system', imageName: 'berth/mini', imageBuild: '' };
  const limits = { cpuMillis: 1000, memoryBytes: 1n, swapBytes: 0n, pids: 10 };
  await db.guest.create({
    data: { ...data, ...limits, state: 'stopped', idRange, stopTimeoutMs: 0, createdBy: 'root' },
  });
  mkdirSync(join(dataDir, 'guests', id), { recursive: true });
  writeFileSync(join(dataDir, 'guests', id, 'file'), `of ${id}`);
}

/** Every row of every table, in order. */
const everything = (db: Db) =>
  Promise.all([
    db.guest.findMany({ orderBy: { id: 'asc' } }),
    db.user.findMany({ orderBy: { id: 'asc' } }),
    db.operation.findMany({ orderBy: { id: 'asc' } }),
  ]);

test('a back-up is whole, says so, and one that was cut, changed or is rubbish is refused by name', async () => {
  await withDatabase(async (db, access) => {
    await addGuest(db, 'a', 1);
    const made = await makeBackup(dataDir, access, 'manual');
    expect(made).toMatchObject({ reason: 'manual', migration: readdirSync(MIGRATIONS).sort().at(-2) });
    expect(listBackups(dataDir)).toEqual([made]);
    const path = join(dataDir, 'backups', made.name);
    expect(statSync(join(dataDir, 'backups')).mode & 0o777).toBe(0o700);
    await checkBackup(path, access.bin);

    const bytes = readFileSync(path);
    truncateSync(path, bytes.length - 10);
    await expect(checkBackup(path, access.bin)).rejects.toThrow(
      `${path} is no whole back-up: it has ${bytes.length - 10} bytes, and had ${bytes.length}`,
    );
    const changed = Buffer.from(bytes);
    changed[bytes.length - 5] = (changed[bytes.length - 5] ?? 0) ^ 1;
    writeFileSync(path, changed);
    await expect(checkBackup(path, access.bin)).rejects.toThrow('its SHA-256 is not what it was');
    const rubbish = join(folder, 'rubbish.dump');
    writeFileSync(rubbish, 'rubbish');
    await expect(checkBackup(rubbish, access.bin)).rejects.toThrow(
      `${rubbish} is no whole back-up: pg_restore`,
    );
  });
});

test('seven of the daily ones are kept, and all that somebody asked for; what a crash left goes', async () => {
  await withDatabase(async (_db, access) => {
    const day = (n: number) => new Date(Date.UTC(2026, 0, n));
    const asked = await makeBackup(dataDir, access, 'manual', day(1));
    writeFileSync(join(dataDir, 'backups', '20260101T000000Z-daily.dump.new'), 'half');
    for (let n = 1; n <= 9; n++) await makeBackup(dataDir, access, 'daily', day(n));
    const names = listBackups(dataDir).map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('-daily.dump'))).toEqual(
      [9, 8, 7, 6, 5, 4, 3].map((n) => `2026010${n}T000000Z-daily.dump`),
    );
    expect(names).toContain(asked.name);
    expect(readdirSync(join(dataDir, 'backups'))).toHaveLength(names.length * 2);
  });
});

test('a database that has a schema is backed up before it changes, and does not change without', async () => {
  const older = join(folder, 'migrations');
  const first = readdirSync(MIGRATIONS).sort()[0] ?? '';
  mkdirSync(older);
  execFileSync('cp', ['-r', join(MIGRATIONS, first), older]);
  const { runDir } = instance;
  const { url, process: postgres } = await startPrivatePostgres({
    ...{ dataDir, runDir, userName: 'berth-db', log: createLog(() => undefined) },
  });
  cleaning.push(() => postgres.stop());
  const asked: string[] = [];
  const before = async () => void asked.push('asked');
  expect(await applyMigrations(url, older, before)).toEqual([first]);
  expect(asked).toEqual([]);
  const refuse = async () => {
    throw new Error('no room');
  };
  await expect(applyMigrations(url, MIGRATIONS, refuse)).rejects.toThrow('no room');
  expect(await applyMigrations(url, MIGRATIONS, before)).not.toEqual([]);
  expect(asked).toEqual(['asked']);
  expect(await applyMigrations(url, MIGRATIONS, before)).toEqual([]);
  expect(asked).toEqual(['asked']);
});

test('what was lost is there again, and nothing that came later is deleted', async () => {
  const [kept, backup] = await withDatabase(async (db, access) => {
    await addGuest(db, 'a', 1);
    await addGuest(db, 'b', 2);
    await db.user.create({ data: { id: 'u', name: 'Ada', email: 'a@b', username: 'ada' } });
    const rows = await everything(db);
    const made = await makeBackup(dataDir, access, 'manual');
    await db.guest.delete({ where: { id: 'a' } });
    rmSync(join(dataDir, 'guests', 'b'), { recursive: true });
    await db.user.deleteMany();
    await addGuest(db, 'later', 3);
    return [rows, made];
  });
  const report = await restoreDatabase(instance, backup.name);
  expect(report).toMatchObject({
    ...{ unknown: ['later'], missing: ['name-of-b'], brokenDatabase: null, wasUp: false, migrations: [] },
  });
  expect(await withDatabase((db) => everything(db))).toEqual(kept);
  expect(readFileSync(join(report.keptIn ?? '', 'guests', 'later', 'file'), 'utf8')).toBe('of later');
  expect(existsSync(join(dataDir, 'guests', 'later'))).toBe(false);

  // And back to what it was in between.
  await restoreDatabase(instance, report.before ?? '');
  const names = await withDatabase((db) =>
    db.guest.findMany({ select: { id: true }, orderBy: { id: 'asc' } }),
  );
  expect(names).toEqual([{ id: 'b' }, { id: 'later' }]);
});

test('a database that does not start any more is kept aside, and one that is gone is not begun anew', async () => {
  const backup = await withDatabase(async (db, access) => {
    await addGuest(db, 'a', 1);
    return makeBackup(dataDir, access, 'daily');
  });
  truncateSync(join(dataDir, 'db/global/pg_control'), 100);
  const report = await restoreDatabase(instance, backup.name);
  expect(statSync(join(report.brokenDatabase ?? '', 'global/pg_control')).size).toBe(100);
  expect(await withDatabase((db) => db.guest.count())).toBe(1);

  rmSync(join(dataDir, 'db'), { recursive: true });
  expect(() => assertDatabaseBelongs(dataDir)).toThrow(
    `the database is gone (${dataDir}/db), while ${dataDir}/guests has 1 guests: bring one back with berth db restore`,
  );
  await restoreDatabase(instance, backup.name);
  assertDatabaseBelongs(dataDir);
  expect(await withDatabase((db) => db.guest.count())).toBe(1);
});

test.each(['start the database', 'load the back-up', 'put it in its place'])(
  'killed at "%s", a restore leaves the database before it, and goes on when it is asked again',
  async (step) => {
    const backup = await withDatabase(async (db, access) => {
      await addGuest(db, 'a', 1);
      const made = await makeBackup(dataDir, access, 'manual');
      await addGuest(db, 'later', 2);
      return made;
    });
    const child = resolve(import.meta.dirname, 'restore-child.ts');
    const killed = spawnSync(process.execPath, [child, dataDir, backup.name, step], { encoding: 'utf8' });
    expect([killed.signal, killed.stderr]).toEqual(['SIGKILL', '']);
    expect(await withDatabase((db) => db.guest.count())).toBe(2);
    const marked = step === 'put it in its place';
    if (marked)
      expect(() => assertNotRestoring(dataDir)).toThrow('a restore of the database was interrupted');
    else assertNotRestoring(dataDir);

    const report = await restoreDatabase(instance, backup.name);
    assertNotRestoring(dataDir);
    expect(await withDatabase((db) => db.guest.findMany({ select: { id: true } }))).toEqual([{ id: 'a' }]);
    expect(readFileSync(join(report.keptIn ?? '', 'guests', 'later', 'file'), 'utf8')).toBe('of later');
  },
);

test('a file that Berth did not make is restored too, and one that is none names itself', async () => {
  const backup = await withDatabase(async (db, access) => {
    await addGuest(db, 'a', 1);
    return makeBackup(dataDir, access, 'manual');
  });
  const copy = join(folder, 'copy');
  execFileSync('cp', [join(dataDir, 'backups', backup.name), copy]);
  expect((await restoreDatabase(instance, copy)).restored).toBe(copy);
  appendFileSync(copy, '');
  await expect(restoreDatabase(instance, 'none.dump')).rejects.toThrow(
    `there is no back-up ${dataDir}/backups/none.dump: berth db ls lists them all, and the newest are `,
  );
});

test('by its schedule one is made, copied and restored for a trial; what fails is told, and a damaged one is found', async () => {
  await withDatabase(async (db, access) => {
    await addGuest(db, 'g1', 0);
    const told: (string | null)[] = [];
    const events = createEventBus(() => undefined);
    events.on((event) => event.type === 'backups.changed' && told.push(event.failed));
    const copies = join(folder, 'copies');
    const log = createLog(() => undefined);
    const backups = new Backups({
      instance,
      database: () => access,
      userName: 'berth-db',
      isTurn: async () => true,
      events,
      log,
    });
    expect(
      backups.setSchedule({ at: '03:30', keep: 2, copyTo: copies, trial: 'day' }).schedule,
    ).toMatchObject({
      ...{ isOn: true, at: '03:30', keep: 2 },
    });
    // A disk that is not mounted: the back-up is there, that it was not copied is told.
    await backups.lookNow();
    expect(told.at(-1)).toContain(`no copy was made in ${copies}: there is no such folder`);
    expect(backups.list()).toMatchObject({ last: { problem: told.at(-1)?.split('failed: ')[1] } });
    expect(listBackups(dataDir)).toHaveLength(1);

    mkdirSync(copies);
    backups.setSchedule({});
    await backups.lookNow();
    expect(listBackups(dataDir), 'it is made once a day').toHaveLength(1);
    expect(backups.list().last, 'the one that was not copied is').toMatchObject({ problem: null });
    expect(readdirSync(copies).filter((name) => name.endsWith('.dump'))).toEqual([
      listBackups(dataDir)[0]?.name,
    ]);
    writeFileSync(join(copies, '20200101T000000Z-daily.dump.new'), 'what a crash left');
    for (const days of [1, 2, 3]) await backups.lookNow(Date.now() + days * 86_400_000);
    const { last, trial, nextAt } = backups.list();
    expect(last).toMatchObject({ problem: null });
    expect(trial).toMatchObject({ name: last?.name, problem: null, compared: true });
    expect(trial?.rows).toBeGreaterThan(10);
    expect(nextAt).not.toBeNull();
    expect(existsSync(join(dataDir, 'db-trial'))).toBe(false);
    expect(readdirSync(copies).filter((name) => !name.endsWith('.json'))).toEqual(
      listBackups(dataDir)
        .map(({ name }) => name)
        .reverse(),
    );
    expect(listBackups(dataDir)[0]?.name).toBe(last?.name);
    expect(told.at(-1)).toBeNull();

    // Rows that are not as they were: by a digest that says another.
    const made = await backups.make('manual');
    const facts = join(dataDir, 'backups', made.name.replace('.dump', '.json'));
    const lied = JSON.parse(readFileSync(facts, 'utf8'));
    lied.digest.guest.digest = 'f'.repeat(32);
    writeFileSync(facts, JSON.stringify(lied));
    expect(await backups.tryOne(made.name)).toMatchObject({
      problem: `${made.name} is restored, but not as it was: rows of table guest differ`,
    });
    expect(told.at(-1)).toContain('the trial restore of');
    truncateSync(join(dataDir, 'backups', made.name), made.bytes - 20);
    expect((await backups.tryOne(made.name)).problem).toContain('is no whole back-up');
    await expect(backups.tryOne('20200101T000000Z-daily.dump')).rejects.toMatchObject({ code: 'not_found' });
  });
}, 300_000);

test('what is left of a trial restore in the middle of which the server was killed is ended and removed by the next', async () => {
  const trial = { dataDir: join(dataDir, 'db-trial'), runDir: join(instance.runDir, 'db-trial') };
  for (const path of Object.values(trial)) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o711);
  }
  const log = createLog(() => undefined);
  const { process: postmaster } = await startPrivatePostgres({ ...trial, userName: 'berth-db', log });
  const pid = postmaster.pid();
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  postmaster.release();
  const events = createEventBus(() => undefined);
  const database = () => {
    throw new Error('no database is asked');
  };
  const backups = new Backups({
    instance,
    database,
    userName: 'berth-db',
    isTurn: async () => true,
    events,
    log,
  });
  backups.startDaily();
  await backups.stop();
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  for (const path of Object.values(trial)) expect(existsSync(path), path).toBe(false);
}, 60_000);
