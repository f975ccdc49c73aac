import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tellNetworkClass } from './network-class.ts';

test('a priority is the class of the group where the host has net_cls, and nothing where it has not', async () => {
  const mount = mkdtempSync('/tmp/berth-net-cls-');
  onTestFinished(() => rmSync(mount, { recursive: true }));
  const file = join(mount, 'berth0/guests/a/net_cls.classid');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  const read = () => readFileSync(file, 'utf8');
  const hierarchies = [
    { v2: true, mount: '/sys/fs/cgroup', controllers: ['cpu'] },
    { v2: false, mount, controllers: ['net_cls', 'net_prio'] },
  ];
  await tellNetworkClass(hierarchies, 'berth0/guests/a', 7);
  expect(Number(read()).toString(16)).toBe('be00008');
  writeFileSync(file, '');
  await tellNetworkClass(hierarchies.slice(0, 1), 'berth0/guests/a', 7);
  expect(read()).toBe('');
  await tellNetworkClass(hierarchies, 'berth0/guests/a', null);
  expect(read()).toBe('0');
  await expect(tellNetworkClass(hierarchies, 'berth0/guests/b', 1)).rejects.toThrow('ENOENT');
});
