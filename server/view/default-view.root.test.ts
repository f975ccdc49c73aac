import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Grant, Rights } from '../access/may.ts';
import { type TestServer, testDatabase, testServer } from '../guest/test-services.ts';
import type { Actor } from '../platform.ts';
import { createProject } from '../project/change-projects.ts';
import { listDefaults, setDefault, setOwnDefault, setProjectDefault } from './default-view.ts';
import { changeView, createView, deleteView, restoreView } from './views.ts';

const root: Actor = { kind: 'root' };
const ann: Actor = { kind: 'user', id: 'u1', username: 'ann' };
const bob: Actor = { kind: 'user', id: 'u2', username: 'bob' };
const all = { actor: root, rights: { unlimited: true } } as const;

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: TestServer;
beforeAll(async () => {
  database = await testDatabase();
  server = await testServer(database);
  for (const name of ['web', 'db']) await createProject(server, root, { name, about: '' });
});
afterAll(async () => {
  await server?.close();
  await server?.db.$disconnect();
  await database?.close();
});

/** Somebody who sees the guests of projects; of none: of all. */
function caller(actor: Actor, ...projects: string[]): { actor: Actor; rights: Rights } {
  const permissions = new Set(['guest.view'] as const);
  const grants: Grant[] = projects.map((name) => ({
    ...{ permissions, guest: null },
    project: { name, guests: new Set<string>() },
  }));
  return {
    actor,
    rights: { unlimited: false, grants: grants.length > 0 ? grants : [{ permissions, guest: null }] },
  };
}

test('one’s own choice counts before that of a project, and that before everybody’s', async () => {
  const opening = async (who: ReturnType<typeof caller>) => (await listDefaults(server, who)).opening;
  const annInWeb = caller(ann, 'web');
  expect(await opening(annInWeb)).toEqual({ view: null, of: null });

  const ours = await createView(server, root, { name: 'ours', q: 'state:running', team: true });
  const webs = await createView(server, root, { name: 'webs', q: 'tag:web', team: true });
  const mine = await createView(server, ann, { name: 'mine', q: 'owner:me' });
  await setDefault(server, all, ours.id);
  expect(server.seen.at(-1)).toEqual({ type: 'views.changed' });
  expect(await opening(annInWeb)).toEqual({ view: ours.id, of: 'everybody' });
  await setProjectDefault(server, all, { project: 'web', view: webs.id });
  expect(await opening(annInWeb)).toEqual({ view: webs.id, of: 'project web' });
  expect(await opening(caller(bob, 'db', 'web'))).toEqual({ view: webs.id, of: 'project web' });
  // Another project's is not told, and who sees all projects is of none more than of another.
  expect(await listDefaults(server, caller(bob, 'db'))).toMatchObject({
    opening: { view: ours.id, of: 'everybody' },
    projects: [],
  });
  expect(await opening(caller(bob))).toEqual({ view: ours.id, of: 'everybody' });

  await setOwnDefault(server, annInWeb, mine.id);
  expect(await opening(annInWeb)).toEqual({ view: mine.id, of: 'you' });
  await setOwnDefault(server, annInWeb, 'all');
  expect(await opening(annInWeb)).toEqual({ view: null, of: 'you' });
  expect((await listDefaults(server, annInWeb)).own).toEqual({ view: null });
  await setOwnDefault(server, annInWeb, null);
  expect(await opening(annInWeb)).toEqual({ view: webs.id, of: 'project web' });

  // What is gone, or nobody's but its owner's any more, is no default; what comes back is one again.
  await deleteView(server, root, webs.id);
  expect(await opening(annInWeb)).toEqual({ view: ours.id, of: 'everybody' });
  await restoreView(server, root, webs.id);
  await changeView(server, root, { id: ours.id, team: false });
  expect((await listDefaults(server, annInWeb)).everybody).toBeNull();
  expect(await opening(caller(bob))).toEqual({ view: null, of: null });
});

test('a view that others do not see is no default for them, and one of somebody else is not there', async () => {
  const hers = await createView(server, ann, { name: 'hers', q: 'owner:me' });
  for (const view of [hers.id, 'none', 'all'])
    await expect(setDefault(server, caller(bob), view)).rejects.toMatchObject({ code: 'not_found' });
  await expect(setOwnDefault(server, caller(bob), hers.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(setDefault(server, caller(ann), hers.id)).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringContaining('only you see the view hers'),
  });
  await expect(setProjectDefault(server, caller(ann), { project: 'none', view: null })).rejects.toMatchObject(
    { code: 'not_found' },
  );
});
