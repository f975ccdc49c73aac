'use client';

import { useSyncExternalStore } from 'react';

const KEY = 'berth-terminal-font';
const NORMAL = 13;
const SMALLEST = 9;
const LARGEST = 28;
const listeners = new Set<() => void>();

function read(): number {
  const size = Number(localStorage.getItem(KEY));
  return size >= SMALLEST && size <= LARGEST ? size : NORMAL;
}

/** Pixels of the terminals' text on this device. */
export function useFontSize(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read,
    () => NORMAL,
  );
}

export function changeFontSize(by: number): void {
  localStorage.setItem(KEY, String(Math.min(LARGEST, Math.max(SMALLEST, read() + by))));
  for (const listener of listeners) listener();
}
