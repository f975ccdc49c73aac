import { expect, test } from 'vitest';
import { shaperOf } from '../../native/lib/network.ts';
import { instanceOf, SLOTS } from '../instance/instance.ts';

test('what shapes a link has the name that is looked for when links of nobody are', () => {
  for (const slot of [0, SLOTS - 1]) {
    const { linkPrefix, shaperPrefix } = instanceOf({ slot, id: '0'.repeat(32), dataDir: '/' });
    expect(shaperOf(`${linkPrefix}4094`)).toBe(`${shaperPrefix}4094`);
  }
});
