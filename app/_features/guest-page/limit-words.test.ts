import { expect, it } from 'vitest';
import type { Invocation } from '../../../server/cli/command.ts';
import { readLimits } from '../../../server/cli/limit-options.ts';
import type { GuestLimits } from '../../../server/guest/limits-schema.ts';
import { limitWords } from './limit-words.ts';

/** What the command line itself reads from the words. */
function readBack(words: readonly string[]) {
  const texts = (name: string) =>
    words.flatMap((word, at) => (word === `--${name}` ? [words[at + 1] ?? ''] : []));
  const text: Invocation['text'] = (name) => texts(name).at(-1);
  return readLimits({ text, texts });
}

const MiB = 1024 ** 2;
const limits: GuestLimits = {
  ...{ cpu: 1.5, cpuWeight: 200, cpuPeriodMicros: 50_000, cpuBurstMicros: 0, cpuset: '0-1,3' },
  ...{ memory: 512 * MiB, memoryHigh: 500 * MiB, memoryLow: 4096, swap: 0, outOfMemory: 'freeze' },
  ...{ ioWeight: 10, pids: 100, networkReceive: 1000, networkTransmit: null, networkPriority: 3 },
  io: [{ device: '/dev/sda', readBytes: 10 * MiB, writeBytes: null, readOps: null, writeOps: 50 }],
  hugepages: [{ size: '2MB', bytes: 64 * MiB }],
};

it('says each limit so that the command line reads the same', () => {
  const { words, rest } = limitWords(limits);
  expect(rest).toEqual({});
  expect(readBack(words)).toEqual(limits);
});

it('says how a limit is taken away', () => {
  const away = { cpuset: null, memoryHigh: null, ioWeight: null, io: [], networkReceive: null };
  const { words, rest } = limitWords(away);
  expect(rest).toEqual({});
  expect(readBack(words)).toEqual(away);
});

it('leaves what no option can say', () => {
  expect(limitWords({ cpuPeriodMicros: 1500, hugepages: [], cpu: 1 })).toEqual({
    words: ['--cpu', '1'],
    rest: { cpuPeriodMicros: 1500, hugepages: [] },
  });
});
