'use client';

import { useSyncExternalStore } from 'react';
import { isThemeName, type ThemeName } from './terminal-themes.ts';

/** How terminals look and speak on this device. */
export interface TerminalSettings {
  theme: ThemeName;
  /** Pixels. */
  fontSize: number;
  /** Lines are told to a screen reader as they come. */
  screenReader: boolean;
  /** Draw with WebGL where that is there. */
  webgl: boolean;
}

const KEY = 'berth-terminal';
export const SMALLEST_FONT = 9;
export const LARGEST_FONT = 28;
const NORMAL: TerminalSettings = { theme: 'app', fontSize: 13, screenReader: false, webgl: true };
const listeners = new Set<() => void>();
let current: TerminalSettings | null = null;

function read(): TerminalSettings {
  current ??= parse(localStorage.getItem(KEY));
  return current;
}

function parse(text: string | null): TerminalSettings {
  try {
    const { theme, fontSize, screenReader, webgl }: Partial<TerminalSettings> = JSON.parse(text ?? '{}');
    return {
      theme: isThemeName(theme) ? theme : NORMAL.theme,
      fontSize: typeof fontSize === 'number' ? within(fontSize) : NORMAL.fontSize,
      screenReader: screenReader === true,
      webgl: webgl !== false,
    };
  } catch {
    return NORMAL;
  }
}

const within = (size: number) => Math.min(LARGEST_FONT, Math.max(SMALLEST_FONT, Math.round(size)));

function subscribe(listener: () => void): () => void {
  // Another tab of this browser changed them.
  const changed = (event: StorageEvent) => {
    if (event.key !== KEY) return;
    current = null;
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', changed);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', changed);
  };
}

export function useTerminalSettings(): TerminalSettings {
  return useSyncExternalStore(subscribe, read, () => NORMAL);
}

/** Change some, for all terminals of this browser, and remember it. */
export function changeTerminalSettings(over: Partial<TerminalSettings>): void {
  const before = read();
  current = { ...before, ...over, fontSize: within(over.fontSize ?? before.fontSize) };
  localStorage.setItem(KEY, JSON.stringify(current));
  for (const listener of listeners) listener();
}

/** Make the text larger or smaller by so many pixels; null: as it is at first. */
export function changeFontSize(by: number | null): void {
  changeTerminalSettings({ fontSize: by === null ? NORMAL.fontSize : read().fontSize + by });
}
