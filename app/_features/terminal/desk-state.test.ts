import { expect, it } from 'vitest';
import { storedDesk } from '../../../server/desk/schema.ts';
import { leavesOf } from './desk-layout.ts';
import type { DeskPane } from './desk-pane.ts';
import {
  activeTab,
  beside,
  changePane,
  EMPTY_DESK,
  focusOn,
  inNewTab,
  moveTab,
  rejoin,
  restore,
  storedOf,
  withoutPane,
  withSessions,
} from './desk-state.ts';

const pane = (key: string, session: string | null = key): DeskPane => ({
  ...{ key, guest: 'g', session, operation: null, request: {} },
});
const view = (id: string, exit: { status: number; signal: null } | null = null) => ({
  ...{ id, guest: 'g', guestId: 'g1', createdAt: '2026-01-01T00:00:00Z', command: [], user: 'root', exit },
  ...{ name: null, title: '', people: [], idleMinutes: null },
});
/** a beside b in one tab, c in another, which is in front. */
const DESK = inNewTab(beside(inNewTab(EMPTY_DESK, pane('a')), 'a', 'right', pane('b')), pane('c'));

it('is remembered with its layouts, and heals when shells have ended', () => {
  const stored = storedDesk.parse(JSON.parse(JSON.stringify(storedOf(DESK))));
  const back = restore(EMPTY_DESK, stored, [view('a'), view('b'), view('c')]);
  expect(back.tabs.map(({ layout }) => leavesOf(layout))).toEqual([['a', 'b'], ['c']]);
  expect(activeTab(back)?.focus).toBe('c');
  const healed = restore(EMPTY_DESK, stored, [view('b'), view('c', { status: 0, signal: null })]);
  expect(healed.tabs.map(({ layout }) => layout)).toEqual(['b']);
  expect(healed.panes.map(({ key }) => key)).toEqual(['b']);
  expect(activeTab(healed)?.focus).toBe('b');
});

it('keeps the pane of the shell that the address names, and has it in front', () => {
  const stored = storedOf(DESK);
  const opened = inNewTab(EMPTY_DESK, pane('new-1', 'b'));
  const back = restore(opened, stored, [view('a'), view('b'), view('c')]);
  expect(back.tabs.map(({ layout }) => leavesOf(layout))).toEqual([['a', 'new-1'], ['c']]);
  expect(activeTab(back)?.focus).toBe('new-1');
  expect(back.panes).toContain(opened.panes[0]);
});

it('remembers no pane that has no shell yet, and places none twice', () => {
  const stored = storedOf(beside(DESK, 'c', 'down', pane('new-1', null)));
  expect(stored.tabs[1]?.layout).toBe('c');
  const twice = { ...stored, tabs: [...stored.tabs, ...stored.tabs] };
  expect(restore(EMPTY_DESK, twice, [view('a'), view('b'), view('c')]).panes).toHaveLength(3);
});

it('detaches: the pane goes, its shell is listed and does not come back by itself', () => {
  const off = withoutPane(DESK, 'b', true);
  expect(off.detached).toEqual(['b']);
  expect(off.tabs.map(({ layout }) => layout)).toEqual(['a', 'c']);
  expect(withSessions(off, [view('a'), view('b'), view('c')], true)).toBe(off);
  expect(withSessions(off, [view('d')], false)).toBe(off);
  const more = withSessions(off, [view('d')], true);
  expect(more.tabs.map(({ layout }) => layout)).toEqual(['a', 'c', 'd']);
  expect(activeTab(more)?.focus).toBe('c');
  expect(inNewTab(off, pane('b')).detached).toEqual([]);
  expect(storedOf(off).detached).toEqual(['b']);
});

it('goes on to a tab beside when the one in front is empty, and to a pane beside within one', () => {
  expect(activeTab(withoutPane(DESK, 'c', false))?.focus).toBe('b');
  const focused = focusOn(DESK, 'b');
  expect(activeTab(withoutPane(focused, 'b', false))?.focus).toBe('a');
  const last = withoutPane(withoutPane(withoutPane(DESK, 'a', false), 'b', false), 'c', false);
  expect(last).toEqual({ ...EMPTY_DESK, detached: [] });
  expect(changePane(DESK, 'a', { session: null }).panes[0]?.session).toBeNull();
});

it('takes what another browser changed: what is opening, what is in front and what has ended here stay', () => {
  // c shares its tab with one that is being opened; d is over.
  const here = inNewTab(focusOn(beside(DESK, 'c', 'down', pane('new-1', null)), 'a'), pane('d'));
  const front = focusOn(here, 'a');
  const merged = {
    tabs: [
      { layout: 'e', focus: 'e' },
      { layout: 'c', focus: 'c' },
      { layout: 'a', focus: 'a' },
    ],
    active: 0,
    detached: ['b'],
  };
  const all = [view('a'), view('b'), view('c'), view('d', { status: 0, signal: null }), view('e')];
  const next = rejoin(front, merged, all);
  expect(next.tabs.map(({ layout }) => leavesOf(layout))).toEqual([['e'], ['c'], ['a'], ['new-1'], ['d']]);
  expect(next.panes.map(({ key }) => key).sort()).toEqual(['a', 'c', 'd', 'e', 'new-1']);
  expect(activeTab(next)?.focus).toBe('a');
  expect(next.detached).toEqual(['b']);
  expect(next.panes.find(({ key }) => key === 'a')).toBe(front.panes[0]);
});

it('moves a tab to either side, and not over the end', () => {
  const order = (by: -1 | 1) => moveTab(DESK, 'c', by).tabs.map(({ key }) => key);
  expect(order(-1)).toEqual(['c', 'a']);
  expect(moveTab(DESK, 'c', 1)).toBe(DESK);
  expect(storedOf(moveTab(DESK, 'c', -1))).toMatchObject({ active: 0 });
});
