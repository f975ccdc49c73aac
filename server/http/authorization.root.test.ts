import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { BUILT_IN_ROLES, type Permission } from '../access/schema.ts';
import { createLog } from '../log.ts';
import { type MemoryServer, startMemoryServer } from './memory-server.ts';
import { type Answer, send } from './test-front.ts';
import { type ListedProcedure, listProcedures } from './test-procedures.ts';

// Every role, everywhere, for one guest, for a project and for a tag, against every procedure of the real router, of one's own guest and of another's. What
// should happen follows from what each procedure declares; a procedure that is added later is in here by itself.
const ORIGIN = 'https://berth.test:8443';
const PASSWORD = 'correct horse battery';
const CUSTOM = ['guest.view', 'guest.run', 'host.view'] as const satisfies Permission[];
const ROLES: Record<string, readonly Permission[]> = {
  ...Object.fromEntries(Object.entries(BUILT_IN_ROLES).map(([name, role]) => [name, role.permissions])),
  starter: CUSTOM,
};
/** A project's rights are judged in one place: not every role has to show it. */
const OF_PROJECT = new Set(['admin', 'user', 'viewer']);
const PEOPLE = Object.keys(ROLES).flatMap((role) => [
  { role, guest: null, project: null, tag: null },
  { role, guest: 'alpha', project: null, tag: null },
  ...(OF_PROJECT.has(role) ? [{ role, guest: null, project: 'web', tag: null }] : []),
  ...(OF_PROJECT.has(role) ? [{ role, guest: null, project: null, tag: 'blue' }] : []),
]);
const PROCEDURES = listProcedures();
/** Who may end a shell or a recording does so, so these are tried last, in this order. */
const ENDS = ['recording.stop', 'recording.delete', 'console.close'];
const OVER_HTTP = PROCEDURES.filter(({ type, path }) => type !== 'subscription' && !ENDS.includes(path));
/** Calls at once. */
const AT_ONCE = 8;
/** No value that any input takes. */
const WRONG = ['\0'];
const LOCATED = {
  ...{ guest: 'guest', trashed: 'guest', list: 'guest', session: 'session' },
  ...{ operation: 'id', change: 'operation', recording: 'id', project: 'project' },
  volume: 'volume',
} as const;

let server: MemoryServer;
let cookies: Map<string, string>;
/** What alpha and beta are called in each kind of reference. */
let names: Record<keyof typeof LOCATED, Record<'alpha' | 'beta', string>>;

const nameOf = ({ role, guest, project, tag }: (typeof PEOPLE)[number]) =>
  `${role}-${guest ?? project ?? tag ?? 'all'}`;

interface Made {
  operation?: { id: string };
  guest?: { id: string };
  session?: string;
  id?: string;
  link?: { path: string };
}

async function root(path: string, body: unknown): Promise<Made> {
  const answer = await send(server.instance.adminSocket, `/api/trpc/${path}`, { body });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return (answer.body as { result: { data: Made } }).result.data;
}

beforeAll(async () => {
  server = await startMemoryServer(createLog(() => undefined));
  const made: Record<string, Made> = {};
  await root('project.create', { name: 'web' });
  for (const [name, project] of [
    ['alpha', 'web'],
    ['beta', 'default'],
    ['own-gone', 'web'],
    ['foreign-gone', 'default'],
  ] as const)
    made[name] = await root('guest.create', { name, project, image: 'berth/mini', wait: true, start: true });
  // Who may delete them tries; they stay, as somebody has them mounted.
  for (const [guest, project] of [
    ['alpha', 'web'],
    ['beta', 'default'],
  ] as const) {
    const volume = `${guest}-files`;
    await root('volume.create', { volume, project });
    const how = { readOnly: false, idmap: true, recursive: false, propagation: 'private' };
    const mounts = [{ source: `volume:${volume}`, target: '/data', ...how }];
    await root('guest.configure', { guest, isolation: { mounts } });
  }
  for (const guest of ['alpha', 'own-gone']) await root('guest.describe', { guest, addTags: ['blue'] });
  const idOf = (name: string) => made[name]?.guest?.id ?? '';
  const both = (of: (name: string) => string) => ({ alpha: of('alpha'), beta: of('beta') });
  const operations = both((name) => made[name]?.operation?.id ?? '');
  names = {
    guest: both((name) => name),
    trashed: { alpha: idOf('own-gone'), beta: idOf('foreign-gone') },
    list: both((name) => name),
    session: both(() => ''),
    recording: both(() => ''),
    operation: operations,
    change: operations,
    project: { alpha: 'web', beta: 'default' },
    volume: both((name) => `${name}-files`),
  };
  await root('role.save', { name: 'starter', permissions: CUSTOM });
  cookies = new Map();
  for (const person of PEOPLE) {
    const username = nameOf(person);
    const input = {
      ...{ username, role: person.role },
      ...(person.guest ? { guest: person.guest } : {}),
      ...(person.project ? { project: person.project } : {}),
      ...(person.tag ? { tag: person.tag } : {}),
    };
    const { link } = await root('user.create', input);
    // Who has a role for alpha has it for the one in the trash too.
    if (person.guest) await root('user.grant', { username, role: person.role, guest: 'own-gone' });
    const token = link?.path.split('#')[1];
    const accepted = await send(server.instance.webSocket, '/api/trpc/link.accept', {
      body: { token, password: PASSWORD },
      headers: { 'x-forwarded-for': `192.0.2.${cookies.size + 1}` },
    });
    expect(accepted, JSON.stringify(accepted.body)).toMatchObject({ status: 200 });
    cookies.set(username, accepted.cookies[0]?.split(';')[0] ?? '');
  }
  for (const guest of ['own-gone', 'foreign-gone'])
    await root('guest.trash', { guest, force: true, wait: true });
}, 300_000);
afterAll(() => server?.[Symbol.asyncDispose]());

