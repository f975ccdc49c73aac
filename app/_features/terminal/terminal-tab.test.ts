import { expect, it } from 'vitest';
import { type TerminalTab, titlesOf, withSessions } from './terminal-tab.ts';

const session = {
  ...{ guest: 'g', createdAt: '2026-01-01T00:00:00Z', command: [], user: 'root', exit: null },
  ...{ name: null, title: '', people: [], idleMinutes: null },
};
const tab: TerminalTab = { key: 'new-1', session: 'a', operation: null, request: {} };

it('adds shells that run and have no tab, and keeps the tabs there are', () => {
  const ended = { ...session, id: 'c', exit: { status: 0, signal: null } };
  const tabs = withSessions([tab], [{ ...session, id: 'a' }, { ...session, id: 'b', user: 'ada' }, ended]);
  expect(tabs.map((one) => one.key)).toEqual(['new-1', 'b']);
  expect(tabs[1]?.request).toEqual({ user: 'ada' });
});

it('gives the same array when nothing is new', () => {
  const tabs = [tab];
  expect(withSessions(tabs, [{ ...session, id: 'a' }])).toBe(tabs);
});

it('names tabs by command and user, and numbers the rest', () => {
  const titles = titlesOf([
    tab,
    { ...tab, request: { command: ['/usr/bin/top'] } },
    { ...tab, request: { user: 'ada' } },
    { ...tab, request: { name: 'deploy', command: ['make'] } },
    tab,
  ]);
  expect(titles).toEqual(['shell', 'top', 'ada: shell', 'deploy', 'shell 2']);
});

it('calls a tab as its shell is called on the server', () => {
  const named = withSessions([tab], [{ ...session, id: 'a', name: 'release' }]);
  expect(named).toEqual([{ ...tab, request: { name: 'release' } }]);
  expect(withSessions(named, [{ ...session, id: 'a' }])).toEqual([{ ...tab, request: {} }]);
});
