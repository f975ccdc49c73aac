import { expect, test } from 'vitest';
import {
  as,
  cookieOf,
  person,
  refused,
  refusedRoot,
  root,
  seen,
  signIn,
  withPeople,
} from './people-fixture.ts';

// What somebody gets at of volumes, by every way that leads to one.
withPeople();

test('who has a project has its volumes: mounts them, and gets at no other by any way', async () => {
  await root('project.create', { name: 'files' });
  await root('volume.create', { volume: 'ours', project: 'files' });
  await root('volume.create', { volume: 'theirs' });
  const cookie = await person('fay', 'user', { project: 'files' });
  expect(await seen(cookie, 'guest.list')).toEqual([]);
  expect(await seen(cookie, 'volume.list')).toMatchObject([{ name: 'ours', project: 'files' }]);
  const how = { readOnly: false, idmap: true, recursive: false, propagation: 'private' };
  const mounts = (volume: string) => [{ source: `volume:${volume}`, target: '/data', ...how }];
  const create = (name: string, volume: string) => ({
    ...{ name, project: 'files', image: 'berth/mini', wait: true },
    isolation: { mounts: mounts(volume) },
  });
  const field = ['isolation', 'mounts', 0, 'source'];
  for (const volume of ['theirs', 'nowhere'])
    expect(await refused(cookie, 'guest.create', create('fay-1', volume))).toMatchObject({
      code: 'forbidden',
      field,
    });
  expect((await as(cookie, 'guest.create', create('fay-1', 'ours'))).status).toBe(200);
  expect(
    await refused(cookie, 'guest.configure', { guest: 'fay-1', isolation: { mounts: mounts('theirs') } }),
  ).toMatchObject({ code: 'forbidden', field });
  for (const [path, input] of [
    ['volume.delete', { volume: 'theirs' }],
    ['volume.delete', { volume: 'nowhere' }],
    ['volume.move', { volume: 'theirs', project: 'files' }],
    ['volume.move', { volume: 'ours', project: 'default' }],
    ['volume.create', { volume: 'more' }],
    ['volume.create', { volume: 'more', project: 'default' }],
  ] as const)
    expect(await refused(cookie, path, input), `${path} ${JSON.stringify(input)}`).toMatchObject({
      code: 'forbidden',
    });
  // A guest that is brought in would bring the volume along.
  await root('guest.configure', { guest: 'beta', isolation: { mounts: mounts('theirs') } });
  await root('user.grant', { username: 'fay', role: 'user', guest: 'beta' });
  const again = cookieOf(await signIn('fay'));
  expect(await refused(again, 'guest.move', { guest: 'beta', project: 'files' })).toMatchObject({
    code: 'forbidden',
    field,
  });
  expect(await refusedRoot('project.delete', { project: 'files' })).toMatchObject({ code: 'illegal_state' });
  // Nor while the mount is away for a trial and comes back by itself.
  await root('guest.configure', { guest: 'beta', isolation: { mounts: [] }, revertAfterSeconds: 600 });
  expect(await refused(again, 'guest.move', { guest: 'beta', project: 'files' })).toMatchObject({
    code: 'forbidden',
    field,
  });
  await root('guest.keep', { guest: 'beta' });
  // What was given to be read is not written by who may not.
  const readOnly = (is: boolean) => [{ ...mounts('theirs')[0], readOnly: is }];
  await root('guest.configure', { guest: 'fay-1', isolation: { mounts: readOnly(true) } });
  for (const wished of [readOnly(false), [...readOnly(true), { ...readOnly(false)[0], target: '/again' }]])
    expect(
      await refused(again, 'guest.configure', { guest: 'fay-1', isolation: { mounts: wished } }),
    ).toMatchObject({ code: 'forbidden' });
  const moved = [{ ...readOnly(true)[0], target: '/elsewhere' }];
  expect((await as(again, 'guest.configure', { guest: 'fay-1', isolation: { mounts: moved } })).status).toBe(
    200,
  );
  await root('guest.configure', { guest: 'fay-1', isolation: { mounts: [] } });
  // Guests of others that have one's volume are counted, not named.
  await root('guest.configure', { guest: 'alpha', isolation: { mounts: mounts('ours') } });
  const inUse = await refused(again, 'volume.delete', { volume: 'ours' });
  expect(inUse).toMatchObject({ code: 'illegal_state' });
  expect(JSON.stringify(inUse)).toContain('1 that you may not see');
  expect(JSON.stringify(inUse)).not.toContain('alpha');
  await root('guest.configure', { guest: 'alpha', isolation: { mounts: [] } });
  expect((await as(again, 'guest.move', { guest: 'beta', project: 'files' })).status).toBe(200);
  await root('guest.move', { guest: 'beta', project: 'default' });
  await root('guest.delete', { guest: 'fay-1', wait: true });
  expect(await refusedRoot('project.delete', { project: 'files' })).toMatchObject({
    message: expect.stringContaining('volume ours is of project files'),
  });
  for (const volume of ['ours', 'theirs']) await root('volume.delete', { volume });
  await root('project.delete', { project: 'files' });
});
