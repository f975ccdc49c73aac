'use client';

import { useCallback, useLayoutEffect, useRef } from 'react';

/** The same function for the life of the component, doing what the newest one does: memoised children stay as they are. */
export function useStable<Arguments extends unknown[]>(work: (...input: Arguments) => void) {
  const newest = useRef(work);
  useLayoutEffect(() => {
    newest.current = work;
  });
  return useCallback((...input: Arguments) => newest.current(...input), []);
}
