'use client';

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { notify } from '../../_ui/index.ts';
import type { Direction } from './desk-layout.ts';
import { type DeskPane, paneOf } from './desk-pane.ts';
import {
  activeTab,
  beside,
  changePane,
  changeTabOf,
  type DeskState,
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
import type { ShellRequest } from './shell-request.ts';
import { useAddressOfShell } from './use-address-of-shell.ts';
import { useDeskMemory } from './use-desk-memory.ts';

/** ms between two looks at which shells there are: nobody tells the page of one opened elsewhere. */
const LOOK_AGAIN = 5000;

let created = 0;

function newPane(guest: string, over: Partial<DeskPane> = {}): DeskPane {
  created += 1;
  return { key: `new-${created}`, guest, session: null, operation: null, request: {}, ...over };
}

/** Where a new pane goes: a tab of its own, or a part of a pane's place. */
export type PlaceOnDesk = 'tab' | { pane: string; direction: Direction };

/**
 * The shells on a desk: those of one guest, which all come by themselves unless they were detached, or of many guests, which are put
 * there. Remembered for the person, in whichever browser.
 */
export function useDesk(guest: string | null) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const address = useSearchParams();
  const [asked] = useState({ session: address.get('session'), operation: address.get('operation') });
  const [state, setState] = useState<DeskState>(() => {
    const { session } = asked;
    const operation = session ? null : asked.operation;
    if (guest === null || (!session && !operation)) return EMPTY_DESK;
    return inNewTab(EMPTY_DESK, newPane(guest, { ...(session && { key: session }), session, operation }));
  });
  const look = { refetchOnMount: 'always', refetchInterval: LOOK_AGAIN } as const;
  const ofGuest = useQuery(
    trpc.console.sessions.queryOptions({ guest: guest ?? '' }, { ...look, enabled: guest !== null }),
  );
  const ofAll = useQuery(trpc.console.all.queryOptions(undefined, { ...look, enabled: guest === null }));
  const query = guest === null ? ofAll : ofGuest;
  const sessions = query.isFetchedAfterMount ? query.data : undefined;
  const closed = useRef(new Set<string>());

  const { memory, remembered } = useDeskMemory(guest, async (merged) => {
    // What the other browser has put there may be newer than the list here.
    const { data } = await query.refetch();
    if (data) setState((before) => rejoin(before, merged, data));
  });
  // First what is remembered, as far as it still runs; then what else there is.
  const [isRestored, setRestored] = useState(false);
  useEffect(() => {
    if (!sessions || !remembered) return;
    const open = sessions.filter(({ id }) => !closed.current.has(id));
    setState((before) => {
      let next = isRestored ? before : restore(before, remembered, open);
      const named = isRestored || guest !== null ? undefined : open.find(({ id }) => id === asked.session);
      const there = next.panes.find(({ session }) => session === named?.id);
      if (there) next = focusOn(next, there.key);
      else if (named && named.exit === null) next = inNewTab(next, paneOf(named));
      // One that is being opened here may be listed before this page hears its id.
      const isOpening = next.panes.some(({ session }) => session === null);
      return withSessions(next, open, guest !== null && !isOpening);
    });
    setRestored(true);
  }, [sessions, remembered, guest, isRestored, asked]);
  useEffect(() => {
    if (isRestored) memory?.remember(storedOf(state));
  }, [isRestored, memory, state]);

  const tab = activeTab(state);
  const focused = state.panes.find(({ key }) => key === tab?.focus) ?? null;
  useAddressOfShell(isRestored || guest !== null, focused);

  const put = useCallback((pane: DeskPane, place: PlaceOnDesk) => {
    setState((before) =>
      place === 'tab' ? inNewTab(before, pane) : beside(before, place.pane, place.direction, pane),
    );
  }, []);
  const open = useCallback(
    (where: string, request: ShellRequest, place: PlaceOnDesk = 'tab') =>
      put(newPane(where, { request }), place),
    [put],
  );
  const follow = useCallback(
    (where: string, operation: string) =>
      setState((before) => {
        const without = before.panes.filter(({ session }) => session === null);
        const rest = without.reduce((state, { key }) => withoutPane(state, key, false), before);
        return inNewTab(rest, newPane(where, { operation }));
      }),
    [],
  );

  /** Take a pane off this desk; the shell goes on, or is ended. */
  const takeOff = (pane: DeskPane, what: 'detach' | 'end') => {
    setState((before) => withoutPane(before, pane.key, what === 'detach'));
    if (what === 'detach' || !pane.session) return;
    closed.current.add(pane.session);
    api.console.close.mutate({ session: pane.session }).then(
      () => query.refetch(),
      (error: unknown) => {
        const { code, message } = toApiError(error);
        if (code !== 'not_found') notify({ title: 'the shell was not ended', detail: message, tone: 'bad' });
      },
    );
  };

  const rename = ({ key, session, request }: DeskPane, name: string | null) => {
    const { name: before, ...rest } = request;
    const called = (as: string | null | undefined) =>
      setState((state) => changePane(state, key, { request: as ? { ...rest, name: as } : rest }));
    called(name);
    if (session === null) return;
    api.console.rename.mutate({ session, name }).then(
      () => query.refetch(),
      (error: unknown) => {
        called(before);
        notify({ title: 'the shell was not named', detail: toApiError(error).message, tone: 'bad' });
      },
    );
  };

  return {
    ...{ state, tab, focused, sessions, isRestored, put, open, follow, takeOff, rename },
    error: sessions ? null : query.error,
    retry: () => void query.refetch(),
    look: () => void query.refetch(),
    focus: useCallback((pane: string) => setState((before) => focusOn(before, pane)), []),
    change: useCallback(
      (pane: string, over: Partial<DeskPane>) => setState((before) => changePane(before, pane, over)),
      [],
    ),
    move: useCallback((tab: string, by: -1 | 1) => setState((before) => moveTab(before, tab, by)), []),
    changeTab: useCallback(
      (pane: string, change: Parameters<typeof changeTabOf>[2]) =>
        setState((before) => changeTabOf(before, pane, change)),
      [],
    ),
  };
}

export type Desk = ReturnType<typeof useDesk>;
