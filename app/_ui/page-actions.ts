'use client';

import { useEffect, useSyncExternalStore } from 'react';
import type { IconName } from './icon.tsx';
import { createStore } from './store.ts';

/** Something that the page on show can do, for the palette. */
export interface PageAction {
  id: string;
  icon: IconName;
  label: string;
  /** Key that does the same. */
  shortcut?: string;
  run: () => void;
}

const NONE: readonly PageAction[] = [];
const store = createStore<readonly PageAction[]>(NONE);

/** Offer what this page can do in the palette for as long as it is shown. */
export function useOfferActions(actions: readonly PageAction[]): void {
  useEffect(() => {
    store.set(actions);
    return () => store.set(NONE);
  }, [actions]);
}

/** What the page on show can do. */
export function usePageActions(): readonly PageAction[] {
  return useSyncExternalStore(store.subscribe, store.get, () => NONE);
}
