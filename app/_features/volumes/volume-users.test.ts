import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../settings/index.ts';
import { volumeUsers } from './volume-users.ts';

const guest = (name: string, source: string) => ({
  name,
  isolation: {
    ...DEFAULT_SETTINGS.isolation,
    mounts: [
      {
        source,
        target: '/data',
        readOnly: false,
        idmap: true,
        recursive: false,
        propagation: 'private' as const,
      },
    ],
  },
});

it('names the guests that have a volume, and not those of a folder or another volume of a like name', () => {
  const guests = [
    guest('web', 'volume:data'),
    guest('app', 'volume:data'),
    guest('x', '/data'),
    guest('y', 'volume:data-2'),
  ];
  expect(volumeUsers('data', guests)).toEqual(['app', 'web']);
  expect(volumeUsers('none', guests)).toEqual([]);
});
