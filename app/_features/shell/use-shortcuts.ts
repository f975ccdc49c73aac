'use client';

import { useEffect } from 'react';

export interface ShortcutHandlers {
  palette: () => void;
  help: () => void;
  newGuest: () => void;
  /** The letter after `g`. */
  go: (key: string) => void;
}

/** How long a `g` waits for its second letter; the time that Vim's users know. */
const CHORD_MS = 1000;

function place(target: EventTarget | null): 'terminal' | 'text' | 'page' {
  if (!(target instanceof HTMLElement)) return 'page';
  if (target.closest('.xterm, [data-keys="own"]')) return 'terminal';
  return target.closest('input, textarea, select, [contenteditable=true]') ? 'text' : 'page';
}

/** The keys of the whole console. A terminal keeps all of its keys, a text field all but Ctrl K. */
export function useShortcuts({ palette, help, newGuest, go }: ShortcutHandlers): void {
  useEffect(() => {
    let chordUntil = 0;
    const single: Record<string, () => void> = {
      '?': help,
      n: newGuest,
      '/': () => document.querySelector<HTMLElement>('[data-shortcut=filter]')?.focus(),
      g: () => {
        chordUntil = Date.now() + CHORD_MS;
      },
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const where = place(event.target);
      if (where === 'terminal' || event.defaultPrevented) return;
      const control = event.ctrlKey || event.metaKey;
      if (control && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        palette();
        return;
      }
      const inDialog = document.querySelector('[role=dialog], [role=menu], [role=listbox]') !== null;
      if (where === 'text' || control || event.altKey || inDialog) return;
      if (Date.now() < chordUntil) {
        chordUntil = 0;
        event.preventDefault();
        go(event.key);
      } else if (Object.hasOwn(single, event.key)) {
        event.preventDefault();
        single[event.key]?.();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [palette, help, newGuest, go]);
}
