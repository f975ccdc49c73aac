'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { useStable } from '../../_ui/index.ts';
import { askTicket } from './ask-ticket.ts';
import type { ShellRequest } from './shell-request.ts';
import type { TerminalView } from './terminal-view.ts';
import { useTerminalConnection } from './use-terminal-connection.ts';

export interface UseShellOptions {
  view: TerminalView | null;
  guest: string;
  /** An existing shell; null: a new one is opened as soon as `ready`. */
  session: string | null;
  request: ShellRequest;
  ready: boolean;
  onSession: (session: string) => void;
}

/** A shell in a view: opens one where there is none yet, attaches, and keeps it attached. */
export function useShell({ view, guest, session, request, ready, onSession }: UseShellOptions) {
  const api = useTRPCClient();
  const [error, setError] = useState<ApiError | null>(null);
  /** The ticket that came with a new shell: the first connection needs no other. */
  const ticket = useRef<{ session: string; ticket: string } | null>(null);
  const isOpening = useRef(false);

  // Another function each time the page is drawn must not open another shell.
  const opened = useStable(onSession);
  const open = useCallback(
    async ({ orElse: _, ...wanted }: ShellRequest) => {
      if (!view || isOpening.current) return;
      isOpening.current = true;
      setError(null);
      try {
        const size = view.isVisible ? { columns: view.columns, rows: view.rows } : {};
        const shell = await api.console.openShell.mutate({ guest, ...wanted, ...size });
        ticket.current = shell;
        opened(shell.session);
      } catch (failure) {
        setError(toApiError(failure));
      } finally {
        isOpening.current = false;
      }
    },
    [api, guest, view, opened],
  );

  const wanted = useRef(request);
  useEffect(() => {
    wanted.current = request;
  });
  useEffect(() => {
    if (ready && session === null) void open(wanted.current);
  }, [ready, session, open]);

  const connection = useTerminalConnection(
    view,
    session === null
      ? null
      : {
          key: session,
          askTicket: async () => {
            const held = ticket.current;
            ticket.current = null;
            if (held?.session === session) return held.ticket;
            return askTicket(api, { session });
          },
        },
  );
  return { ...connection, error, open };
}
