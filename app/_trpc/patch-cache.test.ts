import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import type { BerthEvent } from '../../server/event/schema.ts';
import { DEFAULT_INIT } from '../../server/guest/init-schema.ts';
import { DEFAULT_ISOLATION } from '../../server/guest/isolation-schema.ts';
import { NO_WORDS } from '../../server/guest/record-schema.ts';
import type { GuestView } from '../../server/guest/schema.ts';
import { MORE_LIMITS } from '../../server/guest/schema.ts';
import type { GuestPage } from '../../server/guest/search-schema.ts';
import type { OperationView } from '../../server/operation/schema.ts';
import type { VolumeView } from '../../server/volume/schema.ts';
import { keepAnswersFresh, patchCache } from './patch-cache.ts';

const key = (path: string, input?: unknown) => [path.split('.'), { input, type: 'query' }];

function guest(name: string, state: GuestView['state'] = 'stopped'): GuestView {
  return {
    id: `id-${name}`,
    name,
    host: 'here',
    elsewhere: null,
    project: 'default',
    kind: 'system',
    image: 'berth/mini',
    state,
    initPid: null,
    addresses: { ipv4: null, ipv6: null, mac: null },
    isolation: DEFAULT_ISOLATION,
    init: DEFAULT_INIT,
    revertsAt: null,
    pendingRestart: [],
    startsAt: null,
    waitingForMemory: false,
    limits: { ...MORE_LIMITS, cpu: 1, memory: 1, swap: 0, pids: 1 },
    usage: null,
    command: [],
    stopTimeoutMs: 1,
    createdAt: '',
    startedAt: null,
    createdBy: 'ada',
    ...NO_WORDS,
    alwaysRecorded: false,
    owner: 'ada',
    version: 0,
    exit: null,
    problem: null,
    operation: null,
    idBase: 1,
  };
}

function operation(id: string, status: OperationView['status']): OperationView {
  return {
    id,
    kind: 'guest.start',
    status,
    subject: { type: 'guest', id: 'id-web', name: 'web' },
    actor: 'ada',
    steps: [],
    progress: null,
    message: null,
    cancellable: false,
    error: null,
    createdAt: '',
    endedAt: null,
  };
}

const usage = {
  cpu: 0.5,
  cpuTotalMicros: 1,
  memory: 5,
  swap: 0,
  pids: 1,
  networkReceive: 0,
  networkTransmit: 0,
  ioRead: null,
  ioWrite: null,
  throttled: null,
};

const page = (...rows: GuestView[]): GuestPage => ({
  ...{ rows, offset: 0, entries: 2, matched: 2, total: 2, states: {}, groups: [] },
});

test('a changed guest replaces its row and its own answer; which others a search finds is for the server', () => {
  const client = new QueryClient();
  client.setQueryData(key('guest.search'), page(guest('web'), guest('db')));
  client.setQueryData(key('guest.get', { guest: 'web' }), guest('web'));
  client.setQueryData(key('guest.get', { guest: 'db' }), guest('db'));
  const states = () =>
    client.getQueryData<GuestPage>(key('guest.search'))?.rows.map(({ name, state }) => `${name} ${state}`);

  patchCache(client, { type: 'guest.changed', guest: guest('web', 'running') });
  expect(states()).toEqual(['web running', 'db stopped']);
  expect(client.getQueryData<GuestView>(key('guest.get', { guest: 'web' }))?.state).toBe('running');
  expect(client.getQueryData<GuestView>(key('guest.get', { guest: 'db' }))?.state).toBe('stopped');

  patchCache(client, { type: 'guest.changed', guest: guest('new') });
  patchCache(client, { type: 'guest.removed', id: 'id-web', name: 'web' });
  expect(states()).toEqual(['web running', 'db stopped']);
});

