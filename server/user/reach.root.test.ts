import { beforeAll, describe, expect, test } from 'vitest';
import type { BerthEvent } from '../event/schema.ts';
import { send } from '../http/test-front.ts';
import {
  admin,
  as,
  cookieOf,
  listen,
  person,
  refused,
  refusedRoot,
  root,
  seen,
  server,
  signIn,
  soon,
  typed,
  watch,
  withPeople,
} from './people-fixture.ts';

// What somebody sees and reaches who may not have everything.
withPeople();

const query = (input: object) => `?input=${encodeURIComponent(JSON.stringify(input))}`;

describe('who has one guest', () => {
  let cookie = '';
  beforeAll(async () => {
    cookie = await person('gina', 'user', { guest: 'alpha' });
  });

  test('sees that one in every list and no other', async () => {
    expect(await seen(cookie, 'guest.list')).toMatchObject([{ name: 'alpha' }]);
    const found = async (input: object) =>
      (await seen(cookie, `guest.search${query(input)}`)) as { rows: { name: string }[]; total: number };
    expect(await found({})).toMatchObject({ rows: [{ name: 'alpha' }], total: 1 });
    expect(await found({ may: 'console.use' })).toMatchObject({ rows: [{ name: 'alpha' }], total: 1 });
    expect(await found({ may: 'people.manage' })).toMatchObject({ rows: [], total: 0 });
    const operations = (await seen(cookie, 'operation.list?input=%7B%7D')) as { subject: { name: string } }[];
    expect(operations.length).toBeGreaterThan(0);
    expect(new Set(operations.map(({ subject }) => subject.name))).toEqual(new Set(['alpha']));
    await root('console.openShell', { guest: 'beta' });
    await root('console.openShell', { guest: 'alpha' });
    const shells = (await seen(cookie, 'console.all')) as { guest: string }[];
    expect(new Set(shells.map(({ guest }) => guest))).toEqual(new Set(['alpha']));
  });

  test('hears of that one and of no other', async () => {
    const [mine, all] = [await listen(cookie), await listen(admin)];
    for (const guest of ['beta', 'alpha']) await root('guest.freeze', { guest, wait: true });
    const alpha = () => mine.heard.some((one) => one.type === 'guest.changed' && one.guest.name === 'alpha');
    const wait = async () => {
      while (!alpha()) await new Promise((wake) => setTimeout(wake, 20));
    };
    await soon('alpha is heard of', wait());
    expect(JSON.stringify(mine.heard)).not.toContain('beta');
    expect(JSON.stringify(all.heard)).toContain('beta');
    for (const guest of ['beta', 'alpha']) await root('guest.unfreeze', { guest, wait: true });
    mine.socket.terminate();
    all.socket.terminate();
  });

  test('does not get at a volume by mounting it there', async () => {
    await root('volume.create', { volume: 'secrets' });
    const how = { readOnly: false, idmap: true, recursive: false, propagation: 'private' };
    const mounts = [{ source: 'volume:secrets', target: '/data', ...how }];
    const input = { guest: 'alpha', isolation: { mounts } };
    expect(await refused(cookie, 'guest.configure', input)).toMatchObject({
      code: 'forbidden',
      field: ['isolation', 'mounts', 0, 'source'],
    });
    const limits = { guest: 'alpha', limits: { pids: 300 } };
    expect((await as(cookie, 'guest.configure', limits)).status).toBe(200);
    await root('volume.delete', { volume: 'secrets' });
  });
});

test('a viewer looks at terminals and types nothing; who is given more comes back and types', async () => {
  const cookie = await person('vivi', 'viewer');
  const viewer = await watch(cookie, 'alpha');
  const control = await watch(admin, 'alpha');
  viewer.type('from the viewer');
  await new Promise<void>((resolve) => viewer.socket.once('pong', () => resolve()).ping());
  control.type('from the admin');
  while (!typed().includes('from the admin')) await new Promise((wake) => setTimeout(wake, 10));
  expect(typed()).not.toContain('from the viewer');
  await root('user.grant', { username: 'vivi', role: 'user', guest: 'alpha' });
  expect(await soon('the viewer is let in anew', viewer.closed)).toBe(1012);
  const again = await watch(cookie, 'alpha');
  again.type('as a user');
  while (!typed().includes('as a user')) await new Promise((wake) => setTimeout(wake, 10));
  control.socket.terminate();
  again.socket.terminate();
});

