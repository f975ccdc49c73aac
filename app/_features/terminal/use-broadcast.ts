'use client';

import { useCallback, useRef, useState } from 'react';
import type { PanePort } from './shell-pane.tsx';

export interface Broadcast {
  /** Panes that were chosen; null: it is off. */
  chosen: ReadonlySet<string> | null;
  /** Of those, the ones that are seen and take keys now. */
  receivers: readonly string[];
  start: (panes: readonly string[]) => void;
  stop: () => void;
  choose: (pane: string, isChosen: boolean) => void;
  /** How to reach a pane; null: not any more. */
  onPort: (pane: string, port: PanePort | null) => void;
  portOf: (pane: string) => PanePort | null;
  /** Something was typed or pasted in one pane: to all other receivers, if that one is among them. */
  typed: (from: string, data: string) => void;
  pasted: (from: string, text: string) => void;
}

/**
 * Typing in one pane that reaches others: those that were chosen among the panes that are seen, never one that only watches. Nothing
 * remembers it, so that it is off after a reload.
 */
export function useBroadcast(seen: readonly string[]): Broadcast {
  const ports = useRef(new Map<string, PanePort>());
  const [able, setAble] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const receivers = chosen === null ? [] : seen.filter((pane) => chosen.has(pane) && able.has(pane));

  const onPort = useCallback((pane: string, port: PanePort | null) => {
    if (port) ports.current.set(pane, port);
    else ports.current.delete(pane);
    setAble((before) => {
      const isAble = port?.canReceive ?? false;
      if (before.has(pane) === isAble) return before;
      const next = new Set(before);
      if (isAble) next.add(pane);
      else next.delete(pane);
      return next;
    });
  }, []);
  const toOthers = (from: string, send: (port: PanePort) => void) => {
    if (!receivers.includes(from)) return;
    for (const pane of receivers) {
      const port = pane === from ? undefined : ports.current.get(pane);
      if (port) send(port);
    }
  };
  return {
    chosen,
    receivers,
    start: (panes) => setChosen(new Set(panes)),
    stop: useCallback(() => setChosen(null), []),
    choose: (pane, isChosen) =>
      setChosen((before) => {
        const next = new Set(before);
        if (isChosen) next.add(pane);
        else next.delete(pane);
        return next;
      }),
    onPort,
    portOf: (pane) => ports.current.get(pane) ?? null,
    typed: (from, data) => toOthers(from, (port) => port.send(data)),
    pasted: (from, text) => toOthers(from, (port) => port.paste(text)),
  };
}
