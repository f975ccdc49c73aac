import { expect, test } from 'vitest';
import { NativeError } from '../../native/lib/native-error.ts';
import { spawnReporting, takeLine } from './spawn-reporting.ts';

test('a report is read to the end of its start', async () => {
  const steps: string[] = [];
  const script = 'cat <&3 >/dev/null; printf "step folder 12\\nstep cgroup 34\\nready 7 89 6\\n" >&4';
  const start = await spawnReporting('/bin/sh', {
    args: ['-c', script],
    spec: 'version=1\0',
    onStep: ({ name, micros }) => steps.push(`${name} ${micros}`),
  });
  expect(start).toEqual({ pid: 7, startTime: '89', holderPid: 6 });
  expect(steps).toEqual(['folder 12', 'cgroup 34']);
});

test('the spec arrives whole on descriptor 3', async () => {
  const spec = 'arg=x\0'.repeat(50_000);
  const script = 'printf "ready %s 0 0\\n" "$(wc -c <&3)" >&4';
  expect((await spawnReporting('/bin/sh', { args: ['-c', script], spec })).pid).toBe(spec.length);
});

test('a failure says what could not be done, with its spaces', () => {
  expect.assertions(2);
  try {
    takeLine('error EPERM send\\040a\\040message -');
  } catch (error) {
    expect(error).toBeInstanceOf(NativeError);
    expect(error).toMatchObject({ code: 'EPERM', action: 'send a message', path: '' });
  }
});

test('a program that is not there, and one that ends without a word, fail', async () => {
  await expect(spawnReporting('/nowhere/supervisor', {})).rejects.toMatchObject({
    code: 'ENOENT',
    action: 'run',
  });
  await expect(spawnReporting('/bin/true', {})).rejects.toMatchObject({ code: 'EIO', path: '/bin/true' });
});
