import { expect, test } from 'vitest';
import { isThemeName, paletteOf, THEME_OPTIONS } from './terminal-themes.ts';

/** Relative luminance of `#rrggbb`, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const names = THEME_OPTIONS.map(({ value }) => value).filter((name) => name !== 'app');

test.each(names)('text, cursor and selection can be seen in %s', (name) => {
  const { theme, contrast } = paletteOf(name);
  const background = theme.background ?? '';
  expect(ratio(theme.foreground ?? '', background)).toBeGreaterThanOrEqual(contrast);
  expect(ratio(theme.cursor ?? '', background)).toBeGreaterThanOrEqual(3);
  expect(
    ratio(theme.selectionForeground ?? theme.foreground ?? '', theme.selectionBackground ?? ''),
  ).toBeGreaterThan(3);
  for (const colour of Object.values(theme)) expect(colour).toMatch(/^#[\da-f]{6}$/);
});

test('only the palettes of the list are palettes', () => {
  expect(names.length).toBeGreaterThanOrEqual(5);
  expect(names.every(isThemeName)).toBe(true);
  for (const name of ['', 'toString', null, 7]) expect(isThemeName(name)).toBe(false);
});
