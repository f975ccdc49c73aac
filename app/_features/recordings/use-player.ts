'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import {
  loadTerminalView,
  publishTerminal,
  type TerminalView,
  useTerminalSettings,
} from '../terminal/index.ts';
import type { Cast } from './cast.ts';
import { CastPlayer, type PlayerState } from './cast-player.ts';

const FIRST: PlayerState = { time: 0, isPlaying: false, speed: 1, skipsPauses: true };

/** A player of a cast in an element; it shows the first moment, and plays when it is told to. */
export function usePlayer(host: RefObject<HTMLDivElement | null>, cast: Cast | null, name: string) {
  const [state, setState] = useState(FIRST);
  const player = useRef<CastPlayer | null>(null);
  const settings = useTerminalSettings();
  const first = useRef(settings);
  useEffect(() => {
    if (!cast) return;
    let isGone = false;
    let view: TerminalView | null = null;
    let unpublish: (() => void) | null = null;
    void loadTerminalView().then((module) => {
      if (isGone || !host.current) return;
      const made = new module.TerminalView({
        host: host.current,
        label: 'recording',
        settings: first.current,
        // A recording asks nobody anything: what the terminal would answer goes nowhere, and its links lead nowhere.
        onInput: () => undefined,
        onResize: () => undefined,
        onPaste: () => undefined,
        onLink: () => undefined,
        onShortcut: () => undefined,
      });
      view = made;
      made.setReadOnly(true);
      unpublish = publishTerminal(`recording:${name}`, {
        text: () => made.text(),
        get columns() {
          return made.columns;
        },
        get rows() {
          return made.rows;
        },
      });
      player.current = new CastPlayer(
        cast,
        {
          write: (text, done) => made.write(text, done),
          reset: () => made.reset(),
          resize: (size) => made.follow(size),
          picture: () => made.picture(),
        },
        setState,
      );
      void player.current.seek(0);
    });
    return () => {
      isGone = true;
      player.current?.dispose();
      player.current = null;
      unpublish?.();
      view?.dispose();
      setState(FIRST);
    };
  }, [host, cast, name]);
  return { state, player };
}
