'use client';

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { notify } from '../../_ui/index.ts';
import type { ShellRequest } from './shell-request.ts';
import { type TerminalTab, withSessions } from './terminal-tab.ts';

let created = 0;

function newTab(over: Partial<TerminalTab>): TerminalTab {
  created += 1;
  return { key: over.session ?? `new-${created}`, session: null, operation: null, request: {}, ...over };
}

/** The shells of a guest as tabs: those the server has, those that the address names, and those being opened. */
export function useTerminalTabs(guest: string, canEnter: boolean) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const address = useSearchParams();
  const session = address.get('session');
  const operation = address.get('operation');
  const [tabs, setTabs] = useState<readonly TerminalTab[]>(() =>
    session || operation ? [newTab({ session, operation: session ? null : operation })] : [],
  );
  const [active, setActive] = useState<string | null>(tabs[0]?.key ?? null);
  const closed = useRef(new Set<string>());
  const sessions = useQuery(trpc.console.sessions.queryOptions({ guest }, { refetchOnMount: 'always' }));

  const known = sessions.isFetchedAfterMount ? sessions.data : undefined;
  const all = withSessions(
    tabs,
    (known ?? []).filter((one) => !closed.current.has(one.id)),
  );
  const current = all.find((tab) => tab.key === active) ?? all[0];

  const open = useCallback((request: ShellRequest) => {
    const tab = newTab({ request });
    setTabs((before) => [...before, tab]);
    setActive(tab.key);
  }, []);
  const follow = useCallback((id: string) => {
    const tab = newTab({ operation: id });
    setTabs((before) => [...before.filter((other) => other.session !== null), tab]);
    setActive(tab.key);
  }, []);

  // Tabs of the server become our own, so that they stay when their shell ends; with none at all, one is opened.
  useEffect(() => {
    if (!known) return;
    setTabs((before) =>
      withSessions(
        before,
        known.filter((one) => !closed.current.has(one.id)),
      ),
    );
  }, [known]);
  const hasOpenedFirst = useRef(false);
  const isEmpty = known !== undefined && all.length === 0;
  useEffect(() => {
    if (!isEmpty || !canEnter || hasOpenedFirst.current) return;
    hasOpenedFirst.current = true;
    open({});
  }, [isEmpty, canEnter, open]);

  // The address names the shell that is looked at: a reload comes back to it.
  const shown = current?.session ?? null;
  const shownOperation = shown === null ? (current?.operation ?? null) : null;
  useEffect(() => {
    const url = new URL(window.location.href);
    url.searchParams.delete('session');
    url.searchParams.delete('operation');
    if (shown) url.searchParams.set('session', shown);
    else if (shownOperation) url.searchParams.set('operation', shownOperation);
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, '', url);
  }, [shown, shownOperation]);

  const change = useCallback((key: string, over: Partial<TerminalTab>) => {
    setTabs((before) => before.map((tab) => (tab.key === key ? { ...tab, ...over } : tab)));
  }, []);
  const close = (tab: TerminalTab) => {
    hasOpenedFirst.current = true;
    const index = all.indexOf(tab);
    const rest = all.filter((other) => other !== tab);
    setTabs(rest);
    if (tab === current) setActive(rest[Math.min(index, rest.length - 1)]?.key ?? null);
    if (!tab.session) return;
    closed.current.add(tab.session);
    api.console.close.mutate({ session: tab.session }).catch((error: unknown) => {
      const { code, message } = toApiError(error);
      if (code !== 'not_found') notify({ title: 'the shell was not closed', detail: message, tone: 'bad' });
    });
  };

  return {
    tabs: all,
    current,
    isLoading: known === undefined && !sessions.error,
    setActive,
    open,
    follow,
    change,
    close,
  };
}
