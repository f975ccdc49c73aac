'use client';

import { useEffect, useRef, useState } from 'react';
import type { ConsoleControl, ConsolePeople } from '../../../server/console/protocol.ts';
import type { RecordingMark } from '../../../server/recording/schema.ts';
import { plural } from '../../_ui/index.ts';
import { openTerminalSocket } from './ask-ticket.ts';
import type { ConnectionState } from './connection-state.ts';
import { TerminalConnection } from './terminal-connection.ts';
import { isReport } from './terminal-reports.ts';
import type { InputKind, TerminalView } from './terminal-view.ts';

export interface TerminalSource {
  /** Another key is another terminal. */
  key: string;
  askTicket(): Promise<string>;
}

const CONNECTING: ConnectionState = { status: 'connecting' };

/** Joins a view to a terminal of the server for as long as both stay; null of either waits. */
export function useTerminalConnection(view: TerminalView | null, source: TerminalSource | null) {
  const key = source?.key ?? null;
  const [told, setTold] = useState<{ key: string | null; state: ConnectionState }>({
    key,
    state: CONNECTING,
  });
  // How another terminal ended says nothing of this one.
  const state = told.key === key ? told.state : CONNECTING;
  const connection = useRef<TerminalConnection | null>(null);
  const [people, setPeople] = useState<ConsolePeople | null>(null);
  const [recording, setRecording] = useState<RecordingMark | null>(null);
  const mayDrive = people?.people.find(({ id }) => id === people.you)?.mayDrive ?? true;
  const drives = people === null || people.driver === people.you;
  const ask = useRef(source?.askTicket);
  useEffect(() => {
    ask.current = source?.askTicket;
  });

  useEffect(() => {
    if (!view || key === null) return;
    const mine = new TerminalConnection({
      askTicket: async () => (await ask.current?.()) ?? '',
      openSocket: openTerminalSocket,
      write: (bytes, shown) => view.write(bytes, shown),
      screen: (screen, shown) => view.showScreen(screen, shown),
      sized: (size) => view.follow(size),
      people: (next) => {
        setPeople(next);
        // The one who drives gives the size; who watches shows the terminal at the size that it has.
        if (next && next.driver === next.you) view.follow(null);
        else if (next) view.follow({ columns: view.columns, rows: view.rows });
      },
      recording: setRecording,
      gap: (lost) => view.note(`${plural(lost, 'byte')} of output did not fit the buffer and are lost`),
      reset: () => view.reset(),
      changed: (next) => setTold({ key, state: next }),
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
      setPeople(null);
      setRecording(null);
    };
  }, [view, key]);

  return {
    state,
    people,
    /** Whether the keys of this window count. */
    drives,
    recording,
    /** False: the server takes no key of this person; nobody can change that here. */
    mayDrive,
    control: (control: ConsoleControl) => connection.current?.control(control),
    input(data: string, how: InputKind) {
      // Each window that watches answers what the guest asks, too: only the one that drives counts.
      if (drives || !isReport(data)) connection.current?.input(data, how === 'binary');
    },
    resize: (columns: number, rows: number) => connection.current?.resize(columns, rows),
    restart: () => connection.current?.start(),
    retryNow: () => connection.current?.retryNow(),
  };
}
