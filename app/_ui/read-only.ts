import { useSyncExternalStore } from 'react';
import { createStore } from './store.ts';

/** Why nothing can be changed at this moment; null: it can. Set by who knows (app/_trpc/database.tsx). */
export const readOnly = createStore<string | null>(null);

/** The same for a component, which follows it. */
export function useReadOnly(): string | null {
  return useSyncExternalStore(readOnly.subscribe, readOnly.get, () => null);
}