test('recordings are for who may look at their guest', async () => {
  const [mine, others] = await Promise.all(
    ['alpha', 'beta'].map(async (guest) => String((await root('recording.start', { guest })).id)),
  );
  const cookie = await person('rosa', 'viewer', { guest: 'alpha' });
  const file = (id: string | undefined, who: string) =>
    send(server.instance.webSocket, `/api/recordings/${id}.cast`, { headers: { cookie: who } });
  // The control: the other one is there, for who may see it.
  expect((await file(others, admin)).status).toBe(200);
  expect((await file(mine, cookie)).status).toBe(200);
  expect((await file(others, cookie)).status).toBe(404);
  const list = (await seen(cookie, 'recording.list?input=%7B%7D')) as { recordings: { guest: string }[] };
  expect(list.recordings.map(({ guest }) => guest)).toEqual(['alpha']);
  for (const path of ['recording.stop', 'recording.delete'])
    expect(await refused(cookie, path, { id: mine })).toMatchObject({ code: 'forbidden' });
  const policy = { guest: 'alpha', always: true };
  expect(await refused(cookie, 'recording.setPolicy', policy)).toMatchObject({ code: 'forbidden' });
  await root('role.save', { name: 'manager', permissions: ['people.manage', 'guest.view'] });
  const without = await person('nora', 'manager');
  expect((await file(mine, without)).status).toBe(404);
  for (const id of [mine, others]) await root('recording.stop', { id });
});

test('a viewer opens no shell and runs no command', async () => {
  const cookie = await person('vida', 'viewer');
  expect((await as(cookie, 'console.ticket', { guest: 'alpha' })).status).toBe(200);
  expect(await refused(cookie, 'console.openShell', { guest: 'alpha' })).toMatchObject({ code: 'forbidden' });
  expect(await refused(cookie, 'console.exec', { guest: 'alpha', command: ['id'] })).toMatchObject({
    code: 'forbidden',
  });
});

describe('who has one project', () => {
  let cookie = '';
  beforeAll(async () => {
    await root('project.create', { name: 'web', quotas: { guests: 2 } });
    await root('guest.create', { name: 'gamma', project: 'web', image: 'berth/mini', wait: true });
    cookie = await person('paul', 'user', { project: 'web' });
  });
  const names = (rows: unknown) => (rows as { name: string }[]).map(({ name }) => name);

  test('sees its guests and counts in every list, and nothing of others, not even names', async () => {
    expect(names(await seen(cookie, 'guest.list'))).toEqual(['gamma']);
    expect(await seen(cookie, `guest.search${query({ group: 'project' })}`)).toMatchObject({
      ...{ total: 1, matched: 1, states: { stopped: 1 }, groups: [{ key: 'web', count: 1 }] },
    });
    expect(await seen(cookie, `guest.values${query({ key: 'project' })}`)).toEqual([
      { value: 'web', count: 1 },
    ]);
    expect(names(await seen(cookie, 'project.list'))).toEqual(['web']);
    expect(await seen(cookie, 'guest.defaults')).toMatchObject({ projects: ['web'] });
    const operations = (await seen(cookie, `operation.list${query({})}`)) as { subject: { name: string } }[];
    expect(new Set(operations.map(({ subject }) => subject.name))).toEqual(new Set(['gamma']));
    // The control: who may see all does.
    expect(names(await seen(admin, 'project.list'))).toEqual(['default', 'web']);
    expect(names(await seen(admin, 'guest.list'))).toEqual(['alpha', 'beta', 'gamma']);
  });

  test('makes guests there up to the quota, which names who raises it, and may not raise it', async () => {
    const make = (name: string) =>
      refused(cookie, 'guest.create', { name, project: 'web', image: 'berth/mini', wait: true });
    expect(await make('delta')).toBeUndefined();
    expect(await make('epsilon')).toMatchObject({
      code: 'over_quota',
      message:
        'project web has 2 guests of at most 2 guests in use, 1 guests more would be too much: ada or root raises it by berth project set web --guests',
    });
    expect(await refused(cookie, 'project.set', { project: 'web', quotas: { guests: 9 } })).toMatchObject({
      code: 'forbidden',
    });
    const admins = await person('pia', 'admin', { project: 'web' });
    for (const [path, input] of [
      ['project.set', { project: 'web', quotas: { guests: 9 } }],
      ['guest.move', { guest: 'gamma', project: 'default' }],
      ['guest.move', { guest: 'gamma', project: 'nowhere' }],
      ['guest.create', { project: 'default' }],
      ['user.grant', { username: 'paul', role: 'admin', project: 'web' }],
    ] as const)
      expect(await refused(admins, path, input), path).toMatchObject({ code: 'forbidden' });
  });

  test('hears of what comes, goes and is moved, as of guests that are made and deleted', async () => {
    const [mine, all] = [await listen(cookie), await listen(admin)];
    const hears = async (type: string, name: string) => {
      const nameOf = (one: BerthEvent) =>
        one.type === 'guest.changed' ? one.guest.name : 'name' in one && one.name;
      const isIt = (one: BerthEvent) => one.type === type && nameOf(one) === name;
      const wait = async () => {
        while (!mine.heard.some(isIt)) await new Promise((wake) => setTimeout(wake, 20));
      };
      await soon(`${type} of ${name} is heard`, wait());
    };
    await root('guest.delete', { guest: 'delta', wait: true });
    await hears('guest.removed', 'delta');
    await root('guest.move', { guest: 'gamma', project: 'default' });
    await hears('guest.removed', 'gamma');
    expect(names(await seen(cookie, 'guest.list'))).toEqual([]);
    mine.heard.length = 0;
    await root('guest.move', { guest: 'beta', project: 'web' });
    await hears('guest.changed', 'beta');
    expect(JSON.stringify(mine.heard)).not.toContain('gamma');
    await root('guest.move', { guest: 'beta', project: 'default' });
    await root('guest.move', { guest: 'gamma', project: 'web' });
    mine.socket.terminate();
    all.socket.terminate();
  });

  test('when it is deleted the role is gone, and what was open ends', async () => {
    expect(await refusedRoot('project.delete', { project: 'default' })).toMatchObject({
      code: 'illegal_state',
    });
    expect(await refusedRoot('project.delete', { project: 'web' })).toMatchObject({ code: 'illegal_state' });
    await root('guest.delete', { guest: 'gamma', wait: true });
    const open = await listen(cookie);
    await root('project.delete', { project: 'web' });
    expect(await soon('the stream ends', open.closed)).toBe(4401);
    const again = cookieOf(await signIn('paul'));
    expect(await refused(again, 'guest.create', { project: 'web' })).toMatchObject({ code: 'forbidden' });
  });
});

