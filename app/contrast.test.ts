import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Theme = 'light' | 'dark';

const css = readFileSync(new URL('./globals.css', import.meta.url), 'utf8');

/** The colour of a token in a theme, as three bytes. */
function colourOf(token: string, theme: Theme): number[] {
  const match = new RegExp(`--${token}: light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\)`).exec(css);
  const hex = match?.[theme === 'light' ? 1 : 2];
  if (!hex) throw new Error(`globals.css has no colour --${token} for the ${theme} theme`);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: number[]): number {
  const [red = 0, green = 0, blue = 0] = colour
    .map((byte) => byte / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio, WCAG 2.2: 1 to 21. */
function contrast(one: number[], other: number[]): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected'];
const STATES = ['ok', 'cold', 'bad', 'wait'];
const TEXTS: readonly (readonly [text: string, ground: string])[] = [
  ...['ink', 'muted', ...STATES].flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...STATES.map((state) => [state, `${state}-soft`] as const),
  ...['canvas', 'surface', 'raised', 'selected'].map((ground) => ['accent', ground] as const),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['canvas', 'ink'],
];
const themes = ['light', 'dark'] as const;

test('black on white has the ratio that the standard gives', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
  expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
});

test.each(themes.flatMap((theme) => TEXTS.map(([text, ground]) => ({ theme, text, ground }))))(
  '$text on $ground can be read in the $theme theme',
  ({ theme, text, ground }) => {
    expect(contrast(colourOf(text, theme), colourOf(ground, theme))).toBeGreaterThanOrEqual(4.5);
  },
);

test.each(
  themes.flatMap((theme) =>
    ['accent', 'line-strong'].flatMap((edge) =>
      ['canvas', 'surface', 'raised'].map((ground) => ({ theme, edge, ground })),
    ),
  ),
)('the edge $edge on $ground is seen in the $theme theme', ({ theme, edge, ground }) => {
  expect(contrast(colourOf(edge, theme), colourOf(ground, theme))).toBeGreaterThanOrEqual(3);
});
