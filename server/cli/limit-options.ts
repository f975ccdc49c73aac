import { type GuestLimits, guestLimits } from '../guest/schema.ts';
import type { Invocation, OptionSpec } from './command.ts';
import { misused } from './fail.ts';
import { parseBytes, parseDuration, parseNumber } from './units.ts';

type Text = Pick<Invocation, 'text' | 'texts'>;

/** One option for each limit: what help says, and how its text is read. */
interface LimitOption extends OptionSpec {
  read(option: string, texts: string[]): Partial<GuestLimits>;
}

const text = (value: string, help: string, read: LimitOption['read']): LimitOption => ({
  type: 'string',
  value,
  help,
  read: (option, texts) => read(option, texts.slice(-1)),
});
const first = (texts: readonly string[]) => texts[0] ?? '';
const size = (name: keyof GuestLimits, help: string) =>
  text('SIZE', help, (option, texts) => ({ [name]: parseBytes(first(texts), option) }));
/** `none` takes a limit away. */
const optional = (
  name: keyof GuestLimits,
  value: string,
  help: string,
  parse: (text: string, option: string) => number,
) =>
  text(value, `${help}; none takes it away`, (option, texts) => ({
    [name]: first(texts) === 'none' ? null : parse(first(texts), option),
  }));
const whole = (example: string) => (value: string, option: string) => parseNumber(value, option, example);

const OPTIONS: Readonly<Record<string, LimitOption>> = {
  cpu: text('CORES', 'cores it may use: 1.5 is one and a half', (option, texts) => ({
    cpu: parseNumber(first(texts), option, '1.5'),
  })),
  memory: size('memory', 'memory it may use: 512MiB, 2GiB'),
  swap: size('swap', 'swap beside the memory; 0 is none'),
  pids: text('NUMBER', 'processes and threads it may have', (option, texts) => ({
    pids: parseNumber(first(texts), option, '512'),
  })),
  'cpu-weight': text(
    '1-10000',
    'share of the CPU where guests compete; everybody has 100',
    (option, texts) => ({
      cpuWeight: parseNumber(first(texts), option, '100'),
    }),
  ),
  'cpu-period': text('TIME', 'in which the CPU quota counts: 100ms', (option, texts) => ({
    cpuPeriodMicros: parseDuration(first(texts), option) * 1000,
  })),
  'cpu-burst': text('TIME', 'quota that may be saved up: 20ms', (option, texts) => ({
    cpuBurstMicros: parseDuration(first(texts), option) * 1000,
  })),
  cpuset: text('CPUS', 'CPUs that it may run on: 0-1,3; all takes it away', (_option, texts) => ({
    cpuset: first(texts) === 'all' ? null : first(texts),
  })),
  'memory-high': optional('memoryHigh', 'SIZE', 'memory from which on it is slowed', parseBytes),
  'memory-low': size('memoryLow', 'memory that is spared while others have more to give'),
  'out-of-memory': text('WHAT', 'kill-one, kill-all or freeze', (option, texts) => ({
    outOfMemory: outOfMemory(option, first(texts)),
  })),
  'io-weight': optional('ioWeight', '1-10000', 'share of the disks where guests compete', whole('100')),
  io: {
    type: 'string',
    multiple: true,
    value: 'DEVICE:RATES',
    help: '/dev/sda:read=10MiB,write=5MiB,read-ops=100,write-ops=50 a second; none takes all away',
    read: (option, texts) => ({ io: texts[0] === 'none' ? [] : texts.map((one) => ioLimit(option, one)) }),
  },
  hugepages: {
    type: 'string',
    multiple: true,
    value: 'SIZE=BYTES',
    help: 'huge pages of a size: 2MB=64MiB',
    read: (option, texts) => ({
      hugepages: texts.map((one) => {
        const [page = '', bytes] = one.split('=');
        if (bytes === undefined) throw misused(`${option} is ${JSON.stringify(one)}: give 2MB=64MiB`);
        return { size: page, bytes: parseBytes(bytes, option) };
      }),
    }),
  },
  'net-receive': optional('networkReceive', 'SIZE', 'bytes a second from the network', parseBytes),
  'net-send': optional('networkTransmit', 'SIZE', 'bytes a second to the network', parseBytes),
  'net-priority': optional('networkPriority', '0-7', 'whose packets go first; higher does', whole('3')),
};

export const LIMIT_OPTIONS: Readonly<Record<string, OptionSpec>> = OPTIONS;

/** The limits that were typed; undefined when there are none. Throws `bad_input`; bounds are the server's. */
export function readLimits({ texts }: Text): Partial<GuestLimits> | undefined {
  const limits: Partial<GuestLimits> = {};
  for (const [name, { read }] of Object.entries(OPTIONS)) {
    const given = texts(name);
    if (given.length > 0) Object.assign(limits, read(`--${name}`, given));
  }
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function outOfMemory(option: string, value: string): GuestLimits['outOfMemory'] {
  const known = guestLimits.shape.outOfMemory.options;
  const found = known.find((one) => one === value);
  if (!found) throw misused(`${option} is ${JSON.stringify(value)}: it must be ${known.join(', ')}`);
  return found;
}

const RATES = {
  read: 'readBytes',
  write: 'writeBytes',
  'read-ops': 'readOps',
  'write-ops': 'writeOps',
} as const;

/** `/dev/sda:read=10MiB,write-ops=50`, or `8:0:read=…`. */
function ioLimit(option: string, value: string): GuestLimits['io'][number] {
  const match = /^(\d+:\d+|\/dev\/[^:]+):(.+)$/.exec(value);
  const usage = `${option} is ${JSON.stringify(value)}: give /dev/sda:read=10MiB,write-ops=50`;
  if (!match) throw misused(usage);
  const limit: GuestLimits['io'][number] = {
    device: match[1] ?? '',
    ...{ readBytes: null, writeBytes: null, readOps: null, writeOps: null },
  };
  for (const rate of (match[2] ?? '').split(',')) {
    const [name = '', amount = ''] = rate.split('=');
    const key = Object.entries(RATES).find(([known]) => known === name)?.[1];
    if (!key) throw misused(`${usage}: ${JSON.stringify(name)} is none of ${Object.keys(RATES).join(', ')}`);
    limit[key] = parseBytes(amount, option);
  }
  return limit;
}
