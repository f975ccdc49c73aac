import { expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { nameMissingFeature } from './name-missing-feature.ts';

const refused = (errno: string, action = 'clone3') =>
  new AppError('kernel', `cannot start guest a: cannot ${action}: (${errno})`, { detail: { errno, action } });
const host = (available: boolean) => async () => ({
  features: [
    { name: 'user namespaces', available, reason: available ? null : 'user.max_user_namespaces is 0' },
  ],
});

it('names what the host lacks when the kernel refuses with a word that may mean it', async () => {
  for (const errno of ['EINVAL', 'ENOSPC']) {
    expect(await nameMissingFeature(refused(errno), host(false))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('lacks user namespaces (user.max_user_namespaces is 0)'),
    });
  }
});

it('leaves an error alone that has another cause', async () => {
  for (const [error, describe] of [
    [refused('EINVAL'), host(true)],
    [refused('ENOENT'), host(false)],
    [refused('ENOSPC', 'write'), host(false)],
    [new Error('other'), host(false)],
  ] as const) {
    expect(await nameMissingFeature(error, describe)).toBe(error);
  }
});
