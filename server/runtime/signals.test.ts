import { expect, test } from 'vitest';
import { signalName, stopSignalNumber } from './signals.ts';

test('signals have the names of signal(7)', () => {
  expect([1, 2, 6, 9, 11, 15, 29, 34, 37].map(signalName)).toEqual([
    'SIGHUP',
    'SIGINT',
    'SIGABRT',
    'SIGKILL',
    'SIGSEGV',
    'SIGTERM',
    'SIGIO',
    'SIGRTMIN+0',
    'SIGRTMIN+3',
  ]);
});

test('inits are asked by the number that they listen to', () => {
  expect((['SIGRTMIN+3', 'SIGPWR', 'SIGTERM', 'SIGUSR2', 'SIGINT'] as const).map(stopSignalNumber)).toEqual([
    37, 30, 15, 12, 2,
  ]);
});
