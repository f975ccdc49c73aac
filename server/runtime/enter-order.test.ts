import { expect, test } from 'vitest';
import { enterOrder } from './enter-order.ts';
import { parseEntries } from './entries.ts';

test('an order has everything in the form of entries, lists in their order', () => {
  const order = enterOrder({
    user: 'ann',
    workdir: '/srv',
    environment: { TOKEN: 'a=b c', EMPTY: '' },
    command: ['sh', '-c', ''],
  });
  expect(`${order}`.split('\0')).toEqual([
    'user=ann',
    'workdir=/srv',
    'env=TOKEN=a=b c',
    'env=EMPTY=',
    'arg=sh',
    'arg=-c',
    'arg=',
    '',
  ]);
});

test('without a folder none is said, without a command none', () => {
  const order = enterOrder({ user: '1000:10', workdir: null, environment: {}, command: [] });
  expect([...parseEntries(`${order}`)]).toEqual([['user', '1000:10']]);
});
