import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditVerdict } from '../audit/schema.ts';
import { digestDatabase } from '../backup/digest-database.ts';
import { connectDb } from '../db/client.ts';
import { readInstallation, writeInstallation } from '../db/installation.ts';
import { withClient } from '../db/with-client.ts';
import { type MemoryServer, startMemoryServer } from '../http/memory-server.ts';
import { send } from '../http/test-front.ts';
import { createLog } from '../log.ts';
import { moveDatabase } from './move-database.ts';
import { startTeamPostgres, type TeamPostgres } from './team-postgres-fixture.ts';

// A real PostgreSQL as a team has it (TLS, a password, a role that is no superuser), and the whole server on it.
const PASSWORD = 'correct horse battery';
const quiet = createLog(() => undefined);
let team: TeamPostgres;

beforeAll(async () => {
  team = await startTeamPostgres();
}, 60_000);
afterAll(async () => team?.[Symbol.asyncDispose]());

const call = (server: MemoryServer, path: string, body?: unknown) =>
  send(server.instance.adminSocket, `/api/trpc/${path}`, body === undefined ? {} : { body });
const data = async <T>(server: MemoryServer, path: string): Promise<T> => {
  const { status, body } = await call(server, path);
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as { result: { data: T } }).result.data;
};
const names = async (server: MemoryServer) =>
  (await data<{ name: string; state: string }[]>(server, 'guest.list')).map(
    ({ name, state }) => `${name} ${state}`,
  );

async function fill(server: MemoryServer): Promise<void> {
  for (const name of ['alpha', 'beta']) {
    const made = await call(server, 'guest.create', { name, image: 'berth/mini', wait: true, start: true });
    expect(made.status, JSON.stringify(made.body)).toBe(200);
  }
  const user = {
    username: 'ada',
    name: 'Ada ✓ "\\',
    password: PASSWORD,
    role: 'operator',
  };
  expect((await call(server, 'user.create', user)).status).toBe(200);
}

test('an inventory goes to the team’s server and back with nothing lost, and only one of both is ever in use', async () => {
  await team.ask('CREATE DATABASE moved OWNER berth');
  await using server = await startMemoryServer(quiet);
  const { instance } = server;
  const url = team.url('moved');
  await fill(server);
  const told: string[] = [];
  await server.restart(async () => {
    const report = await moveDatabase(instance, url, (step) => told.push(step));
    expect(report).toMatchObject({ from: 'the private database', wasUp: false });
    expect(report.to).toContain('berth:***@localhost');
    expect(report.rows).toBeGreaterThan(10);
    expect(readInstallation(instance.dataDir)?.url).toBe(url);
    await expect(moveDatabase(instance, url)).rejects.toThrow('nothing to move');
  });
  expect(told.join()).not.toContain(encodeURIComponent('a password'));
  expect((await data<{ processes: object }>(server, 'server.status')).processes).toMatchObject({
    database: null,
  });
  expect(await names(server)).toEqual(['alpha running', 'beta running']);
  expect((await call(server, 'guest.stop', { guest: 'beta', wait: true })).status).toBe(200);
  expect(await data<AuditVerdict>(server, 'audit.verify')).toMatchObject({ problems: [] });

  // Killed between the two marks: neither is taken until it is asked again.
  const { id } = readInstallation(instance.dataDir) ?? { id: '' };
  await expect(
    server.restart(async () => writeInstallation(instance.dataDir, { id, url: null })),
  ).rejects.toThrow('what is in the private database was moved to');
  writeInstallation(instance.dataDir, { id, url });

  await server.restart(async () => {
    const before = await digestDatabase(url, ['installation']);
    expect(await moveDatabase(instance, null)).toMatchObject({ to: 'the private database' });
    expect(await digestDatabase(url, ['installation'])).toEqual(before);
  });
  expect(await names(server)).toEqual(['alpha running', 'beta stopped']);
  expect(await data<AuditVerdict>(server, 'audit.verify')).toMatchObject({ problems: [] });

  // And there again, over what the first move had left.
  await server.restart(async () => moveDatabase(instance, url));
  expect(await names(server)).toEqual(['alpha running', 'beta stopped']);
  await server.restart(async () => moveDatabase(instance, null));
}, 180_000);

