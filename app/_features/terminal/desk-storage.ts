import { readStored, type StoredDesk } from './desk-state.ts';

const PREFIX = 'berth-desk:';

/** What this browser remembers of a desk. Layouts belong to the browser: a screen of 27 inches and a phone want others. */
export function recallDesk(desk: string): StoredDesk {
  return readStored(localStorage.getItem(PREFIX + desk));
}

export function rememberDesk(desk: string, stored: StoredDesk): void {
  const isEmpty = stored.tabs.length === 0 && stored.detached.length === 0;
  try {
    if (isEmpty) localStorage.removeItem(PREFIX + desk);
    else localStorage.setItem(PREFIX + desk, JSON.stringify(stored));
  } catch {
    // A full or forbidden storage: the desk works, and is not remembered.
  }
}
