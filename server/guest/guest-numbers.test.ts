import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { instanceOf } from '../instance/instance.ts';
import { foreignIds, freeIdRange, guestMac, newGuestId, parseSubids } from './guest-numbers.ts';

const instance = instanceOf({ slot: 3, id: '0123456789abcdef', dataDir: '/tmp/berth-x' });

test('the lowest free range is given, and a freed one again', () => {
  expect(freeIdRange(instance, new Set(), [])).toBe(0);
  expect(freeIdRange(instance, new Set([0, 1, 3]), [])).toBe(2);
});

test('a range that touches ids of users is left out', () => {
  const { idBase } = instance;
  const last = [{ first: idBase - 10, count: 11 }];
  expect(freeIdRange(instance, new Set(), last)).toBe(1);
  expect(freeIdRange(instance, new Set(), [{ first: idBase - 10, count: 10 }])).toBe(0);
  expect(freeIdRange(instance, new Set(), [{ first: idBase + 65_535, count: 2 }])).toBe(2);
});

test('says so when no range is left', () => {
  const all = new Set(Array.from({ length: instance.idRanges }, (_, index) => index));
  expect(() => freeIdRange(instance, all, [])).toThrow(/all 2048 id ranges/);
});

test('reads subuid(5) and subgid(5), whatever else is in them', () => {
  expect(parseSubids('# users\nann:100000:65536\n1001:165536:65536\nbroken:x:1\n\n')).toEqual([
    { first: 100_000, count: 65_536 },
    { first: 165_536, count: 65_536 },
  ]);
  const root = mkdtempSync(join(tmpdir(), 'berth-subids-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  expect(foreignIds(root)).toEqual([]);
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/subgid'), 'bob:300000:65536\n');
  expect(foreignIds(root)).toEqual([{ first: 300_000, count: 65_536 }]);
});

test("a MAC is locally administered, unicast, stable, and nobody else's", () => {
  const mac = guestMac(instance.id, 'guest', new Set());
  expect(mac).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  expect(guestMac(instance.id, 'guest', new Set())).toBe(mac);
  expect(guestMac('another', 'guest', new Set())).not.toBe(mac);
  expect(guestMac(instance.id, 'guest', new Set([mac]))).not.toBe(mac);
});

test('ids fit behind the longest link prefix and do not repeat', () => {
  const ids = new Set(Array.from({ length: 1000 }, newGuestId));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(`bv11-${id}`).toMatch(/^[a-z0-9-]{15}$/);
});
