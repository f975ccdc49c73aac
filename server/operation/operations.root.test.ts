import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { connectDb, type Db } from '../db/client.ts';
import { HostBook } from '../db/host-book.ts';
import { startTestDatabase } from '../db/test-database.ts';
import { AppError } from '../errors/app-error.ts';
import { createEventBus } from '../event/create-event-bus.ts';
import type { BerthEvent } from '../event/schema.ts';
import { createLog } from '../log.ts';
import type { Actor, OperationDefinition, StepContext, StepDefinition } from '../platform.ts';
import { createOperationRunner, type StoppableRunner } from './create-operation-runner.ts';
import { listOperations } from './list-operations.ts';
import { pruneHistory } from './prune-history.ts';
import { readOutput } from './read-output.ts';

const ada: Actor = { kind: 'user', id: 'u1', username: 'ada' };
const NOBODY_LEAVES = new AbortController().signal;

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let db: Db;
let runner: StoppableRunner;
let seen: BerthEvent[];
let logged: string[];

beforeAll(async () => {
  database = await startTestDatabase();
  db = connectDb(database.url);
});
beforeEach(() => {
  seen = [];
  logged = [];
  const log = createLog((line) => logged.push(line));
  const events = createEventBus(() => undefined);
  events.on((event) => seen.push(event));
  runner = createOperationRunner({ db, events, log, hosts: new HostBook(db) });
});
afterEach(() => db.operation.deleteMany());
afterAll(async () => {
  await db?.$disconnect();
  await database?.close();
});

function define(steps: StepDefinition[], more: Partial<OperationDefinition<unknown>> = {}): void {
  runner.define({ kind: 'guest.start', onInterrupt: 'undo', steps: () => steps, ...more });
}

const start = (name = 'web', input: unknown = {}) =>
  runner.start('guest.start', { subject: { type: 'guest', id: `id-${name}`, name }, actor: ada, input });

/** A step that goes on until the test says so, or somebody cancels. */
function gate(): { step: StepDefinition; open: () => void; began: Promise<StepContext> } {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const { promise: began, resolve: begin } = Promise.withResolvers<StepContext>();
  const run = async (context: StepContext) => {
    begin(context);
    const cancelled = new Promise<never>((_resolve, reject) => {
      context.signal.addEventListener('abort', () => reject(context.signal.reason), { once: true });
    });
    await Promise.race([opened, cancelled]);
  };
  return { step: { name: 'gate', run }, open, began };
}

test('steps run in order, and every client hears of it', async () => {
  const order: string[] = [];
  define(['one', 'two'].map((name) => ({ name, run: async () => void order.push(name) })));
  const { operation, finished } = await start();
  expect(operation).toMatchObject({ status: 'running', actor: 'ada', subject: { name: 'web' } });
  const end = await finished;
  expect(order).toEqual(['one', 'two']);
  expect(end).toMatchObject({ status: 'done', progress: 1, error: null });
  expect(end.steps.every(({ status, ms }) => status === 'done' && ms !== null)).toBe(true);
  expect(await runner.get(operation.id)).toEqual(end);
  const last = seen.findLast((event) => event.type === 'operation.changed');
  expect(last).toEqual({ type: 'operation.changed', operation: end });
});

test('it is in the journal before its first step runs', async () => {
  let rows = 0;
  const count = async () => {
    rows = await db.operation.count({ where: { status: 'running' } });
  };
  define([{ name: 'look', run: count }]);
  await (await start()).finished;
  expect(rows).toBe(1);
});

test('a failure undoes what began, last first, and nothing else', async () => {
  const undone: string[] = [];
  const undoable = (name: string, error?: Error): StepDefinition => ({
    name,
    run: async () => {
      if (error) throw error;
    },
    undo: async () => void undone.push(name),
  });
  define([
    undoable('one'),
    undoable('two'),
    undoable('three', new AppError('no_space', 'the disk is full', { field: ['image'] })),
    undoable('four'),
  ]);
  const end = await (await start()).finished;
  expect(undone).toEqual(['three', 'two', 'one']);
  expect(end).toMatchObject({
    status: 'failed',
    error: { code: 'no_space', message: 'the disk is full', field: ['image'] },
  });
  expect(end.steps.map(({ status }) => status)).toEqual(['undone', 'undone', 'failed', 'skipped']);
});

test('a surprise is masked for clients and logged whole; an undo that fails keeps none from running', async () => {
  const undone: string[] = [];
  define([
    { name: 'one', run: async () => undefined, undo: async () => void undone.push('one') },
    { name: 'two', run: async () => undefined, undo: () => Promise.reject(new Error('stuck')) },
    { name: 'three', run: () => Promise.reject(new TypeError('secret path /x')) },
  ]);
  const end = await (await start()).finished;
  expect(end.error).toMatchObject({
    code: 'internal',
    message: expect.stringContaining('undoing failed too: two'),
  });
  expect(JSON.stringify(end)).not.toContain('secret');
  expect(logged.join()).toContain('secret path /x');
  expect(undone).toEqual(['one']);
});

