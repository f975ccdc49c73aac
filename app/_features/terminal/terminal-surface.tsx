'use client';

import '@xterm/xterm/css/xterm.css';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { cx, IconButton } from '../../_ui/index.ts';
import { HelperKeys } from './helper-keys.tsx';
import { LinkDialog, PasteDialog } from './terminal-dialogs.tsx';
import { publishTerminal } from './terminal-registry.ts';
import { TerminalSearch } from './terminal-search.tsx';
import type { TerminalView } from './terminal-view.ts';
import { changeFontSize, useFontSize } from './use-font-size.ts';
import { useFullScreen } from './use-full-screen.ts';

export interface TerminalSurfaceProps {
  /** What it is, for assistive technology. */
  label: string;
  /** Its key in `window.__berthTerminals`. */
  name: string;
  onView: (view: TerminalView | null) => void;
  onInput?: (data: string, binary: boolean) => void;
  onResize?: (columns: number, rows: number) => void;
  readOnly?: boolean;
  /** Above the text: what is wrong, or going on. */
  banner?: ReactNode;
  /** Below it: how it ended and what can be done. */
  footer?: ReactNode;
  /** At the start of the tool bar. */
  tools?: ReactNode;
  hidden?: boolean;
  /** Over the text, which stays readable. */
  overlay?: ReactNode;
}

/** A terminal with its tools: search, font size, full screen, helper keys, and the questions it asks. */
export function TerminalSurface(props: TerminalSurfaceProps) {
  const { name, onView, readOnly = false, hidden = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const [view, setView] = useState<TerminalView | null>(null);
  const [searching, setSearching] = useState(false);
  const [pasting, setPasting] = useState<{ text: string; lines: number } | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const [control, setControl] = useState(false);
  const controlRef = useRef(false);
  const fontSize = useFontSize();
  const [isFull, toggleFullScreen] = useFullScreen();
  const firstSize = useRef(fontSize);
  useEffect(() => {
    latest.current = props;
    controlRef.current = control;
  });

  useEffect(() => {
    let made: TerminalView | null = null;
    let isGone = false;
    void import('./terminal-view.ts').then((module) => {
      if (isGone || !host.current) return;
      made = new module.TerminalView({
        host: host.current,
        label: latest.current.label,
        fontSize: firstSize.current,
        onInput: (data, binary) => {
          const typed = controlRef.current && !binary ? withControl(data) : data;
          if (controlRef.current) setControl(false);
          latest.current.onInput?.(typed, binary);
        },
        onResize: (columns, rows) => latest.current.onResize?.(columns, rows),
        onLongPaste: (text, lines) => setPasting({ text, lines }),
        onLink: setLink,
        onShortcut: (shortcut) => {
          if (shortcut === 'search') setSearching(true);
          else toolbar.current?.querySelector('button')?.focus();
        },
      });
      setView(made);
    });
    return () => {
      isGone = true;
      made?.dispose();
      setView(null);
    };
  }, []);

  useEffect(() => onView(view), [view, onView]);
  useEffect(() => view?.setFontSize(fontSize), [view, fontSize]);
  useEffect(() => view?.setReadOnly(readOnly), [view, readOnly]);
  useEffect(() => {
    if (!view) return;
    return publishTerminal(name, {
      text: () => view.text(),
      get columns() {
        return view.columns;
      },
      get rows() {
        return view.rows;
      },
    });
  }, [view, name]);
  useEffect(() => {
    if (!view || hidden) return;
    view.fitToHost();
    view.focus();
  }, [view, hidden]);

  const closeSearch = () => {
    setSearching(false);
    view?.endSearch();
    view?.focus();
  };

  return (
    <div
      className={cx(
        'flex min-h-0 flex-1 flex-col bg-[light-dark(#ffffff,#0e1013)]',
        hidden && 'hidden',
        isFull && 'fixed inset-0 z-30',
      )}
    >
      <div ref={toolbar} className="flex min-h-9 items-center gap-1 border-line border-b bg-surface px-2">
        <div className="flex min-w-0 flex-1 items-center gap-2 text-sm">{props.tools}</div>
        <IconButton icon="search" label="Search" shortcut="Ctrl Shift F" onClick={() => setSearching(true)} />
        <IconButton icon="minus" label="Smaller text" onClick={() => changeFontSize(-1)} />
        <IconButton icon="plus" label="Larger text" onClick={() => changeFontSize(1)} />
        <IconButton icon="expand" label="Full screen" pressed={isFull} onClick={toggleFullScreen} />
      </div>
      {props.banner}
      {searching && view && <TerminalSearch view={view} onClose={closeSearch} />}
      <div className="relative min-h-0 flex-1">
        <div ref={host} className="absolute inset-0 isolate overflow-hidden pt-1 pl-2" data-terminal={name} />
        {props.overlay}
      </div>
      {props.footer}
      {!readOnly && view && <HelperKeys view={view} control={control} onControl={setControl} />}
      <PasteDialog
        paste={pasting}
        onClose={() => setPasting(null)}
        onPaste={(text) => {
          setPasting(null);
          view?.paste(text);
          view?.focus();
        }}
      />
      <LinkDialog link={link} onClose={() => setLink(null)} />
    </div>
  );
}

/** What a key sends with Ctrl held: `c` becomes ^C. Keys that have no such form stay as they are. */
function withControl(data: string): string {
  const code = data.toUpperCase().charCodeAt(0);
  return data.length === 1 && code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : data;
}
