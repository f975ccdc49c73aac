'use client';

import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'dense' | 'comfortable';

const YEAR_MS = 365 * 24 * 3600 * 1000;
const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The server reads the same cookies, so that the next first paint is right at once. */
function keep(name: string, value: string): void {
  void window.cookieStore?.set({ name, value, path: '/', sameSite: 'strict', expires: Date.now() + YEAR_MS });
  for (const listener of listeners) listener();
}

/** The look chosen on this device. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    subscribe,
    () => {
      const theme = document.documentElement.dataset.theme;
      return theme === 'light' || theme === 'dark' ? theme : 'system';
    },
    () => 'system',
  );
}

/** Choose the look of this device. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  keep('berth-theme', theme);
}

/** How high rows are on this device. */
export function useDensity(): Density {
  return useSyncExternalStore(
    subscribe,
    () => (document.documentElement.dataset.density === 'comfortable' ? 'comfortable' : 'dense'),
    () => 'dense',
  );
}

/** Choose how high rows are on this device. */
export function setDensity(density: Density): void {
  document.documentElement.dataset.density = density;
  keep('berth-density', density);
}

/** The same breakpoint as Tailwind's `sm`. */
const NARROW = '(max-width: 639.9px)';

function subscribeNarrow(listener: () => void) {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether the page is as narrow as a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribeNarrow,
    () => window.matchMedia(NARROW).matches,
    () => false,
  );
}