test('volumes come in their place and go', () => {
  const client = new QueryClient();
  const volume = (name: string): VolumeView => ({
    ...{ name, path: `/${name}`, createdAt: '', createdBy: 'root', guests: [] },
    ...{ project: 'default', hidden: 0 },
  });
  client.setQueryData(key('volume.list'), [volume('a'), volume('c')]);
  const names = () => client.getQueryData<VolumeView[]>(key('volume.list'))?.map(({ name }) => name);
  patchCache(client, { type: 'volume.changed', volume: volume('b') });
  expect(names()).toEqual(['a', 'b', 'c']);
  patchCache(client, { type: 'volume.removed', name: 'a', project: 'default' });
  expect(names()).toEqual(['b', 'c']);
});

test('usage reaches the rows it names and leaves the others the same objects', () => {
  const client = new QueryClient();
  const rows = [guest('web', 'running'), guest('db')];
  client.setQueryData(key('guest.search'), page(...rows));
  patchCache(client, { type: 'usage', at: '', guests: { 'id-web': usage } });
  const after = client.getQueryData<GuestPage>(key('guest.search'))?.rows;
  expect(after?.[0]?.usage).toEqual(usage);
  expect(after?.[1]).toBe(rows[1]);
});

test('an operation enters the lists whose filter it meets, and leaves those that it meets no more', () => {
  const client = new QueryClient();
  const running = key('operation.list', { status: 'running' });
  const others = key('operation.list', { subject: 'db' });
  const older = key('operation.list', { after: 'o1' });
  for (const list of [running, others, older, key('operation.list')]) client.setQueryData(list, []);
  const ids = (list: unknown[]) => client.getQueryData<OperationView[]>(list)?.map(({ id }) => id);

  patchCache(client, { type: 'operation.changed', operation: operation('o2', 'running') });
  expect([ids(running), ids(others), ids(older), ids(key('operation.list'))]).toEqual([
    ['o2'],
    [],
    [],
    ['o2'],
  ]);
  patchCache(client, { type: 'operation.changed', operation: operation('o2', 'done') });
  expect([ids(running), ids(key('operation.list'))]).toEqual([[], ['o2']]);
});

test('an answer that is older than an event is brought up to date when it comes', async () => {
  const client = new QueryClient();
  const fresh = keepAnswersFresh(client);
  const { promise, resolve } = Promise.withResolvers<GuestPage>();
  const fetched = client.fetchQuery({ queryKey: key('guest.search'), queryFn: () => promise });
  const started: BerthEvent = { type: 'guest.changed', guest: guest('web', 'running') };
  fresh.take(started);
  resolve(page(guest('web', 'stopped')));
  await fetched;
  expect(client.getQueryData<GuestPage>(key('guest.search'))?.rows[0]?.state).toBe('running');

  // The control: what was asked for after the event is left as it came.
  client.removeQueries();
  await client.fetchQuery({
    queryKey: key('guest.search'),
    queryFn: async () => page(guest('web', 'stopped')),
  });
  expect(client.getQueryData<GuestPage>(key('guest.search'))?.rows[0]?.state).toBe('stopped');
  fresh.stop();
});

test('a guest that was not there when it was asked for is asked for again as soon as it is', async () => {
  const client = new QueryClient();
  const fresh = keepAnswersFresh(client);
  const asked = (name: string) => key('guest.get', { guest: name });
  const refuse = vi.fn(() => Promise.reject(new Error('there is no guest new')));
  const observer = new QueryObserver(client, { queryKey: asked('new'), queryFn: refuse, retry: false });
  const off = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(observer.getCurrentResult().isError).toBe(true));
  client.setQueryData(asked('web'), guest('web'));
  client.setQueryData(asked('taken'), { ...guest('taken'), id: 'id-before' });
  const isStale = (name: string) => client.getQueryState(asked(name))?.isInvalidated;
  for (const name of ['web', 'db']) fresh.take({ type: 'guest.changed', guest: guest(name) });
  expect(['web', 'taken'].map(isStale)).toEqual([false, false]);
  expect(refuse).toHaveBeenCalledTimes(1);
  for (const name of ['new', 'taken']) fresh.take({ type: 'guest.changed', guest: guest(name) });
  expect(['web', 'taken'].map(isStale)).toEqual([false, true]);
  await vi.waitFor(() => expect(refuse).toHaveBeenCalledTimes(2));
  off();
  fresh.stop();
});
