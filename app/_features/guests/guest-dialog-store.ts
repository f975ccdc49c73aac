'use client';

import { useSyncExternalStore } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { createStore } from '../../_ui/index.ts';

/** Which dialog about guests is open; one at a time, from anywhere. */
export type GuestDialog =
  | { kind: 'new' }
  | { kind: 'delete'; guests: readonly GuestView[] }
  | { kind: 'rename'; guest: GuestView }
  | { kind: 'memory'; guest: GuestView };

const store = createStore<GuestDialog | null>(null);

/** Open a dialog: the sheet for a new guest, a rename, a delete. */
export function openGuestDialog(dialog: GuestDialog): void {
  store.set(dialog);
}

/** Close whatever is open. */
export function closeGuestDialog(): void {
  store.set(null);
}

/** The open dialog, or null. */
export function useGuestDialog(): GuestDialog | null {
  return useSyncExternalStore(store.subscribe, store.get, () => null);
}
