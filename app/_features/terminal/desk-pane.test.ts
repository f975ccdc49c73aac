import { expect, it } from 'vitest';
import { type DeskPane, titlesOf, withNames } from './desk-pane.ts';

const session = {
  ...{ guest: 'g', guestId: 'g1', createdAt: '2026-01-01T00:00:00Z', command: [], user: 'root', exit: null },
  ...{ name: null, title: '', people: [], idleMinutes: null },
};
const pane: DeskPane = { key: 'new-1', guest: 'g', session: 'a', operation: null, request: {} };

it('gives the same array when nothing is new', () => {
  const panes = [pane];
  expect(withNames(panes, [{ ...session, id: 'a' }])).toBe(panes);
});

it('names panes by command and user, numbers the rest, and tells the guest where that says something', () => {
  const panes = [
    pane,
    { ...pane, key: '2', request: { command: ['/usr/bin/top'] } },
    { ...pane, key: '3', request: { user: 'ada' } },
    { ...pane, key: '4', request: { name: 'deploy', command: ['make'] } },
    { ...pane, key: '5' },
  ];
  expect([...titlesOf(panes).values()]).toEqual(['shell', 'top', 'ada: shell', 'deploy', 'shell 2']);
  expect([...titlesOf(panes, true).values()].slice(3)).toEqual(['g: deploy', 'g: shell 2']);
});

it('calls a pane as its shell and its guest are called on the server', () => {
  const named = withNames([pane], [{ ...session, id: 'a', name: 'release', guest: 'h' }]);
  expect(named).toEqual([{ ...pane, guest: 'h', request: { name: 'release' } }]);
  expect(withNames(named, [{ ...session, id: 'a' }])).toEqual([{ ...pane, request: {} }]);
});
