import { expect, test } from 'vitest';
import { stopSignalNumber } from './stop-signal-number.ts';

test('inits are asked by the number that they listen to', () => {
  expect((['SIGRTMIN+3', 'SIGPWR', 'SIGTERM', 'SIGUSR2', 'SIGINT'] as const).map(stopSignalNumber)).toEqual([
    37, 30, 15, 12, 2,
  ]);
});
