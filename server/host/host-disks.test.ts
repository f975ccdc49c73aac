import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hostDisks, hostHugepages } from './host-disks.ts';

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'berth-disks-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), `${text}\n`);
  }
  return root;
}

test('lists whole disks by number and node, not loops, empty drives or memory', () => {
  const root = tree({
    'sys/block/vda/dev': '254:0',
    'sys/block/vda/size': '2048',
    'sys/block/cciss!c0d0/dev': '104:0',
    'sys/block/cciss!c0d0/size': '8',
    'sys/block/loop0/dev': '7:0',
    'sys/block/loop0/size': '99',
    'sys/block/sdb/dev': '8:16',
    'sys/block/sdb/size': '0',
  });
  expect(hostDisks(root)).toEqual([
    { device: '104:0', node: '/dev/cciss/c0d0', size: 4096 },
    { device: '254:0', node: '/dev/vda', size: 1_048_576 },
  ]);
});

test('names huge pages as hugetlb does', () => {
  const root = tree({
    'sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages': '0',
    'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '4',
    'sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages': '3',
    'sys/kernel/mm/hugepages/hugepages-64kB/nr_hugepages': '1',
  });
  expect(hostHugepages(root)).toMatchObject([
    { size: '64KB', total: 1, free: 0 },
    { size: '2MB', total: 4, free: 3 },
    { size: '1GB', total: 0 },
  ]);
});

test('a host without sysfs has none', () => {
  expect(hostDisks('/nowhere')).toEqual([]);
  expect(hostHugepages('/nowhere')).toEqual([]);
});
