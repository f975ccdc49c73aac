import { expect, test } from 'vitest';
import { filterGuests, parseFilter, toggleTerm } from './filter-guests.ts';
import { testGuest } from './test-guest.ts';

const guests = [
  testGuest('web-1', { image: 'debian/12' }),
  testGuest('web-2', {
    state: 'stopped',
    usage: null,
    addresses: { ipv4: '10.209.0.77', ipv6: null, mac: null },
  }),
  testGuest('db-1', { state: 'frozen', kind: 'application', createdBy: 'bob' }),
];
const BUSY = {
  cpu: 2,
  cpuTotalMicros: 1,
  memory: 0,
  swap: 0,
  pids: 3,
  networkReceive: 0,
  networkTransmit: 0,
  ioRead: null,
  ioWrite: null,
  throttled: null,
};
const big = testGuest('big', { usage: { ...BUSY, memory: 2 * 1024 ** 3 } });

const names = (filter: string, all = guests) =>
  filterGuests(all, parseFilter(filter)).map(({ name }) => name);

test.each([
  ['', ['web-1', 'web-2', 'db-1']],
  ['state:running', ['web-1']],
  ['state:running,frozen', ['web-1', 'db-1']],
  ['-state:running', ['web-2', 'db-1']],
  ['image:debian', ['web-1']],
  ['kind:application', ['db-1']],
  ['by:BOB', ['db-1']],
  ['ip:10.209.0.77', ['web-2']],
  ['WEB', ['web-1', 'web-2']],
  ['web state:stopped', ['web-2']],
  ['fd00::2', ['web-1', 'db-1']],
  ['pids>=7', ['web-1', 'db-1']],
  ['cpu<0.5', []],
])('%j finds %j', (filter, found) => {
  expect(names(filter)).toEqual(found);
});

test('amounts are compared in their unit, and a guest without usage matches none', () => {
  expect(names('mem>512M', [...guests, big])).toEqual(['big']);
  expect(names('mem<=512M', [...guests, big])).toEqual(['web-1', 'db-1']);
  expect(names('memory=100MiB')).toEqual(['web-1', 'db-1']);
});

test.each([
  ['mem>much', 'much is no amount'],
  ['disk>1', 'no amount is called disk'],
  ['colour:red', 'nothing is called colour'],
  ['state:flying', 'no state is called flying'],
  ['state:', 'needs a value'],
])('%j is refused with a reason and hides no guest', (filter, reason) => {
  const [term] = parseFilter(filter);
  expect(term?.problem).toContain(reason);
  expect(names(filter)).toHaveLength(3);
});

test('a chip puts its term in, replaces one of its key, and takes itself out', () => {
  expect(toggleTerm('web', 'state:running')).toBe('web state:running');
  expect(toggleTerm('state:running web', 'state:stopped')).toBe('web state:stopped');
  expect(toggleTerm('web state:running', 'state:running')).toBe('web');
});