test('a database that is another’s, that is full of something else, or that cannot be reached, is refused before anything changes', async () => {
  await team.ask('CREATE DATABASE own OWNER berth');
  await team.ask('CREATE DATABASE foreign_owner');
  await using first = await startMemoryServer(quiet, { DATABASE_URL: team.url('own') });
  await fill(first);
  expect(await names(first)).toEqual(['alpha running', 'beta running']);
  await using second = await startMemoryServer(quiet);
  const refused = async (url: string, why: string) => {
    const before = readInstallation(second.instance.dataDir);
    await expect(moveDatabase(second.instance, url)).rejects.toThrow(why);
    expect(readInstallation(second.instance.dataDir)).toEqual(before);
  };
  await refused(team.url('own'), 'tables that are not this Berth’s');
  await refused(team.url('foreign_owner'), 'berth may make no tables');
  await refused(team.url('nowhere'), 'database "nowhere" does not exist');
  await refused(team.url('own').replace(/:[^:@]+@/, ':wrong@'), 'password authentication failed');
  await refused(team.url('own').replace('sslrootcert=', 'unknown='), 'self-signed certificate');
  await refused(team.url('own').replace(/:\d+\//, ':1/'), 'ECONNREFUSED');
  // It still answers: no console was stopped for any of them.
  expect((await call(second, 'server.status')).status).toBe(200);
  // A server that is told of another's database does not start; its guests would be strangers there and end.
  const asked = startMemoryServer(quiet, { DATABASE_URL: team.url('own') });
  await expect(asked).rejects.toThrow('has the inventory of another Berth');
}, 120_000);

test('while the team’s database is away guests are shown and changes refused with the reason; it goes on by itself', async () => {
  await team.ask('CREATE DATABASE away OWNER berth');
  await using server = await startMemoryServer(quiet, { DATABASE_URL: team.url('away') });
  await fill(server);
  await team.stop();
  // Also when an expectation fails: the server's end needs it.
  await using _ = { [Symbol.asyncDispose]: () => team.start() };
  expect(await names(server)).toEqual(['alpha running', 'beta running']);
  const refused = await call(server, 'guest.stop', { guest: 'beta', wait: true });
  expect(refused.status).toBe(503);
  // Whether the call or the look at it found it out first.
  expect(JSON.stringify(refused.body)).toMatch(/the database (does not answer|is away since)/);
  await team.start();
  const stop = () => call(server, 'guest.stop', { guest: 'beta', wait: true });
  await expect.poll(async () => (await stop()).status, { timeout: 10_000 }).toBe(200);
  expect(await names(server)).toEqual(['alpha running', 'beta stopped']);
  const db = connectDb(team.url('away'));
  expect(await db.guest.count({ where: { state: 'stopped' } })).toBe(1);
  await db.$disconnect();
}, 120_000);

test('a database of an older version, which does not say whose it is, is taken by the folder whose guests it knows', async () => {
  await team.ask('CREATE DATABASE older OWNER berth');
  const url = team.url('older');
  await using server = await startMemoryServer(quiet, { DATABASE_URL: url });
  await fill(server);
  const { dataDir } = server.instance;
  const guests = await data<{ id: string }[]>(server, 'guest.list');
  for (const { id } of guests) mkdirSync(join(dataDir, 'guests', id), { recursive: true });
  const asBefore = async () => {
    rmSync(join(dataDir, 'database.json'));
    await withClient(url, (client) => client.query('DELETE FROM "installation"'));
  };
  await server.restart(asBefore);
  expect(await names(server)).toEqual(['alpha running', 'beta running']);

  const stranger = join(dataDir, 'guests', 'stranger');
  const withStranger = async () => {
    await asBefore();
    mkdirSync(stranger);
  };
  await expect(server.restart(withStranger)).rejects.toThrow('which has 1 guests that it does not know');
  rmdirSync(stranger);
  await server.restart();
}, 120_000);
