'use client';

import { useEffect } from 'react';
import type { DeskPane } from './desk-pane.ts';

/** The address names the shell that is looked at, so that a reload comes back to it. */
export function useAddressOfShell(isKnown: boolean, pane: DeskPane | null): void {
  const session = pane?.session ?? null;
  const operation = session === null ? (pane?.operation ?? null) : null;
  useEffect(() => {
    if (!isKnown) return;
    const url = new URL(window.location.href);
    url.searchParams.delete('session');
    url.searchParams.delete('operation');
    if (session) url.searchParams.set('session', session);
    else if (operation) url.searchParams.set('operation', operation);
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, '', url);
  }, [isKnown, session, operation]);
}
