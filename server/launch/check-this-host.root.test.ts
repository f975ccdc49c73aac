import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkThisHost } from './check-this-host.ts';

/** What a probe could leave: mounts, links, control groups, tables, children. */
function traces(): Record<string, string> {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  const groups = mounts
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .flatMap((line) => {
      const mount = line.split(' ')[4] ?? '';
      return readdirSync(mount)
        .filter((name) => name.startsWith('berth-check'))
        .map((name) => join(mount, name));
    });
  return {
    mounts: mounts
      .split('\n')
      .filter((line) => /berth-check|probe/.test(line))
      .join('\n'),
    groups: groups.join(' '),
    links: readdirSync('/sys/class/net')
      .filter((name) => name.startsWith('probe'))
      .join(' '),
    tables: execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('probe'))
      .join('\n'),
    children: readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8'),
  };
}

test('this host, which runs guests, is found ready, and nothing of the check stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const before = traces();
  // The folder that the data folder would be made in is looked at, and none is made.
  const report = await checkThisHost(join(folder, 'not/there'));
  expect(
    report.ready,
    JSON.stringify(report.checks.filter(({ required, state }) => required && state === 'no')),
  ).toBe(true);
  expect(report.checks.find(({ id }) => id === 'files.idmap')?.detail).toContain(folder);
  expect(existsSync(join(folder, 'not'))).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  expect(traces()).toEqual(before);
  for (const { id, state, consequence } of report.checks)
    expect(consequence === null, id).toBe(state === 'yes');
});

test('what is not there is told as not there', async () => {
  // The control: a folder whose file system cannot be id-mapped.
  const report = await checkThisHost('/proc/self');
  expect(report.checks.find(({ id }) => id === 'files.idmap')).toMatchObject({ state: 'no', required: true });
  expect(report.ready).toBe(false);
});
