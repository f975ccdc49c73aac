import { expect, test } from 'vitest';
import type { GuestView } from '../../../server/guest/schema.ts';
import { findItems } from './palette-items.ts';

const guest = (name: string, state: GuestView['state']) => ({ id: name, name, state }) as GuestView;
const guests = [guest('web-1', 'running'), guest('web-2', 'stopped'), guest('db', 'frozen')];
const labels = (text: string) => findItems(text, guests).map(({ label }) => label);

test('an action is found by its verb and the name, only where the state allows it', () => {
  expect(labels('freeze web')).toEqual(['freeze web-1']);
  expect(labels('start web-2')).toEqual(['start web-2']);
  expect(labels('unfreeze')).toEqual(['unfreeze db']);
  expect(labels('shell')).toEqual(['shell web-1']);
});

test('without a text there are the pages, the actions and each guest once', () => {
  expect(labels('')).toEqual([
    'New guest',
    'Guests',
    'Projects',
    'Terminals',
    'Recordings',
    'Images',
    'Volumes',
    'Trash',
    'Network',
    'Notices',
    'Operations',
    'People',
    'Activity',
    'Host',
    'Keyboard shortcuts',
    'web-1',
    'web-2',
    'db',
  ]);
});

test('what the page on show can do comes first, by its words', () => {
  const run = () => undefined;
  const actions = [{ id: 'detach', icon: 'detach', label: 'detach deploy: it goes on', run } as const];
  expect(findItems('detach', [], actions)[0]).toMatchObject({
    label: 'detach deploy: it goes on',
    does: { kind: 'run', run },
  });
  expect(findItems('freeze', [], actions)).toEqual([]);
});

test('10,000 guests give a short list', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => guest(`g-${index}`, 'running'));
  expect(findItems('g-', many).length).toBeLessThanOrEqual(50);
  expect(findItems('stop g-9999', many).map(({ label }) => label)).toEqual(['stop g-9999']);
});
