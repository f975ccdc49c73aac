import { expect, test } from 'vitest';
import { candidatesFor } from './complete.ts';

const names = (noun: string) =>
  Promise.resolve(noun === 'image' ? ['berth/mini', 'debian/12'] : ['db', 'web']);
const away = () => Promise.reject(new Error('the server is away'));

test.each<[string[], string, string[]]>([
  [['guest', 'start'], '', ['db', 'web']],
  [['guest', 'start', 'web'], '', ['db']],
  [['guest', 'info', 'web'], '', []],
  [['guest', 'create', '--image'], '', ['berth/mini', 'debian/12']],
  [['guest', 'create', '-k'], '', ['system', 'application']],
  [['guest', 'create'], '', []],
  [['guest', 'exec', 'web', '--'], '', []],
  [['image', 'build'], 'd', ['berth/mini', 'debian/12']],
])('after %j come its candidates', async (before, typed, expected) => {
  expect(await candidatesFor(before, typed, names)).toEqual(expected);
});

test('commands, verbs and options are known without the server, and its absence is no error', async () => {
  expect(await candidatesFor([], '', away)).toEqual(
    expect.arrayContaining(['guest', 'image', 'up', 'status']),
  );
  expect(await candidatesFor(['guest'], '', away)).toEqual(
    expect.arrayContaining(['ls', 'shell', 'console']),
  );
  expect(await candidatesFor(['guest', 'stop'], '--', away)).toEqual(
    expect.arrayContaining(['--force', '--timeout', '--json']),
  );
  expect(await candidatesFor(['guest', 'start'], '', away)).toEqual([]);
});
