import type { ITheme } from '@xterm/xterm';

export type ThemeName = keyof typeof THEMES | 'app';

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

const SOLARIZED: ITheme = {
  // https://ethanschoonover.com/solarized/: the sixteen values as they are; xterm.js raises a pair that is too faint to read
  ...{ black: '#073642', red: '#dc322f', green: '#859900', yellow: '#b58900' },
  ...{ blue: '#268bd2', magenta: '#d33682', cyan: '#2aa198', white: '#eee8d5' },
  ...{ brightBlack: '#586e75', brightRed: '#cb4b16', brightGreen: '#586e75', brightYellow: '#657b83' },
  ...{ brightBlue: '#839496', brightMagenta: '#6c71c4', brightCyan: '#93a1a1', brightWhite: '#fdf6e3' },
};

const BRIGHT_ON_BLACK: ITheme = {
  background: '#000000',
  foreground: '#ffffff',
  cursor: '#ffff00',
  cursorAccent: '#000000',
  selectionBackground: '#ffffff',
  selectionForeground: '#000000',
  ...{ black: '#000000', red: '#ff8080', green: '#60ff60', yellow: '#ffff40' },
  ...{ blue: '#80c8ff', magenta: '#ff90ff', cyan: '#60ffff', white: '#ffffff' },
  ...{ brightBlack: '#c0c0c0', brightRed: '#ffa0a0', brightGreen: '#90ff90', brightYellow: '#ffff80' },
  ...{ brightBlue: '#a8d8ff', brightMagenta: '#ffb0ff', brightCyan: '#90ffff', brightWhite: '#ffffff' },
};

const DARK_ON_WHITE: ITheme = {
  background: '#ffffff',
  foreground: '#000000',
  cursor: '#0000c0',
  cursorAccent: '#ffffff',
  selectionBackground: '#000000',
  selectionForeground: '#ffffff',
  ...{ black: '#000000', red: '#900000', green: '#004d00', yellow: '#5c3d00' },
  ...{ blue: '#00009c', magenta: '#6b006b', cyan: '#004c52', white: '#303030' },
  ...{ brightBlack: '#383838', brightRed: '#9c0000', brightGreen: '#005200', brightYellow: '#5f4000' },
  ...{ brightBlue: '#0000b0', brightMagenta: '#780078', brightCyan: '#005158', brightWhite: '#000000' },
};

const GRUVBOX: ITheme = {
  // https://github.com/morhetz/gruvbox, dark, medium contrast
  background: '#282828',
  foreground: '#ebdbb2',
  cursor: '#ebdbb2',
  cursorAccent: '#282828',
  selectionBackground: '#504945',
  ...{ black: '#282828', red: '#cc241d', green: '#98971a', yellow: '#d79921' },
  ...{ blue: '#458588', magenta: '#b16286', cyan: '#689d6a', white: '#a89984' },
  ...{ brightBlack: '#928374', brightRed: '#fb4934', brightGreen: '#b8bb26', brightYellow: '#fabd2f' },
  ...{ brightBlue: '#83a598', brightMagenta: '#d3869b', brightCyan: '#8ec07c', brightWhite: '#ebdbb2' },
};

/** The palettes to choose from, and the least contrast that text in them is raised to (WCAG 2.2: 4.5 is AA, 7 is AAA). */
const THEMES = {
  light: { label: 'Light', theme: LIGHT, contrast: 4.5 },
  dark: { label: 'Dark', theme: DARK, contrast: 4.5 },
  'solarized-light': {
    label: 'Solarized light',
    theme: {
      ...SOLARIZED,
      ...{ background: '#fdf6e3', foreground: '#586e75', cursor: '#586e75', cursorAccent: '#fdf6e3' },
      selectionBackground: '#d9d2bd',
    },
    contrast: 4.5,
  },
  'solarized-dark': {
    label: 'Solarized dark',
    theme: {
      ...SOLARIZED,
      ...{ background: '#002b36', foreground: '#93a1a1', cursor: '#93a1a1', cursorAccent: '#002b36' },
      selectionBackground: '#0b4a5a',
    },
    contrast: 4.5,
  },
  gruvbox: { label: 'Gruvbox dark', theme: GRUVBOX, contrast: 4.5 },
  contrast: { label: 'High contrast, black', theme: BRIGHT_ON_BLACK, contrast: 7 },
  'contrast-light': { label: 'High contrast, white', theme: DARK_ON_WHITE, contrast: 7 },
} as const satisfies Record<string, { label: string; theme: ITheme; contrast: number }>;

export const THEME_OPTIONS: readonly { value: ThemeName; label: string }[] = [
  { value: 'app', label: 'As the console' },
  ...Object.entries(THEMES).map(([value, { label }]) => ({ value: value as ThemeName, label })),
];

export function isThemeName(name: unknown): name is ThemeName {
  return THEME_OPTIONS.some(({ value }) => value === name);
}

/** The palette of that name; `app` is the one of the theme that the page shows now: the user's choice, else the system's. */
export function paletteOf(name: ThemeName): { theme: ITheme; contrast: number } {
  if (name !== 'app') return THEMES[name];
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  return isDark ? THEMES.dark : THEMES.light;
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
