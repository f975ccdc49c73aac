import type { GuestLimits, IoLimit } from '../../../server/guest/limits-schema.ts';
import { formatSize } from '../../../server/guest/size-schema.ts';

/** How each limit is typed on the command line; null where it has no option for that value. */
type Spell = {
  [Name in keyof GuestLimits]: { option: string; words(value: GuestLimits[Name]): string[] | null };
};

const size = (bytes: number) => formatSize(bytes).replace(' ', '');
const sized = (option: string) => ({ option, words: (bytes: number) => [size(bytes)] });
const sizedOrNone = (option: string) => ({
  option,
  words: (bytes: number | null) => [bytes === null ? 'none' : size(bytes)],
});
const plain = (option: string) => ({ option, words: (value: number | string) => [String(value)] });
const plainOrNone = (option: string) => ({
  option,
  words: (value: number | null) => [value === null ? 'none' : String(value)],
});
/** The command line counts times in whole milliseconds. */
const micros = (option: string) => ({
  option,
  words: (value: number) => (value % 1000 === 0 ? [`${value / 1000}ms`] : null),
});

const SPELL: Spell = {
  cpu: plain('cpu'),
  cpuWeight: plain('cpu-weight'),
  cpuPeriodMicros: micros('cpu-period'),
  cpuBurstMicros: micros('cpu-burst'),
  cpuset: { option: 'cpuset', words: (cpus) => [cpus ?? 'all'] },
  memory: sized('memory'),
  memoryHigh: sizedOrNone('memory-high'),
  memoryLow: sized('memory-low'),
  swap: sized('swap'),
  outOfMemory: plain('out-of-memory'),
  ioWeight: plainOrNone('io-weight'),
  io: { option: 'io', words: (limits) => (limits.length === 0 ? ['none'] : limits.map(ioWord)) },
  pids: plain('pids'),
  hugepages: {
    option: 'hugepages',
    words: (pages) => (pages.length === 0 ? null : pages.map((page) => `${page.size}=${size(page.bytes)}`)),
  },
  networkReceive: sizedOrNone('net-receive'),
  networkTransmit: sizedOrNone('net-send'),
  networkPriority: plainOrNone('net-priority'),
};

/** `--cpu 1.5 --io /dev/sda:read=10MiB` for limits that change; `rest` has those that no option can say. Pure. */
export function limitWords(limits: Partial<GuestLimits>): { words: string[]; rest: Partial<GuestLimits> } {
  const words: string[] = [];
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined) continue;
    const { option, words: spell } = SPELL[name as keyof GuestLimits] as {
      option: string;
      words(value: unknown): string[] | null;
    };
    const spelt = spell(value);
    if (spelt) for (const word of spelt) words.push(`--${option}`, word);
    else rest[name] = value;
  }
  return { words, rest };
}

function ioWord(limit: IoLimit): string {
  const rates = [
    limit.readBytes !== null && `read=${size(limit.readBytes)}`,
    limit.writeBytes !== null && `write=${size(limit.writeBytes)}`,
    limit.readOps !== null && `read-ops=${limit.readOps}`,
    limit.writeOps !== null && `write-ops=${limit.writeOps}`,
  ].filter((rate) => rate !== false);
  return `${limit.device}:${rates.join(',')}`;
}
