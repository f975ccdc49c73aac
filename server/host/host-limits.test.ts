import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hostParts, parseCpuList } from './host-limits.ts';

test('lists of CPUs are read as the kernel writes them', () => {
  expect([...parseCpuList('0-2,4,7-8')]).toEqual([0, 1, 2, 4, 7, 8]);
  expect([...parseCpuList('3-1')]).toEqual([]);
  // As long as a form can make it, and no longer to count.
  expect(parseCpuList('0-999999999').size).toBe(65_537);
});

test('CPUs that are online and the sizes of huge pages are found', () => {
  const root = mkdtempSync(join(tmpdir(), 'berth-parts-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'sys/devices/system/cpu'), { recursive: true });
  writeFileSync(join(root, 'sys/devices/system/cpu/online'), '0-1,3\n');
  expect(hostParts(root)).toEqual({ cpus: new Set([0, 1, 3]), hugepages: new Map() });
  for (const kib of [64, 2048, 1_048_576]) {
    mkdirSync(join(root, `sys/kernel/mm/hugepages/hugepages-${kib}kB`), { recursive: true });
  }
  expect([...hostParts(root).hugepages].sort((a, b) => a[1] - b[1])).toEqual([
    ['64KB', 65_536],
    ['2MB', 2_097_152],
    ['1GB', 1_073_741_824],
  ]);
});
