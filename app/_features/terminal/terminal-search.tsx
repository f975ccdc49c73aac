'use client';

import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { IconButton, TextInput } from '../../_ui/index.ts';
import type { TerminalView } from './terminal-view.ts';

/** Finds text in a terminal's scrollback: Enter for the next match upwards, Shift-Enter downwards, Esc to leave. */
export function TerminalSearch({ view, onClose }: { view: TerminalView; onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isMissing, setMissing] = useState(false);
  useEffect(() => input.current?.focus(), []);

  const find = (wanted: string, direction: 'next' | 'previous') => {
    setMissing(wanted !== '' && !view.find(wanted, direction));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') find(text, event.shiftKey ? 'next' : 'previous');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="flex items-center gap-1 border-line border-b bg-surface px-2 py-1">
      <TextInput
        ref={input}
        type="search"
        mono
        aria-label="search in the terminal"
        placeholder="Search in the scrollback"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          find(event.currentTarget.value, 'previous');
        }}
        onKeyDown={onKeyDown}
      />
      <span role="status" className="whitespace-nowrap px-1 text-muted text-sm">
        {isMissing ? 'not found' : ''}
      </span>
      <IconButton icon="up" label="Earlier match" shortcut="Enter" onClick={() => find(text, 'previous')} />
      <IconButton icon="down" label="Later match" shortcut="Shift Enter" onClick={() => find(text, 'next')} />
      <IconButton icon="close" label="Close the search" shortcut="Esc" onClick={onClose} />
    </search>
  );
}
