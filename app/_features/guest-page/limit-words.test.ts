import { expect, it } from 'vitest';
import type { GuestLimits } from '../../../server/guest/limits-schema.ts';
import { limitWords } from './limit-words.ts';

const MiB = 1024 ** 2;
const limits: GuestLimits = {
  ...{ cpu: 1.5, cpuWeight: 200, cpuPeriodMicros: 50_000, cpuBurstMicros: 0, cpuset: '0-1,3' },
  ...{ memory: 512 * MiB, memoryHigh: 500 * MiB, memoryLow: 4096, swap: 0, outOfMemory: 'freeze' },
  ...{ ioWeight: 10, pids: 100, networkReceive: 1000, networkTransmit: null, networkPriority: 3 },
  io: [{ device: '/dev/sda', readBytes: 10 * MiB, writeBytes: null, readOps: null, writeOps: 50 }],
  hugepages: [{ size: '2MB', bytes: 64 * MiB }],
};

it('says each limit as the command line reads it (server/cli/limit-options.ts)', () => {
  const { words, rest } = limitWords(limits);
  expect(rest).toEqual({});
  expect(words.join(' ')).toBe(
    [
      '--cpu 1.5 --cpu-weight 200 --cpu-period 50ms --cpu-burst 0ms --cpuset 0-1,3',
      '--memory 512MiB --memory-high 500MiB --memory-low 4KiB --swap 0B --out-of-memory freeze',
      '--io-weight 10 --pids 100 --net-receive 1000B --net-send none --net-priority 3',
      '--io /dev/sda:read=10MiB,write-ops=50 --hugepages 2MB=64MiB',
    ].join(' '),
  );
});

it('says how a limit is taken away', () => {
  const away = { cpuset: null, memoryHigh: null, ioWeight: null, io: [], networkReceive: null };
  const { words, rest } = limitWords(away);
  expect(rest).toEqual({});
  expect(words.join(' ')).toBe(
    '--cpuset all --memory-high none --io-weight none --io none --net-receive none',
  );
});

it('leaves what no option can say', () => {
  expect(limitWords({ cpuPeriodMicros: 1500, hugepages: [], cpu: 1 })).toEqual({
    words: ['--cpu', '1'],
    rest: { cpuPeriodMicros: 1500, hugepages: [] },
  });
});
