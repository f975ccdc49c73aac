import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeTree } from './remove-tree.ts';
import { spawnReporting } from './spawn-reporting.ts';

const shell = (script: string) => ['/bin/sh', '-c', script];

test('the spec arrives whole, sealed and alone; the report comes back with its steps', async () => {
  const spec = Buffer.from('arg=x\0'.repeat(50_000));
  const script = 'set -- /proc/self/fd/*; printf "step fds:%s 5\\nready %s 8 9\\n" "$#" "$(wc -c <&3)" >&4';
  const started = await spawnReporting(shell(script), spec);
  expect(started).toMatchObject({ pid: spec.length, startTime: '8', holderPid: 9 });
  // 0 to 4, and the program itself, which a supervisor closes; the shell opens one more for the folder that it lists.
  expect(Number(started.steps[0]?.name.split(':')[1])).toBeLessThanOrEqual(7);
  const write = 'echo x 2>/dev/null >>/proc/self/fd/3 && echo "ready 1 1 1" >&4 || echo "ready 2 1 1" >&4';
  expect((await spawnReporting(shell(write), spec)).pid).toBe(2);
});

test('failures have their words', async () => {
  const none = new Uint8Array();
  await expect(spawnReporting(['/nowhere/supervisor'], none)).rejects.toMatchObject({
    code: 'ENOENT',
    action: 'run',
  });
  await expect(spawnReporting(['/bin/true'], none)).rejects.toMatchObject({ code: 'EIO' });
  const report = spawnReporting(shell('printf "%s\\n" "error EPERM make\\040it -" >&4'), none);
  await expect(report).rejects.toMatchObject({ code: 'EPERM', action: 'make it', path: '' });
});

test('a tree goes with all that is in it, but not what its links name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-tree-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const outside = join(folder, 'outside');
  const tree = join(folder, 'tree');
  mkdirSync(join(outside, 'kept'), { recursive: true });
  mkdirSync(join(tree, 'a/'.repeat(500)), { recursive: true });
  writeFileSync(join(tree, 'a/file'), 'x');
  symlinkSync(outside, join(tree, 'a/link'));
  await removeTree(tree);
  expect(existsSync(tree)).toBe(false);
  expect(existsSync(join(outside, 'kept'))).toBe(true);
  await removeTree(tree);
  symlinkSync(outside, tree);
  await expect(removeTree(tree)).rejects.toMatchObject({ path: tree });
  await expect(removeTree('/')).rejects.toMatchObject({ code: 'EINVAL' });
});
