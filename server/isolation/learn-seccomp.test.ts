import { expect, test } from 'vitest';
import { DEFAULT_ISOLATION } from '../guest/isolation-schema.ts';
import type { GuestRecord } from '../guest/record.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import { learnSeccomp } from './learn-seccomp.ts';

function services(mode: 'log' | 'default', state = 'running') {
  const runtime = new FakeRuntime();
  const isolation = { ...DEFAULT_ISOLATION, seccomp: { mode } };
  const record = { id: 'abc', name: 'web', kind: 'application', state, isolation } as GuestRecord;
  const guests = { get: () => record } as unknown as Parameters<typeof learnSeccomp>[0]['guests'];
  return { runtime, guests };
}

const learned = {
  calls: ['fsopen'],
  unnamed: 0,
  lost: false,
  unavailable: null,
  profile: { defaultAction: 'SCMP_ACT_ERRNO' as const },
};

test('what was learnt is told, with whether the guest still runs', async () => {
  const { runtime, guests } = services('log', 'stopped');
  runtime.learned.set('abc', learned);
  expect(await learnSeccomp({ runtime, guests }, 'web')).toEqual({
    calls: ['fsopen'],
    unnamed: 0,
    lost: false,
    running: false,
    profile: learned.profile,
  });
});

test('a guest with another filter, and a host whose records cannot be read, are told as such', async () => {
  await expect(learnSeccomp(services('default'), 'web')).rejects.toMatchObject({
    code: 'illegal_state',
    message: expect.stringContaining('the filter of web is default'),
  });
  const { runtime, guests } = services('log');
  runtime.learned.set('abc', { ...learned, unavailable: 'EPERM' });
  await expect(learnSeccomp({ runtime, guests }, 'web')).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('(EPERM)'),
  });
});
