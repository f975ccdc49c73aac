import { expect, it } from 'vitest';
import type { MountView } from '../../../server/isolation/schema.ts';
import { filterMounts } from './filter-mounts.ts';

const mount = (target: string, over: Partial<MountView> = {}): MountView => ({
  id: 1,
  target,
  source: 'none',
  type: 'tmpfs',
  options: ['nosuid'],
  readOnly: false,
  propagation: 'private',
  purpose: 'kernel',
  ...over,
});
const mounts = [
  mount('/proc', { type: 'proc' }),
  mount('/proc/kcore', { readOnly: true, purpose: 'mask' }),
  mount('/data', { purpose: 'configured', source: '/srv/road' }),
];

it.each([
  ['', null, ['/proc', '/proc/kcore', '/data']],
  ['/proc', null, ['/proc', '/proc/kcore']],
  ['proc ro', null, ['/proc/kcore']],
  ['ro', null, ['/proc/kcore']],
  ['', 'configured', ['/data']],
  ['PROC', 'kernel', ['/proc']],
] as const)('%j and %j', (text, purpose, targets) => {
  expect(filterMounts(mounts, text, purpose).map(({ target }) => target)).toEqual(targets);
});