describe('who has the guests with a tag', () => {
  let cookie = '';
  const names = (list: unknown) => (list as { name: string }[]).map(({ name }) => name).toSorted();
  const tagged = (guest: string, change: object) => root('guest.describe', { guest, ...change });
  beforeAll(async () => {
    await tagged('alpha', { addTags: ['blue'] });
    cookie = await person('tina', 'user', { tag: 'blue' });
  });

  test('sees and runs them and no other, makes none, and gains those that get it', async () => {
    expect(names(await seen(cookie, 'guest.list'))).toEqual(['alpha']);
    expect(await refused(cookie, 'guest.freeze', { guest: 'beta', wait: true })).toMatchObject({
      code: 'forbidden',
    });
    expect(await refused(cookie, 'guest.create', { image: 'berth/mini' })).toMatchObject({
      code: 'forbidden',
    });
    expect(await seen(cookie, 'auth.me')).toMatchObject({ user: { rights: { tags: { blue: {} } } } });
    await tagged('beta', { addTags: ['blue'] });
    expect(names(await seen(cookie, 'guest.list'))).toEqual(['alpha', 'beta']);
    expect((await as(cookie, 'guest.freeze', { guest: 'beta', wait: true })).status).toBe(200);
    expect((await as(cookie, 'guest.unfreeze', { guest: 'beta', wait: true })).status).toBe(200);
  });

  test('loses what loses it within a second: terminals end, and its guest is gone from the list', async () => {
    const [mine, terminal] = [await listen(cookie), await watch(cookie, 'beta')];
    await tagged('beta', { removeTags: ['blue'] });
    await soon('the terminal ends', terminal.closed);
    const gone = () =>
      mine.heard.some((one) => one.type === 'guest.removed' && JSON.stringify(one).includes('beta'));
    const wait = async () => {
      while (!gone()) await new Promise((wake) => setTimeout(wake, 20));
    };
    await soon('the guest is gone from the list', wait());
    expect(names(await seen(cookie, 'guest.list'))).toEqual(['alpha']);
    mine.socket.terminate();
  });

  test('a tag that gives others more than one may oneself is not one’s to give', async () => {
    await root('project.create', { name: 'tagged' });
    const lead = await person('lars', 'operator', { project: 'tagged' });
    await root('user.grant', { username: 'tina', role: 'admin', tag: 'red' });
    cookie = cookieOf(await signIn('tina'));
    const make = (tags: string[]) =>
      refused(lead, 'guest.create', {
        name: 'gamma',
        project: 'tagged',
        image: 'berth/mini',
        wait: true,
        tags,
      });
    expect(await make(['red'])).toMatchObject({ code: 'forbidden', field: ['tags'] });
    expect(await make(['blue'])).toBeUndefined();
    expect(await refused(lead, 'guest.describe', { guest: 'gamma', addTags: ['red'] })).toMatchObject({
      ...{ code: 'forbidden', field: ['addTags'] },
      message: expect.stringContaining('the tag red is not yours to give'),
    });
    // Nor is it a way to more for who has the role: tina may configure alpha, and is admin of what is red.
    expect(await refused(cookie, 'guest.describe', { guest: 'alpha', addTags: ['red'] })).toMatchObject({
      code: 'forbidden',
    });
    // The controls: a tag that gives nobody anything, and somebody who may do as much.
    expect((await as(cookie, 'guest.describe', { guest: 'alpha', addTags: ['green'] })).status).toBe(200);
    expect((await as(admin, 'guest.describe', { guest: 'alpha', addTags: ['red'] })).status).toBe(200);
    // An invitation counts as what it will give.
    await root('user.invite', { role: 'admin', tag: 'yellow' });
    expect(await refused(lead, 'guest.describe', { guest: 'gamma', addTags: ['yellow'] })).toMatchObject({
      code: 'forbidden',
    });
    await root('guest.delete', { guest: 'gamma', force: true, wait: true });
  });

  test('is given by who has it or everything, for one thing at a time, and taken', async () => {
    const lead = await person('lisa', 'admin', { tag: 'blue' });
    // Managing people is for everything.
    expect(
      await refused(lead, 'user.grant', { username: 'tina', role: 'viewer', tag: 'blue' }),
    ).toMatchObject({
      code: 'forbidden',
    });
    expect(
      await refusedRoot('user.grant', { username: 'tina', role: 'viewer', tag: 'a', guest: 'alpha' }),
    ).toMatchObject({ code: 'bad_input', field: ['tag'] });
    const listed = (await seen(admin, 'user.list')) as { username: string; grants: unknown[] }[];
    expect(listed.find(({ username }) => username === 'tina')?.grants).toMatchObject([
      { role: 'user', tag: 'blue', guest: null, project: null },
      { role: 'admin', tag: 'red' },
    ]);
    // One for a tag alone is no administrator of the console, who has to stay.
    expect(await refusedRoot('user.take', { username: 'tina', role: 'admin' })).toMatchObject({
      code: 'not_found',
    });
    await root('user.take', { username: 'tina', role: 'user', tag: 'blue' });
    await root('user.take', { username: 'tina', role: 'admin', tag: 'red' });
    const after = cookieOf(await signIn('tina'));
    expect(await refused(after, 'guest.freeze', { guest: 'alpha', wait: true })).toMatchObject({
      code: 'forbidden',
    });
  });
});

test('a guest is brought into a project by who may do with it what roles there allow, and by no other', async () => {
  await root('project.create', { name: 'bring' });
  await root('role.save', { name: 'tuner', permissions: ['guest.view', 'guest.configure'] });
  const mona = await person('mona', 'user', { project: 'bring' });
  await root('user.grant', { username: 'mona', role: 'tuner', guest: 'alpha' });
  const move = { guest: 'alpha', project: 'bring' };
  expect(await refused(mona, 'guest.move', move)).toMatchObject({
    ...{ code: 'forbidden', field: ['project'] },
    message: expect.stringContaining('somebody has the role user there'),
  });
  expect(await refused(mona, 'console.openShell', { guest: 'alpha' })).toMatchObject({ code: 'forbidden' });
  await root('user.grant', { username: 'mona', role: 'user', guest: 'alpha' });
  expect((await as(mona, 'guest.move', move)).status).toBe(200);
  await root('guest.move', { guest: 'alpha', project: 'default' });
});
