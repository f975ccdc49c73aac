import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readCgroupFile, writeCgroupFile } from './cgroup-file.ts';

/** Two hierarchies with the group `g` and these files. */
function host(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'berth-files-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const hierarchies = [
    { v2: true, mount: join(root, 'unified'), controllers: ['hugetlb'] },
    { v2: false, mount: join(root, 'memory'), controllers: ['memory'] },
  ];
  for (const { mount } of hierarchies) mkdirSync(join(mount, 'g'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return { root, hierarchies };
}

test('a file is read and written where its controller is, others where they are', async () => {
  const { root, hierarchies } = host({
    'memory/g/memory.soft_limit_in_bytes': '1\n',
    'unified/g/memory.pressure': 'some\n',
  });
  expect(await readCgroupFile(hierarchies, 'g', 'memory.soft_limit_in_bytes')).toBe('1');
  expect(await readCgroupFile(hierarchies, 'g', 'memory.pressure')).toBe('some');
  await writeCgroupFile(hierarchies, 'g', 'memory.soft_limit_in_bytes', '2');
  expect(readFileSync(join(root, 'memory/g/memory.soft_limit_in_bytes'), 'utf8')).toBe('2\n');
});

test('what is not there, no name, or no limit is refused by name', async () => {
  const { hierarchies } = host({ 'unified/g/cgroup.procs': '', 'memory/g/devices.allow': '' });
  const write = (file: string) => writeCgroupFile(hierarchies, 'g', file, '1');
  await expect(write('memory.none')).rejects.toMatchObject({ code: 'not_found', field: ['file'] });
  await expect(write('../g/memory.max')).rejects.toMatchObject({ code: 'bad_input' });
  await expect(write('cgroup.procs')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(write('devices.allow')).rejects.toMatchObject({ code: 'forbidden' });
});