test('one subject has one operation at a time, others go on', async () => {
  const { step, open } = gate();
  define([step]);
  const { operation, finished } = await start('web');
  await expect(start('web')).rejects.toMatchObject({
    code: 'busy',
    message: expect.stringContaining(operation.id),
  });
  expect(runner.current('id-web')?.id).toBe(operation.id);
  const other = await start('mail');
  open();
  await Promise.all([finished, other.finished]);
  expect(runner.current('id-web')).toBeNull();
  await (await start('web')).finished;
});

test('two starts at the same instant: one is busy', async () => {
  const { step, open } = gate();
  define([step]);
  const results = await Promise.allSettled([start(), start()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  open();
  for (const one of results) if (one.status === 'fulfilled') await one.value.finished;
});

test('cancelling undoes, and is refused where it cannot be', async () => {
  const { step, began } = gate();
  const undo = vi.fn(async () => undefined);
  define([{ ...step, undo }], { cancellable: true });
  const { operation, finished } = await start();
  await began;
  await runner.cancel(operation.id, ada);
  expect(await finished).toMatchObject({
    status: 'cancelled',
    error: { code: 'cancelled', message: 'cancelled by ada' },
  });
  expect(undo).toHaveBeenCalledOnce();
  await expect(runner.cancel(operation.id, ada)).rejects.toMatchObject({ code: 'illegal_state' });
});

test('what cannot be cancelled says so and goes on', async () => {
  const { step, open, began } = gate();
  define([step]);
  const { operation, finished } = await start();
  await began;
  await expect(runner.cancel(operation.id, ada)).rejects.toThrow('guest.start cannot be cancelled');
  open();
  expect((await finished).status).toBe('done');
});

test('progress, message and output reach clients; the end of the output is kept', async () => {
  const line = `${'x'.repeat(1023)}\n`;
  const print = async (context: StepContext) => {
    context.progress(0.5);
    context.message('half done');
    for (let count = 0; count < 1024; count++) context.output(line);
    context.output('last\0 words');
    await vi.waitFor(() => expect(seen.some((event) => event.type === 'operation.output')).toBe(true));
    await vi.waitFor(() =>
      expect(seen).toContainEqual(
        expect.objectContaining({
          operation: expect.objectContaining({ progress: 0.5, message: 'half done' }),
        }),
      ),
    );
    expect((await readOutput({ db, operations: runner }, context.operationId)).text).toContain('last words');
  };
  define([{ name: 'print', run: print }]);
  const end = await (await start()).finished;
  expect(end.error).toBeNull();
  const { text } = await readOutput({ db, operations: runner }, end.id);
  expect(text.endsWith('last words')).toBe(true);
  expect(text.length).toBeLessThanOrEqual(256 * 1024);
  const sent = seen.flatMap((event) => (event.type === 'operation.output' ? event.text : [])).join('');
  expect(sent.length).toBe(1024 * 1024 + 'last\0 words'.length);
});

test('waiting ends with the operation, with the time, or with who waits', async () => {
  const { step, open, began } = gate();
  define([step]);
  const { operation } = await start();
  await began;
  await expect(runner.wait(operation.id, 10, NOBODY_LEAVES)).rejects.toMatchObject({ code: 'timed_out' });
  const leaving = new AbortController();
  const left = runner.wait(operation.id, undefined, leaving.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  const waits = runner.wait(operation.id, undefined, NOBODY_LEAVES);
  open();
  expect((await waits).status).toBe('done');
  await expect(runner.wait('nonsense', undefined, NOBODY_LEAVES)).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('settled hears the end when the subject is free again', async () => {
  const settled = vi.fn(async () => expect(runner.current('id-web')).toBeNull());
  define([{ name: 'one', run: async () => undefined }], { settled });
  const end = await (await start('web', { keep: 1 })).finished;
  expect(settled).toHaveBeenCalledWith({ keep: 1 }, end);
  expect(logged).toEqual([]);
});

test('the list is newest first, by pages, by subject; old ones are pruned', async () => {
  define([{ name: 'one', run: async () => undefined }]);
  const ids: string[] = [];
  for (const name of ['a', 'b', 'a', 'c']) ids.push((await (await start(name)).finished).id);
  const list = async (input: Parameters<typeof listOperations>[1]) =>
    (await listOperations(db, input)).map(({ id }) => id);
  expect(await list({ limit: 3 })).toEqual([ids[3], ids[2], ids[1]]);
  expect(await list({ limit: 3, after: ids[1] })).toEqual([ids[0]]);
  expect(await list({ limit: 9, subject: 'a' })).toEqual([ids[2], ids[0]]);
  expect(await list({ limit: 9, subject: 'id-c', status: 'failed' })).toEqual([]);
  expect(await pruneHistory(db, '', 3)).toBe(1);
  expect(await list({ limit: 9 })).toEqual([ids[3], ids[2], ids[1]]);
});

test('stopping cancels what can be, takes no more, and does not wait for ever', async () => {
  const { step } = gate();
  define([step], { cancellable: true });
  const { finished } = await start();
  await runner.stop(5000);
  expect((await finished).status).toBe('cancelled');
  await expect(start()).rejects.toMatchObject({ code: 'unavailable' });
});
