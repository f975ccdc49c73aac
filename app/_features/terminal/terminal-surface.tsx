'use client';

import '@xterm/xterm/css/xterm.css';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { cx, IconButton, notify, useStable } from '../../_ui/index.ts';
import { HelperKeys } from './helper-keys.tsx';
import { mustAsk, type PreparedPaste } from './paste-text.ts';
import { LinkDialog, PasteDialog } from './terminal-dialogs.tsx';
import { type DeskShortcut, isDeskShortcut } from './terminal-keys.ts';
import { publishTerminal } from './terminal-registry.ts';
import { TerminalSearch } from './terminal-search.tsx';
import { changeFontSize, useTerminalSettings } from './terminal-settings.ts';
import { TerminalSettingsPopover } from './terminal-settings-popover.tsx';
import type { InputKind, TerminalView } from './terminal-view.ts';
import { useFullScreen } from './use-full-screen.ts';

export interface TerminalSurfaceProps {
  /** What it is, for assistive technology. */
  label: string;
  /** Its key in `window.__berthTerminals`. */
  name: string;
  onView: (view: TerminalView | null) => void;
  onInput?: (data: string, how: InputKind) => void;
  /** A person pasted this, and it was pasted: prepared, and wanted. */
  onPasted?: (text: string) => void;
  /** What a key asks of the pane. */
  onDeskShortcut?: (shortcut: DeskShortcut) => void;
  onResize?: (columns: number, rows: number) => void;
  readOnly?: boolean;
  /** Above the text: what is wrong, or going on. */
  banner?: ReactNode;
  /** Below it: how it ended and what can be done. */
  footer?: ReactNode;
  /** At the start of the tool bar. */
  tools?: ReactNode;
  /** At the end of the tool bar. */
  actions?: ReactNode;
  /** Whether it takes the focus when it is shown. */
  takesFocus?: boolean;
  /** Told to everybody who sees it, as by a coloured frame. */
  isReceiver?: boolean;
  hidden?: boolean;
  /** Over the text, which stays readable. */
  overlay?: ReactNode;
}

/** A terminal with its tools: search, font size, full screen, helper keys, and the questions it asks. */
export function TerminalSurface(props: TerminalSurfaceProps) {
  const { name, onView, readOnly = false, hidden = false, takesFocus = true } = props;
  const host = useRef<HTMLDivElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const [view, setView] = useState<TerminalView | null>(null);
  const [searching, setSearching] = useState(false);
  const [pasting, setPasting] = useState<{ paste: PreparedPaste; isWhole: boolean } | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const [control, setControl] = useState(false);
  const controlRef = useRef(false);
  const settings = useTerminalSettings();
  const [isFull, toggleFullScreen] = useFullScreen();
  const firstSettings = useRef(settings);
  useEffect(() => {
    latest.current = props;
    controlRef.current = control;
  });

  const pasteNow = useStable((into: TerminalView | null, paste: PreparedPaste) => {
    if (!into || readOnly) return;
    into.paste(paste.text);
    latest.current.onPasted?.(paste.text);
    // Where it was asked about it was told there.
    if (paste.hadEnd && !mustAsk(paste)) {
      notify({
        about: 'paste',
        title: 'Pasted without the line end',
        detail: 'Nothing runs until you press Enter.',
      });
    }
  });

  useEffect(() => {
    let made: TerminalView | null = null;
    let isGone = false;
    void import('./terminal-view.ts').then((module) => {
      if (isGone || !host.current) return;
      made = new module.TerminalView({
        host: host.current,
        label: latest.current.label,
        settings: firstSettings.current,
        onInput: (data, how) => {
          const typed = controlRef.current && how === 'typed' ? withControl(data) : data;
          if (controlRef.current) setControl(false);
          latest.current.onInput?.(typed, how);
        },
        onResize: (columns, rows) => latest.current.onResize?.(columns, rows),
        onPaste: (paste) => {
          if (mustAsk(paste)) setPasting({ paste, isWhole: made?.takesPasteWhole ?? false });
          else pasteNow(made, paste);
        },
        onLink: setLink,
        onShortcut: (shortcut) => {
          if (shortcut === 'search') setSearching(true);
          else if (shortcut === 'leave') toolbar.current?.querySelector('button')?.focus();
          else if (isDeskShortcut(shortcut)) latest.current.onDeskShortcut?.(shortcut);
          else changeFontSize({ larger: 1, smaller: -1, normal: null }[shortcut]);
        },
      });
      setView(made);
    });
    return () => {
      isGone = true;
      made?.dispose();
      setView(null);
    };
  }, [pasteNow]);

  useEffect(() => onView(view), [view, onView]);
  useEffect(() => view?.use(settings), [view, settings]);
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
    // Who is at its tools stays there.
    if (takesFocus && !root.current?.contains(document.activeElement)) view.focus();
  }, [view, hidden, takesFocus]);

  const closeSearch = () => {
    setSearching(false);
    view?.endSearch();
    view?.focus();
  };

  return (
    <div
      ref={root}
      className={cx(
        'flex min-h-0 min-w-0 flex-1 flex-col bg-surface',
        hidden && 'hidden',
        isFull && 'fixed inset-0 z-30',
      )}
    >
      {/* In a narrow pane the tools take a second row rather than cover each other; on a phone, where rows are dear, one that scrolls. */}
      <div
        ref={toolbar}
        className="flex min-h-9 flex-wrap items-center justify-end gap-x-1 border-line border-b bg-surface px-2 max-sm:flex-nowrap max-sm:justify-start max-sm:overflow-x-auto max-sm:*:shrink-0"
      >
        <div className="flex min-w-0 flex-auto items-center gap-2 text-sm">{props.tools}</div>
        <IconButton icon="search" label="Search" shortcut="Ctrl Shift F" onClick={() => setSearching(true)} />
        <IconButton
          icon="copy"
          label="Copy what is selected"
          shortcut="Ctrl Shift C"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => view && !view.copy() && notify({ about: 'copy', title: 'Nothing is selected' })}
        />
        <TerminalSettingsPopover view={view} />
        <IconButton icon="expand" label="Full screen" pressed={isFull} onClick={toggleFullScreen} />
        {props.actions && (
          <span aria-hidden="true" className="mx-1 h-4 w-px shrink-0 bg-line max-sm:hidden" />
        )}
        {props.actions}
      </div>
      {props.banner}
      {searching && view && <TerminalSearch view={view} onClose={closeSearch} />}
      <div className="relative min-h-0 flex-1">
        <div ref={host} className="absolute inset-0 isolate overflow-hidden pt-1 pl-2" data-terminal={name} />
        {props.isReceiver && (
          <div
            aria-hidden="true"
            data-receiver
            className="pointer-events-none absolute inset-0 border-4 border-bad"
          />
        )}
        {props.overlay}
      </div>
      {props.footer}
      {!readOnly && view && <HelperKeys view={view} control={control} onControl={setControl} />}
      <PasteDialog
        pasting={pasting}
        onClose={() => setPasting(null)}
        onPaste={(paste) => {
          setPasting(null);
          pasteNow(view, paste);
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
