import { expect, test } from 'vitest';
import { CATALOGUE, catalogueEntry } from './catalogue.ts';
import { imageName } from './schema.ts';

test('every image has a name that clients may send, and an init for the kind that it is by itself', () => {
  for (const entry of CATALOGUE) {
    expect(imageName.parse(entry.name)).toBe(entry.name);
    expect(entry.command[entry.kind][0]).toMatch(/^\//);
    expect(catalogueEntry(entry.name)).toBe(entry);
  }
  expect(new Set(CATALOGUE.map(({ name }) => name)).size).toBe(CATALOGUE.length);
});

test('the default of a new guest needs no network', () => {
  expect(CATALOGUE[0]?.needsNetwork).toBe(false);
});

test('an unknown image is refused with the names of the known ones', () => {
  expect(() => catalogueEntry('debian/11')).toThrow(
    expect.objectContaining({
      code: 'bad_input',
      message: 'there is no image "debian/11": use berth/mini or debian/12',
    }),
  );
});
