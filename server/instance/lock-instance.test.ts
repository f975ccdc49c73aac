import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bootId, ownIdentity } from '../child/process-identity.ts';
import { lockInstance } from './lock-instance.ts';

let runDir: string;

beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), 'berth-lock-'));
});
afterEach(() => rmSync(runDir, { recursive: true, force: true }));

const lock = () => lockInstance({ runDir, dataDir: '/srv/berth' });

test('one server at a time', () => {
  const unlock = lock();
  expect(lock).toThrow(`another server of /srv/berth runs (pid ${process.pid}): stop it first`);
  unlock();
  lock()();
});

test.each([
  ['of one that died', { ...ownIdentity(), startTime: '1', bootId: bootId() }],
  ['of another boot', { ...ownIdentity(), bootId: 'another' }],
  ['half written', 'garbage'],
])('a lock %s is taken over', (_name, content) => {
  writeFileSync(join(runDir, 'server.lock'), JSON.stringify(content));
  lock()();
});
