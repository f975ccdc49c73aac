'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** Parameters of the address as state: every view can be linked to. Empty ones leave the address. */
export function useUrlState() {
  const params = useSearchParams();
  const set = useCallback((changes: Record<string, string | null>) => {
    const next = new URLSearchParams(window.location.search);
    for (const [key, value] of Object.entries(changes)) {
      if (value) next.set(key, value);
      else next.delete(key);
    }
    // Who clears what a view has wants all guests, not the view that the list opens with.
    if (next.size === 0 && window.location.pathname === '/guests') next.set('view', 'all');
    else if (next.size > 1) next.delete('view');
    const query = next.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
    window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname);
  }, []);
  return { get: (key: string) => params.get(key), set };
}