/** Of its own for each person, since who may end one does. */
async function openShells(): Promise<void> {
  for (const name of ['alpha', 'beta'] as const) {
    const { session } = await root('console.openShell', { guest: name });
    names.session[name] = String(session);
    names.recording[name] = String((await root('recording.start', { session })).id);
  }
}

type What = 'own' | 'foreign' | 'left out' | 'false' | 'none';

/** All keys that it takes are there and wrong, but for the one that says what it is about: let in, it still does nothing. */
function inputOf({ input, on }: ListedProcedure, what: What): Record<string, unknown> {
  const definition = input?._zod.def as
    | { shape?: object; options?: { _zod: { def: { shape: object } } }[] }
    | undefined;
  const shapes = definition?.options?.map((one) => one._zod.def.shape) ?? [definition?.shape ?? {}];
  const keys = shapes.flatMap((shape) => Object.keys(shape));
  const value = Object.fromEntries(keys.map((key) => [key, WRONG as unknown]));
  if (on === undefined || on === 'everything' || on === 'any') return value;
  // A shell is named by its session, else by its guest.
  const key = on === 'session' && !keys.includes('session') ? 'guest' : LOCATED[on];
  if (on === 'session') delete value.guest;
  delete value[key];
  if (what === 'own') value[key] = names[on].alpha;
  if (what === 'foreign') value[key] = names[on].beta;
  if (what === 'false') value[key] = false;
  return value;
}

function whatsOf({ on }: ListedProcedure): What[] {
  return on === undefined || on === 'everything' || on === 'any'
    ? ['none']
    : ['own', 'foreign', 'left out', 'false'];
}

/** Whether somebody should be let in. */
function isLetIn(person: (typeof PEOPLE)[number], procedure: ListedProcedure, what: What): boolean {
  const { permission, on } = procedure;
  if (permission === 'public' || permission === 'self') return true;
  if (permission === 'root' || !ROLES[person.role]?.includes(permission)) return false;
  if (on === 'list' && what === 'left out') return true;
  if (on === 'any' || (person.guest ?? person.project ?? person.tag) === null) return true;
  // What is made is in a project, and in no guest, and no tag makes any; volumes are a project's too.
  return what === 'own' && ((on !== 'project' && on !== 'volume') || person.project !== null);
}

interface Refused {
  error?: { data?: { berth?: { code?: string; message?: string } } };
}

/** The guard's own refusal, none of what comes after it. */
function isRefused(body: unknown): boolean {
  const berth = (body as Refused).error?.data?.berth;
  const text = berth?.message ?? '';
  return (
    berth?.code === 'forbidden' &&
    (text.startsWith('you may not ') || text.startsWith('only root on this host'))
  );
}

function call(procedure: ListedProcedure, input: unknown, cookie: string): Promise<Answer> {
  const at = `/api/trpc/${procedure.path}`;
  if (procedure.type === 'mutation')
    return send(server.instance.webSocket, at, { body: input, headers: { cookie } });
  const query = `?input=${encodeURIComponent(JSON.stringify(input))}`;
  return send(server.instance.webSocket, at + query, { headers: { cookie } });
}

