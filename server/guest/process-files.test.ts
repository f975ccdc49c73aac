import { expect, test } from 'vitest';
import { printable } from './command-lines.ts';
import { parsePasswd } from './guest-users.ts';
import { idInside, parseIdMap, parseProcess } from './process-files.ts';

const STATUS = 'Name:\tx\nUid:\t100000\t100033\t100000\t100000\nNSpid:\t4711\t7\t1\n';
const rest = (state: string) =>
  `${state} 99 1 1 0 -1 4194304 1 0 0 0 250 150 0 0 20 0 3 0 987654 1000000 512 18446744073709551615`;

test('a process is read whatever it calls itself', () => {
  for (const comm of ['sh', 'a) R 1 (b', ') ', '']) {
    expect(parseProcess(`4711 (${comm}) ${rest('S')}\n`, STATUS)).toEqual({
      pid: 4711,
      comm,
      state: 'sleeping',
      parent: 99,
      threads: 3,
      ticks: 400,
      startTicks: 987_654,
      residentPages: 512,
      uid: 100_033,
      pids: [4711, 7, 1],
    });
  }
  expect(parseProcess(`1 (x) ${rest('Z')}`, STATUS)?.state).toBe('zombie');
  expect(parseProcess('', STATUS)).toBe(null);
  expect(parseProcess(`1 (x) ${rest('S')}`, '')).toBe(null);
});

test('ids are those of the guest, where its map has them', () => {
  const map = parseIdMap('         0     100000      1000\n      1000       5000         1\n');
  expect(map).toHaveLength(2);
  expect([100_000, 100_999, 101_000, 5000, 0].map((id) => idInside(map, id))).toEqual([
    0,
    999,
    null,
    1000,
    null,
  ]);
  expect(parseIdMap('')).toEqual([]);
});

test('only lines of passwd(5) name users, and the first name of an id counts', () => {
  const text = [
    'root:x:0:0:root:/root:/bin/sh',
    'toor::0:0::/:',
    'www-data:x:33:33::/:',
    'bad name:x:1:1::/:',
    '\u001b[31mred:x:2:2::/:',
    'noid:x:abc:1::/:',
    `${'x'.repeat(64)}:x:3:3::/:`,
    'half:x:4',
    '',
  ].join('\n');
  expect([...parsePasswd(text)]).toEqual([
    [0, 'root'],
    [33, 'www-data'],
  ]);
});

test('what a guest may have written into a command line cannot steer a terminal', () => {
  expect(printable('a\u202egnp.exe\u200bb\u2028c\ud800')).toBe('a\u{fffd}gnp.exe\u{fffd}b\u{fffd}c\u{fffd}');
  expect(printable('sh\u001b[2J\n\u0000ü\u0085')).toBe('sh\u{fffd}[2J\u{fffd}\u{fffd}ü\u{fffd}');
});
