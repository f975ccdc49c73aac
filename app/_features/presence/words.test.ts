import { expect, test } from 'vitest';
import type { BerthEvent } from '../../../server/event/schema.ts';
import { ChangeTeller, changeOf, TOGETHER_MS } from './change-words.ts';
import { doingWords, initialsOf } from './doing-words.ts';
import { placeOf } from './place-of.ts';

test.each([
  [[{ page: 'limits' }], false, 'ada: looks at Limits'],
  [[{ page: 'limits' }], true, 'ada: looks at Limits (idle)'],
  [
    [{ terminal: 'shell', name: 'build', types: true }, { page: 'terminal' }],
    false,
    'ada: types in the shell build',
  ],
  [
    [
      { terminal: 'shell', name: null, types: false },
      { terminal: 'console', name: null, types: true },
      { page: 'activity' },
    ],
    false,
    'ada: watches a shell, types in the console, looks at Activity',
  ],
] as const)('%j is told in words', (doing, isIdle, words) => {
  expect(doingWords({ name: 'ada', isIdle, doing: [...doing] })).toBe(words);
});

test.each([
  ['ada', 'AD'],
  ['ada.lovelace', 'AL'],
  ['x', 'X'],
  ['-', '-'],
])('%s has the initials %s', (name, initials) => expect(initialsOf(name)).toBe(initials));

test.each([
  ['/guests', {}],
  ['/people', {}],
  ['/guests/web-1', { guest: 'web-1', page: 'overview' }],
  ['/guests/web-1/limits', { guest: 'web-1', page: 'limits' }],
  ['/guests/a%20b/none', { guest: 'a b', page: 'overview' }],
  ['/guests/%E0', {}],
])('%s is a place', (path, place) => expect(placeOf(path)).toEqual(place));

const GUEST = { id: 'g1', name: 'web-1', version: 3 };
const operation = (kind: string, status: string, actor = 'bob') =>
  ({
    type: 'operation.changed',
    operation: {
      id: `${kind} ${status}`,
      kind,
      status,
      actor,
      subject: { type: 'guest', id: 'g1', name: 'web-1' },
    },
  }) as BerthEvent;

test('what was done to a guest, by whom; not what failed, goes on, or the server does by itself', () => {
  expect(changeOf(operation('guest.stop', 'done'))).toMatchObject({ by: 'bob', words: 'stopped web-1' });
  for (const event of [
    operation('guest.stop', 'running'),
    operation('guest.stop', 'failed'),
    operation('guest.start', 'done', 'policy'),
    operation('image.build', 'done'),
    { type: 'guest.changed', guest: GUEST } as unknown as BerthEvent,
  ])
    expect(changeOf(event)).toBeNull();
  const edit = { by: 'bob', what: ['tags', 'notes', 'fields.cost'] } as const;
  const changed = {
    type: 'guest.changed',
    guest: GUEST,
    edit,
  } as unknown as BerthEvent;
  expect(changeOf(changed)?.words).toBe('changed the tags, notes and field cost of web-1');
});

test('many changes are one line, and each is told once', () => {
  let now = 0;
  const teller = new ChangeTeller(() => now);
  const change = (id: string, guest = 'g1') => ({
    id,
    guest: { id: guest, name: 'web-1' },
    by: 'bob',
    words: 'stopped web-1',
  });
  expect(teller.tell(change('1'))).toEqual({ title: 'bob stopped web-1' });
  expect(teller.tell(change('1'))).toBeNull();
  now += 10;
  expect(teller.tell(change('2'))).toMatchObject({ detail: 'after 1 other change' });
  expect(teller.tell(change('3'))).toMatchObject({ detail: 'after 2 other changes' });
  expect(teller.tell(change('4', 'g2'))).toEqual({ title: 'bob stopped web-1' });
  now += TOGETHER_MS;
  expect(teller.tell(change('5', 'g2'))).toEqual({ title: 'bob stopped web-1' });
});
