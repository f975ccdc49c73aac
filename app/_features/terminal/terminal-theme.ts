import type { ITheme } from '@xterm/xterm';

const LIGHT: ITheme = {
  background: '#ffffff',
  foreground: '#14181d',
  cursor: '#4a41c9',
  cursorAccent: '#ffffff',
  selectionBackground: '#c9c6f4',
  black: '#14181d',
  red: '#b3261e',
  green: '#11703c',
  yellow: '#8a5300',
  blue: '#0f649b',
  magenta: '#8a2a83',
  cyan: '#0b6b73',
  white: '#545d68',
  brightBlack: '#59626e',
  brightRed: '#c62f26',
  brightGreen: '#147a43',
  brightYellow: '#8f5a05',
  brightBlue: '#1a6fad',
  brightMagenta: '#9b3593',
  brightCyan: '#0f757e',
  brightWhite: '#2a3038',
};

const DARK: ITheme = {
  background: '#0e1013',
  foreground: '#e8eaed',
  cursor: '#8f8bf5',
  cursorAccent: '#0e1013',
  selectionBackground: '#3a3a66',
  black: '#282d34',
  red: '#ff8a80',
  green: '#55cf8a',
  yellow: '#f0b754',
  blue: '#5fb6ec',
  magenta: '#e59adf',
  cyan: '#5fd0d8',
  white: '#c9ced5',
  brightBlack: '#8b939e',
  brightRed: '#ffa8a0',
  brightGreen: '#7fe0a8',
  brightYellow: '#f7cb82',
  brightBlue: '#8accf5',
  brightMagenta: '#f0b8eb',
  brightCyan: '#8be0e6',
  brightWhite: '#ffffff',
};

/** The palette of the theme that the page shows now: the user's choice, else the system's. */
export function currentTheme(): ITheme {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  return isDark ? DARK : LIGHT;
}

/** Calls back when the theme may have changed; returns how to stop. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', changed);
  };
}
