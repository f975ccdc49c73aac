import { expect, test } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { bytes, checkLimits, defaultLimits } from './limits.ts';
import { type GuestLimits, MORE_LIMITS } from './schema.ts';

const GiB = 1024 ** 3;
const bounds = { cpu: 2, memory: 8 * GiB, swap: 0, pids: 32_768 };
const defaults = defaultLimits('system', bounds);

function refusal(given: Partial<GuestLimits>): AppError {
  try {
    checkLimits(given, { ...defaults, ...given }, bounds);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('it was not refused');
}

test('defaults stay within the host', () => {
  expect(defaults).toEqual({ ...MORE_LIMITS, cpu: 1, memory: GiB / 2, swap: 0, pids: 4096 });
  expect(defaultLimits('application', { cpu: 0.5, memory: GiB / 4, swap: GiB, pids: 100 })).toEqual({
    ...MORE_LIMITS,
    cpu: 0.5,
    memory: GiB / 4,
    swap: GiB / 2,
    pids: 100,
  });
});

test.each([
  [{ memory: 16 * GiB }, 'memory', 'memory of 16 GiB is more than this host has: choose 4 MiB to 8 GiB'],
  [{ memory: 0 }, 'memory', 'memory of 0 B is too little: choose 4 MiB to 8 GiB'],
  [{ memory: -1 }, 'memory', 'memory of -1 B is too little: choose 4 MiB to 8 GiB'],
  [{ cpu: 64 }, 'cpu', 'cpu of 64 cores is more than this host has: choose 0.01 cores to 2 cores'],
  [{ cpu: Number.NaN }, 'cpu', 'cpu of NaN cores is too little: choose 0.01 cores to 2 cores'],
  [{ pids: 0 }, 'pids', 'pids of 0 is too little: choose 1 to 32768'],
  [{ swap: 1024 }, 'swap', 'swap of 1 KiB is more than this host has: it has no swap at all, so 0'],
])('%o is refused on its field', (given, name, message) => {
  const error = refusal(given);
  expect(error.code).toBe('bad_input');
  expect(error.field).toEqual(['limits', name]);
  expect(error.message).toBe(message);
});

test('bytes are shown in binary units', () => {
  expect([0, 1023, 1024, 1.5 * 1024 ** 2, 23.46 * GiB].map(bytes)).toEqual([
    '0 B',
    '1023 B',
    '1 KiB',
    '1.5 MiB',
    '23.5 GiB',
  ]);
});
