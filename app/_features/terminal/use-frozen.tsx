'use client';

import { type ReactNode, useEffect, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { FrozenOverlay } from './frozen-overlay.tsx';

/** The overlay of a guest that stands still, or null while it runs; and a count of what is typed meanwhile. */
export function useFrozen(guest: GuestView | null): { overlay: ReactNode; count: (data: string) => void } {
  const isFrozen = guest?.state === 'frozen';
  const [typed, setTyped] = useState(0);
  useEffect(() => {
    if (!isFrozen) setTyped(0);
  }, [isFrozen]);
  return {
    overlay: guest && isFrozen ? <FrozenOverlay guest={guest} typed={typed} /> : null,
    count: (data) => {
      if (isFrozen) setTyped((before) => before + [...data].length);
    },
  };
}
