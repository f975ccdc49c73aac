import { expect, test } from 'vitest';
import { bytes, defaultLimits } from './limits.ts';
import { MORE_LIMITS } from './schema.ts';

const GiB = 1024 ** 3;

test('defaults stay within the host', () => {
  const bounds = { cpu: 2, memory: 8 * GiB, swap: 0, pids: 32_768 };
  const four = { cpu: 1, memory: GiB / 2, swap: 0, pids: 4096 };
  expect(defaultLimits('system', bounds)).toEqual({ ...MORE_LIMITS, ...four });
  const small = { cpu: 0.5, memory: GiB / 4, swap: GiB, pids: 100 };
  expect(defaultLimits('application', small)).toMatchObject({ ...small, swap: GiB / 2 });
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