test('every procedure for somebody names a permission, and what it is needed for', () => {
  const own = PROCEDURES.filter(({ permission }) => permission === 'self').map(({ path }) => path);
  expect(own).toEqual([
    ...['account.sessions', 'account.revoke', 'account.twoFactor', 'account.beginTwoFactor'],
    ...['account.confirmTwoFactor', 'account.endTwoFactor', 'account.newRecoveryCodes'],
    ...['account.passkeys', 'account.beginPasskey', 'account.addPasskey', 'account.renamePasskey'],
    ...['account.deletePasskey', 'account.links', 'account.beginLink', 'account.unlink'],
    ...['account.tokens', 'account.createToken'],
    ...['account.deleteToken', 'account.changePassword'],
  ]);
  for (const { path, permission, input, on } of PROCEDURES) {
    const shape = (input?._zod.def as { shape?: object } | undefined)?.shape ?? {};
    // Whoever takes a guest is about that guest.
    const named = 'guest' in shape && permission !== 'root' && !path.startsWith('user.');
    if (named) expect(on, path).toMatch(/^(guest|trashed|session|list)$/);
  }
});

describe.each(PEOPLE)('$role for $guest $project $tag', (person) => {
  test('is let in to what the role allows there, and to nothing else', { timeout: 300_000 }, async () => {
    const cookie = cookies.get(nameOf(person)) ?? '';
    await openShells();
    const wrong: string[] = [];
    let refused = 0;
    const judge = async (procedure: ListedProcedure, what: What) => {
      const { body } = await call(procedure, inputOf(procedure, what), cookie);
      const berth = (body as Refused).error?.data?.berth;
      if (isRefused(body)) refused++;
      const letIn = !isRefused(body) && berth?.code !== 'unauthenticated';
      if (letIn !== isLetIn(person, procedure, what))
        wrong.push(`${procedure.path} of ${what}: ${letIn ? 'let in' : berth?.message}`);
    };
    const cases = OVER_HTTP.flatMap((procedure) =>
      whatsOf(procedure).map((what) => () => judge(procedure, what)),
    );
    while (cases.length > 0) await Promise.all(cases.splice(0, AT_ONCE).map((one) => one()));
    for (const path of ENDS) {
      const procedure = PROCEDURES.find((one) => one.path === path);
      if (!procedure) throw new Error(`there is no ${path}`);
      for (const what of whatsOf(procedure)) await judge(procedure, what);
    }
    expect(wrong).toEqual([]);
    // What is for root alone is refused to everybody.
    expect(refused).toBeGreaterThan(3);
  });

  test('and the same of subscriptions', async () => {
    const cases = PROCEDURES.filter(({ type }) => type === 'subscription').flatMap((procedure) =>
      whatsOf(procedure).map((what) => ({ procedure, what })),
    );
    const socket = new WebSocket(`ws+unix://${server.instance.webSocket}:/api/trpc`, {
      headers: {
        ...{ 'x-forwarded-host': 'berth.test:8443', origin: ORIGIN },
        cookie: cookies.get(nameOf(person)) ?? '',
      },
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const answers = new Map<number, unknown>();
    const all = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (typeof message.id === 'number' && !answers.has(message.id)) answers.set(message.id, message);
        if (answers.size === cases.length) resolve();
      }),
    );
    for (const [id, { procedure, what }] of cases.entries()) {
      const params = { path: procedure.path, input: inputOf(procedure, what) };
      socket.send(JSON.stringify({ id, method: 'subscription', params }));
    }
    await all;
    socket.terminate();
    for (const [id, { procedure, what }] of cases.entries())
      expect(!isRefused(answers.get(id)), `${procedure.path} of ${what}`).toBe(
        isLetIn(person, procedure, what),
      );
  });
});

test('a refusal is the same for another’s guest and for none, and names who grants', async () => {
  const cookie = cookies.get('user-alpha') ?? '';
  const get = PROCEDURES.find(({ path }) => path === 'guest.get');
  if (!get) throw new Error('no guest.get');
  const [foreign, none] = [
    await call(get, { guest: 'beta' }, cookie),
    await call(get, { guest: 'gamma' }, cookie),
  ];
  expect(foreign.body).toEqual(none.body);
  const create = PROCEDURES.find(({ path }) => path === 'guest.create');
  if (!create) throw new Error('no guest.create');
  const member = cookies.get('user-web') ?? '';
  const [closed, missing] = [
    await call(create, { project: 'default' }, member),
    await call(create, { project: 'nowhere' }, member),
  ];
  expect(closed.body).toEqual(missing.body);
  expect(closed.status).toBe(403);
  expect(foreign.status).toBe(403);
  expect(JSON.stringify(foreign.body)).toContain(
    'admin-all or root grants it by berth user grant user-alpha ROLE',
  );
});
