import { expect, test } from 'vitest';
import type { BerthEvent } from '../event/schema.ts';
import { NoticeFinder, REPEAT_MS } from './notice-of.ts';

const changed = (state: string, problem: string | null = null) =>
  ({
    type: 'guest.changed',
    guest: { id: 'g1', name: 'web', project: 'shop', state, problem },
  }) as unknown as BerthEvent;
const operation = (kind: string, status: string, message?: string) =>
  ({
    type: 'operation.changed',
    operation: {
      ...{ kind, status, actor: 'ann', subject: { type: 'guest', id: 'g1', name: 'web' } },
      error: message === undefined ? null : { code: 'kernel', message, field: null },
    },
  }) as unknown as BerthEvent;
const about = { guest: { id: 'g1', name: 'web' }, project: 'shop' };

test('a guest that ends badly is told once, until it was well again', () => {
  const finder = new NoticeFinder();
  finder.knows({ id: 'g1', state: 'running', project: 'shop' });
  const end = changed('failed', 'its command ended with status 3');
  const told = { ...about, kind: 'guest.failed', text: 'web: its command ended with status 3' };
  expect(finder.of(end)).toEqual(told);
  expect(finder.of(end)).toBeNull();
  expect(finder.of(changed('running'))).toBeNull();
  expect(finder.of(end)).toEqual(told);
});

test('one that is started again says so, and one that was failed before anybody looked is not told', () => {
  const finder = new NoticeFinder();
  finder.knows({ id: 'g1', state: 'failed', project: 'shop' });
  expect(finder.of(changed('failed', 'old'))).toBeNull();
  finder.of(changed('running'));
  expect(finder.of(changed('scheduled', 'it fell'))).toMatchObject({
    text: 'web: it fell; it is started again',
  });
});

test('one that is restarted for ever is told once in ten minutes, with how often; that it stays down at once', () => {
  let now = 0;
  const finder = new NoticeFinder(() => now);
  const fall = () => {
    finder.of(changed('running'));
    return finder.of(changed('scheduled', 'it fell'));
  };
  expect(fall()).toMatchObject({ text: 'web: it fell; it is started again' });
  now = REPEAT_MS - 1;
  expect([fall(), fall()]).toEqual([null, null]);
  now = REPEAT_MS;
  expect(fall()).toMatchObject({
    text: 'web: it fell; it is started again; 2 more such since the notice before',
  });
  finder.of(changed('running'));
  expect(finder.of(changed('failed', 'it fell too often'))).toMatchObject({ text: 'web: it fell too often' });
});

test('memory that runs out is told, other events of the kernel are not', () => {
  const finder = new NoticeFinder();
  const event = (kind: string) =>
    ({ type: 'guest.event', guest: 'g1', name: 'web', at: '', kind, message: 'sh was killed' }) as BerthEvent;
  expect(finder.of(event('oom-kill'))).toMatchObject({ kind: 'guest.memory', text: 'web: sh was killed' });
  expect(finder.of(event('oom-kill'))).toBeNull();
  // It waits for somebody: that is another matter.
  expect(finder.of(event('memory-full'))).toMatchObject({ kind: 'guest.memory' });
  expect(finder.of(event('throttled'))).toBeNull();
});

test('operations that fail are told with their reason, and what was made and deleted', () => {
  const finder = new NoticeFinder();
  finder.knows({ id: 'g1', state: 'running', project: 'shop' });
  expect(finder.of(operation('guest.start', 'running'))).toBeNull();
  expect(finder.of(operation('guest.start', 'done'))).toBeNull();
  expect(finder.of(operation('guest.start', 'failed', 'no memory'))).toEqual({
    ...about,
    kind: 'operation.failed',
    text: 'guest.start of web by ann has failed: no memory',
  });
  expect(finder.of(operation('guest.create', 'done'))).toMatchObject({ kind: 'guest.created' });
  expect(finder.of(operation('guest.trash', 'done'))).toMatchObject({
    kind: 'guest.deleted',
    text: 'web was put into the trash by ann',
  });
  expect(finder.of(operation('guest.restore', 'done'))).toMatchObject({
    kind: 'guest.created',
    text: 'web was brought back out of the trash by ann',
  });
  finder.of(operation('guest.trash', 'done'));
  // In the trash it still is of its project.
  expect(finder.of(operation('guest.delete', 'done'))).toEqual({
    ...about,
    kind: 'guest.deleted',
    text: 'web was deleted for good by ann',
  });
});

test('a back-up that has failed is told with the reason, one that was made is not', () => {
  const finder = new NoticeFinder();
  expect(finder.of({ type: 'backups.changed', failed: null })).toBeNull();
  const failed = 'the back-up of the database failed: no room';
  expect(finder.of({ type: 'backups.changed', failed })).toMatchObject({
    ...{ kind: 'backup.failed', guest: null, text: failed },
  });
});
