'use client';

import { useEffect, useRef, useState } from 'react';
import { plural } from '../../_ui/index.ts';
import { openTerminalSocket } from './ask-ticket.ts';
import type { ConnectionState } from './connection-state.ts';
import { TerminalConnection } from './terminal-connection.ts';
import { isReport } from './terminal-reports.ts';
import type { TerminalView } from './terminal-view.ts';

export interface TerminalSource {
  /** Another key is another terminal. */
  key: string;
  askTicket(): Promise<string>;
}

/** Joins a view to a terminal of the server for as long as both stay; null of either waits. */
export function useTerminalConnection(view: TerminalView | null, source: TerminalSource | null) {
  const [state, setState] = useState<ConnectionState>({ status: 'connecting' });
  const connection = useRef<TerminalConnection | null>(null);
  const replay = useRef({ until: 0, shown: 0 });
  const ask = useRef(source?.askTicket);
  useEffect(() => {
    ask.current = source?.askTicket;
  });

  const key = source?.key ?? null;
  useEffect(() => {
    if (!view || key === null) return;
    replay.current = { until: 0, shown: 0 };
    const mine = new TerminalConnection({
      askTicket: async () => (await ask.current?.()) ?? '',
      openSocket: openTerminalSocket,
      write: (bytes, shown) => {
        const end = mine.offset;
        view.write(bytes, () => {
          replay.current.shown = end;
          shown();
        });
      },
      gap: (lost) => view.note(`${plural(lost, 'byte')} of output did not fit the buffer and are lost`),
      reset: () => view.reset(),
      attached: ({ end }, first) => {
        if (first) replay.current.until = end;
      },
      changed: setState,
    });
    connection.current = mine;
    if (view.isVisible) mine.resize(view.columns, view.rows);
    mine.start();
    const retry = () => mine.retryNow();
    window.addEventListener('online', retry);
    document.addEventListener('visibilitychange', retry);
    return () => {
      window.removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', retry);
      connection.current = null;
      mine.dispose();
    };
  }, [view, key]);

  return {
    state,
    input(data: string, binary: boolean) {
      const isReplaying = replay.current.shown < replay.current.until;
      if (!(isReplaying && isReport(data))) connection.current?.input(data, binary);
    },
    resize: (columns: number, rows: number) => connection.current?.resize(columns, rows),
    restart: () => connection.current?.start(),
    retryNow: () => connection.current?.retryNow(),
  };
}
