'use client';

import { useSyncExternalStore } from 'react';
import { createStore } from '../_ui/store.ts';

/** `lost` after it had been live: what is shown may be old until it is live again. */
export type Connection = 'connecting' | 'live' | 'lost';

export const connection = createStore<Connection>('connecting');

/** How the event stream does right now. */
export function useConnection(): Connection {
  return useSyncExternalStore(connection.subscribe, connection.get, () => 'connecting');
}
