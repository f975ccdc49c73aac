import { expect, test } from 'vitest';
import { NativeError } from '../../native/lib/native-error.ts';
import { AppError } from '../errors/app-error.ts';
import { inKernel, kernelError } from './kernel-error.ts';

test('a native failure says what was tried, on what, and why not', () => {
  const error = kernelError(
    new NativeError({ code: 'ENOENT', action: 'mount', path: '/a/b' }),
    'cannot start x',
  );
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    code: 'kernel',
    message: 'cannot start x: cannot mount /a/b: it is not there (ENOENT)',
    detail: { errno: 'ENOENT', action: 'mount', path: '/a/b' },
  });
});

test('a user that the guest does not have is a wrong value, not a failure', () => {
  const error = new NativeError({ code: 'ENOENT', action: 'find the user', path: 'eve' });
  expect(kernelError(error, 'cannot open a shell')).toMatchObject({
    code: 'bad_input',
    message: 'there is no user eve in the guest',
    field: ['user'],
  });
});

test.each([
  ['EINVAL', 'cpuset.cpus', 'cpuset'],
  ['ERANGE', 'cpu.max', 'cpu'],
  ['EINVAL', 'cpu.max.burst', 'cpuBurstMicros'],
  ['EINVAL', 'io.bfq.weight', 'ioWeight'],
  ['EINVAL', 'memory.memsw.limit_in_bytes', 'swap'],
])('a limit that the kernel refuses by %s of %s is a wrong value of %s', (code, path, limit) => {
  const error = new NativeError({ code, action: 'limit x in /sys/fs/cgroup/g: write 7', path });
  expect(kernelError(error, 'cannot change the limits')).toMatchObject({
    code: 'bad_input',
    field: ['limits', limit],
    message: expect.stringContaining(`cannot limit x in /sys/fs/cgroup/g: write 7 ${path}: `),
  });
  const busy = new NativeError({ code: 'EBUSY', action: 'limit x in /sys/fs/cgroup/g: write 7', path });
  expect(kernelError(busy, 'cannot change the limits')).toMatchObject({ code: 'kernel', field: null });
});

test.each([
  ['ENOSPC', 'no_space'],
  ['ENOSYS', 'unsupported'],
  ['ETIMEDOUT', 'timed_out'],
  ['EIO', 'kernel'],
])('%s is %s', (code, expected) => {
  expect(kernelError(new NativeError({ code, action: 'write' }), 'x')).toMatchObject({ code: expected });
});

test('other errors pass unchanged', async () => {
  const own = new AppError('busy', 'it is busy');
  await expect(
    inKernel('x', () => {
      throw own;
    }),
  ).rejects.toBe(own);
  await expect(inKernel('x', () => 5)).resolves.toBe(5);
});
