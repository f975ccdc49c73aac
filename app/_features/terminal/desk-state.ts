import type { SessionView } from '../../../server/console/schema.ts';
import type { StoredDesk } from '../../../server/desk/schema.ts';
import { type Direction, type Layout, leavesOf, mapLeaves, splitLeaf } from './desk-layout.ts';
import { type DeskPane, paneOf, withNames } from './desk-pane.ts';

export interface DeskTab {
  key: string;
  layout: Layout;
  /** The pane that has the keys. */
  focus: string;
  /** The pane with the focus has the whole tab. */
  isFull: boolean;
}

/** What is on a desk, and where. Every pane is in exactly one tab. */
export interface DeskState {
  panes: readonly DeskPane[];
  tabs: readonly DeskTab[];
  active: string | null;
  /** Shells that run on and were taken off this desk. */
  detached: readonly string[];
}

export const EMPTY_DESK: DeskState = { panes: [], tabs: [], active: null, detached: [] };

export function tabOfPane(state: DeskState, pane: string): DeskTab | null {
  return state.tabs.find(({ layout }) => leavesOf(layout).includes(pane)) ?? null;
}

export function activeTab(state: DeskState): DeskTab | null {
  return state.tabs.find(({ key }) => key === state.active) ?? state.tabs[0] ?? null;
}

const attached = (detached: readonly string[], pane: DeskPane) =>
  detached.filter((session) => session !== pane.session);

/** A tab of its own for the pane, on top. */
export function inNewTab(state: DeskState, pane: DeskPane): DeskState {
  const tab: DeskTab = { key: pane.key, layout: pane.key, focus: pane.key, isFull: false };
  return {
    panes: [...state.panes, pane],
    tabs: [...state.tabs, tab],
    active: tab.key,
    detached: attached(state.detached, pane),
  };
}

/** The pane beside or below another one, which gives it half of its place. */
export function beside(state: DeskState, at: string, direction: Direction, pane: DeskPane): DeskState {
  return {
    ...changeTabOf(state, at, (tab) => ({
      ...tab,
      layout: splitLeaf(tab.layout, at, direction, pane.key),
      focus: pane.key,
      isFull: false,
    })),
    panes: [...state.panes, pane],
    detached: attached(state.detached, pane),
  };
}

export function changeTabOf(state: DeskState, pane: string, change: (tab: DeskTab) => DeskTab): DeskState {
  const at = tabOfPane(state, pane);
  return { ...state, tabs: state.tabs.map((tab) => (tab === at ? change(tab) : tab)) };
}

/** Bring a pane to the front and give it the keys. */
export function focusOn(state: DeskState, pane: string): DeskState {
  const tab = tabOfPane(state, pane);
  if (!tab || (tab.focus === pane && state.active === tab.key)) return state;
  return { ...changeTabOf(state, pane, (one) => ({ ...one, focus: pane })), active: tab.key };
}

export function changePane(state: DeskState, pane: string, over: Partial<DeskPane>): DeskState {
  return { ...state, panes: state.panes.map((one) => (one.key === pane ? { ...one, ...over } : one)) };
}

/** Take a pane off; its neighbour has the place, and an empty tab goes too. With `keep` its shell is listed as detached. */
export function withoutPane(state: DeskState, key: string, keep: boolean): DeskState {
  const pane = state.panes.find((one) => one.key === key);
  const index = state.tabs.findIndex(({ layout }) => leavesOf(layout).includes(key));
  const tab = state.tabs[index];
  if (!pane || !tab) return state;
  const layout = mapLeaves(tab.layout, (leaf) => (leaf === key ? null : leaf));
  const tabs =
    layout === null
      ? state.tabs.filter((one) => one !== tab)
      : state.tabs.map((one) => (one === tab ? { ...tab, ...without(tab, layout, key) } : one));
  const next = tabs[Math.min(index, tabs.length - 1)]?.key ?? null;
  return {
    panes: state.panes.filter((one) => one !== pane),
    tabs,
    active: layout === null && activeTab(state) === tab ? next : state.active,
    detached: keep && pane.session ? [...state.detached, pane.session] : state.detached,
  };
}

function without(tab: DeskTab, layout: Layout, key: string): Pick<DeskTab, 'layout' | 'focus' | 'isFull'> {
  const focus = tab.focus === key ? (leavesOf(layout)[0] ?? '') : tab.focus;
  return { layout, focus, isFull: tab.isFull && tab.focus !== key && typeof layout !== 'string' };
}

