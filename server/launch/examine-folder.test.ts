import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { authSecret } from '../auth/auth-secret.ts';
import { folderDoctor } from './examine-folder.ts';
import { DEFAULT_SETTINGS, writeSettings } from './settings.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'berth-examined-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  writeFileSync(join(dataDir, 'instance.json'), JSON.stringify({ slot: 3, id: 'a'.repeat(32) }));
  writeSettings(dataDir, DEFAULT_SETTINGS);
  authSecret(dataDir);
});

/** Problem and way back of each finding about files that are read. */
async function found(): Promise<string[]> {
  const { findings } = await folderDoctor(dataDir).check();
  return findings
    .filter(({ kind }) => kind === 'file' || kind === 'database')
    .filter(({ problem }) => !problem.startsWith('it belongs to uid'))
    .map(({ problem, remedy }) => `${problem} -> ${remedy}`.replaceAll(dataDir, 'DATA'));
}

test('a folder as Berth made it has nothing wrong with it', async () => {
  expect(await found()).toEqual([]);
});

const half = (text: string) => text.slice(0, text.length / 2);

test.each([
  ['instance.json', '', 'restore it from a backup, or move the whole data folder away'],
  [
    'instance.json',
    half('{"slot":3,"id":"aaaa"}'),
    'restore it from a backup, or move the whole data folder away',
  ],
  ['instance.json', '\0\0\0\0', 'restore it from a backup, or move the whole data folder away'],
  ['settings.json', '', 'mend it, or remove it to go back to the defaults'],
  ['settings.json', '{"port": 1}', 'mend it, or remove it to go back to the defaults'],
  ['auth-secret', '', 'remove it (everybody has to sign in again)'],
  ['signed-out.json', '["a', 'remove it (who signed out while the database was away may be signed in still)'],
  ['auth-secret', 'x'.repeat(64), 'remove it (everybody has to sign in again)'],
])('%s with %j is told by name, with the way back', async (name, text, remedy) => {
  writeFileSync(join(dataDir, name), text, { mode: 0o600 });
  const lines = await found();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`DATA/${name}`);
  expect(lines[0]).toContain(`-> ${remedy}`);
});

test.each([
  ['PG_VERSION', 'fifteen', 'berth db ls shows the back-ups, berth db restore brings one back'],
  ['strange', '', 'move it away'],
])('a database folder with %s %j is told, with the way back', async (name, text, remedy) => {
  mkdirSync(join(dataDir, 'db'));
  writeFileSync(join(dataDir, 'db', name), text);
  const lines = await found();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('DATA/db');
  expect(lines[0]).toContain(`-> ${remedy}`);
});

test('a database that is gone and a restore that was interrupted are told', async () => {
  mkdirSync(join(dataDir, 'guests/a'), { recursive: true });
  writeFileSync(join(dataDir, 'restoring.json'), '{');
  const lines = await found();
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^the database is gone .* -> bring one back with berth db restore/);
  expect(lines[1]).toMatch(/^a restore of the database was interrupted .* -> run berth db restore again/);
});
