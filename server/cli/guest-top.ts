import type { GuestProcess } from '../guest/effects-schema.ts';
import type { GuestView } from '../guest/schema.ts';
import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { findGuest } from './find-guest.ts';
import { LiveScreen } from './live-screen.ts';
import { harmless } from './paint.ts';
import { formatCores } from './show-guest.ts';
import { subscribe } from './subscribe.ts';
import { type Column, formatTable } from './table.ts';
import { formatAgo, formatBytes } from './units.ts';

const SORTS = ['cpu', 'memory', 'pids', 'io', 'network', 'name'] as const;
type Sort = (typeof SORTS)[number];

export const guestTop: CommandSpec = {
  usage: '[GUEST] [--sort WHAT] [--once]',
  about: [
    'The running guests and what they use, or the processes of one, drawn anew each second. q or Ctrl-C ends it.',
    'Without a terminal, and with --once or --json, it prints them once.',
  ].join('\n'),
  options: {
    sort: { type: 'string', short: 's', value: 'WHAT', help: `${SORTS.join(', ')} (default: cpu)` },
    once: { type: 'boolean', short: '1', help: 'print it once' },
  },
  names: { min: 0, max: 1, what: '' },
  async run({ api: connect, flag, json, names, out, text }) {
    const sort = sortOf(text('sort') ?? 'cpu');
    const api = await connect();
    const name = names[0];
    const once = json || flag('once') || !process.stdout.isTTY;
    const guest = name === undefined ? null : await findGuest(api, name);
    const screen = once ? null : new LiveScreen(process.stdout, process.stdin);
    try {
      if (guest) {
        // The first answer has no rates yet: a process's CPU is a difference.
        let seen = 0;
        for await (const processes of subscribe(api, 'guest', 'processes', { guest: guest.id })) {
          const sorted = processes.toSorted(byProcess(sort));
          seen++;
          if (screen?.show(`${guest.name}: ${sorted.length} processes`, processTable(sorted)) === false) break;
          if (!once || (seen < 2 && processes.length > 0)) continue;
          if (json) out.json(sorted);
          else out.line(processTable(sorted));
          break;
        }
        return 0;
      }
      for await (const event of subscribe(api, 'event', 'stream')) {
        if (event.type !== 'usage') continue;
        const running = (await api.query('guest', 'list')).filter((one) => one.usage).toSorted(byGuest(sort));
        if (screen?.show(`${running.length} guests run`, guestTable(running)) === false) break;
        if (!once) continue;
        if (json) out.json(running);
        else out.line(guestTable(running));
        break;
      }
      return 0;
    } finally {
      screen?.close();
    }
  },
};

function sortOf(text: string): Sort {
  const found = SORTS.find((one) => one === text);
  if (!found) throw misused(`--sort is ${JSON.stringify(text)}: it must be ${SORTS.join(', ')}`);
  return found;
}

const sum = (...values: (number | null | undefined)[]) => values.reduce<number>((all, one) => all + (one ?? 0), 0);

function byGuest(sort: Sort): (a: GuestView, b: GuestView) => number {
  const weight = ({ usage }: GuestView) =>
    ({
      cpu: sum(usage?.cpu),
      memory: sum(usage?.memory),
      pids: sum(usage?.pids),
      io: sum(usage?.ioRead, usage?.ioWrite),
      network: sum(usage?.networkReceive, usage?.networkTransmit),
      name: 0,
    })[sort];
  return (a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name);
}

function byProcess(sort: Sort): (a: GuestProcess, b: GuestProcess) => number {
  if (sort === 'name') return (a, b) => a.command.localeCompare(b.command) || a.pid - b.pid;
  if (sort === 'memory') return (a, b) => b.memory - a.memory || a.pid - b.pid;
  return (a, b) => (b.cpu ?? 0) - (a.cpu ?? 0) || a.pid - b.pid;
}

const right = (title: string): Column => ({ title, align: 'right' });
const rate = (value: number | null | undefined) =>
  value === null || value === undefined ? '-' : `${formatBytes(value)}/s`;

function guestTable(guests: readonly GuestView[]): string {
  const columns = [
    { title: 'NAME' },
    { title: 'STATE' },
    ...['CPU', 'HELD', 'MEMORY', 'PIDS', 'READ', 'WRITE', 'RECEIVE', 'SEND'].map(right),
  ];
  const rows = guests.map(({ name, state, usage, limits }) => [
    name,
    state,
    `${formatCores(usage?.cpu)}/${limits.cpu}`,
    usage?.throttled ? `${Math.round(usage.throttled * 100)} %` : '-',
    `${formatBytes(usage?.memory ?? 0)}/${formatBytes(limits.memory)}`,
    `${usage?.pids ?? 0}/${limits.pids}`,
    rate(usage?.ioRead),
    rate(usage?.ioWrite),
    rate(usage?.networkReceive),
    rate(usage?.networkTransmit),
  ]);
  return formatTable(columns, rows);
}

function processTable(processes: readonly GuestProcess[]): string {
  const columns = [
    ...['PID', 'INSIDE'].map(right),
    { title: 'USER' },
    { title: 'STATE' },
    ...['THREADS', 'CPU', 'MEMORY'].map(right),
    { title: 'STARTED' },
    { title: 'COMMAND' },
  ];
  const rows = processes.map((one) => [
    String(one.pid),
    one.guestPid === null ? '-' : String(one.guestPid),
    harmless(one.user),
    one.state,
    String(one.threads),
    formatCores(one.cpu),
    formatBytes(one.memory),
    formatAgo(one.startedAt),
    harmless(one.command),
  ]);
  return formatTable(columns, rows);
}