/** What to remember: panes whose shell is not open yet are left out. */
export function storedOf(state: DeskState): StoredDesk {
  const session = (key: string) => state.panes.find((pane) => pane.key === key)?.session ?? null;
  const tabs: StoredDesk['tabs'] = [];
  let active = 0;
  for (const tab of state.tabs) {
    const layout = mapLeaves(tab.layout, session);
    if (layout === null) continue;
    if (tab.key === state.active) active = tabs.length;
    tabs.push({ layout, focus: session(tab.focus) ?? leavesOf(layout)[0] ?? '' });
  }
  return { tabs, active, detached: [...state.detached] };
}

/**
 * The desk as it was left, without the shells that have ended meanwhile. What is on the desk already (the shell that the address
 * names) keeps its pane and is in front.
 */
export function restore(state: DeskState, stored: StoredDesk, sessions: readonly SessionView[]): DeskState {
  const running = new Map(sessions.filter(({ exit }) => exit === null).map((one) => [one.id, one]));
  const seen = new Set<string>();
  const panes = [...state.panes];
  const nameOf = (session: string): string | null => {
    const view = running.get(session);
    const known = state.panes.find((pane) => pane.session === session);
    if (seen.has(session) || (!view && !known)) return null;
    seen.add(session);
    if (!known && view) panes.push(paneOf(view));
    return known?.key ?? session;
  };
  const keyOf = (session: string) => panes.find((pane) => pane.session === session)?.key ?? session;
  const tabs: DeskTab[] = [];
  let active: string | null = null;
  for (const [index, { layout: old, focus }] of stored.tabs.entries()) {
    const layout = mapLeaves(old, nameOf);
    const [first] = layout === null ? [] : leavesOf(layout);
    if (layout === null || first === undefined) continue;
    const leaves = leavesOf(layout);
    const was = tabOfPane(state, first);
    const isNew = !was || tabs.some((tab) => tab.key === was.key);
    const key = isNew ? `tab-${first}` : was.key;
    const isFull = was?.isFull === true && was.focus === keyOf(focus);
    tabs.push({ key, layout, focus: leaves.includes(keyOf(focus)) ? keyOf(focus) : first, isFull });
    if (index === stored.active) active = key;
  }
  const placed = new Set(tabs.flatMap(({ layout }) => leavesOf(layout)));
  const inFront = activeTab(state)?.focus ?? null;
  const rest = state.tabs.flatMap((tab) => {
    const layout = mapLeaves(tab.layout, (leaf) => (placed.has(leaf) ? null : leaf));
    if (layout === null) return [];
    const leaves = leavesOf(layout);
    return [{ ...tab, layout, focus: leaves.includes(tab.focus) ? tab.focus : (leaves[0] ?? '') }];
  });
  const detached = stored.detached.filter(
    (id) => running.has(id) && !state.panes.some((pane) => pane.session === id),
  );
  const next: DeskState = {
    panes,
    tabs: [...tabs, ...rest],
    active: active ?? tabs[0]?.key ?? null,
    detached,
  };
  return inFront === null ? next : focusOn(next, inFront);
}

/** The desk as two browsers together have it: what runs and is placed nowhere any more goes off it. */
export function rejoin(state: DeskState, merged: StoredDesk, sessions: readonly SessionView[]): DeskState {
  const placed = new Set(merged.tabs.flatMap(({ layout }) => leavesOf(layout)));
  const running = new Set(sessions.filter(({ exit }) => exit === null).map(({ id }) => id));
  const gone = state.panes.filter(
    ({ session }) => session !== null && running.has(session) && !placed.has(session),
  );
  return restore(
    gone.reduce((rest, { key }) => withoutPane(rest, key, false), state),
    merged,
    sessions,
  );
}

/** The desk with a tab one place further to that side; the same where there is none. */
export function moveTab(state: DeskState, key: string, by: -1 | 1): DeskState {
  const from = state.tabs.findIndex((tab) => tab.key === key);
  const to = from + by;
  const [tab, other] = [state.tabs[from], state.tabs[to]];
  if (!tab || !other) return state;
  const tabs = state.tabs.with(from, other).with(to, tab);
  return { ...state, tabs };
}

/** The desk with the names that the server has, and with a tab for each shell that runs and is not known here, when `adopt`. */
export function withSessions(state: DeskState, sessions: readonly SessionView[], adopt: boolean): DeskState {
  const panes = withNames(state.panes, sessions);
  const named = panes === state.panes ? state : { ...state, panes };
  if (!adopt) return named;
  const known = new Set([...state.panes.map(({ session }) => session), ...state.detached]);
  const added = sessions.filter(({ id, exit }) => exit === null && !known.has(id));
  const front = activeTab(state)?.key ?? null;
  const all = added.reduce((before, session) => inNewTab(before, paneOf(session)), named);
  return added.length === 0 ? named : { ...all, active: front ?? all.tabs[0]?.key ?? null };
}
