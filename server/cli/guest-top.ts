import type { GuestProcess } from '../guest/effects-schema.ts';
import type { GuestView } from '../guest/schema.ts';
import type { Api } from './api.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { findGuest } from './find-guest.ts';
import { LiveScreen } from './live-screen.ts';
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
    const guest = names[0] === undefined ? null : await findGuest(api, names[0]);
    const drawings = guest ? processDrawings(api, guest, sort) : guestDrawings(api, sort);
    const once = json || flag('once') || !process.stdout.isTTY;
    if (!once) return watch(drawings);
    for await (const { rows, table, complete } of drawings) {
      if (!complete) continue;
      if (json) out.json(rows);
      else out.line(table);
      break;
    }
    return 0;
  },
};

interface Drawing {
  title: string;
  table: string;
  rows: unknown;
  /** Whether rates are known: the first answer has none, a rate is a difference. */
  complete: boolean;
}

async function watch(drawings: AsyncIterable<Drawing>): Promise<number> {
  const screen = new LiveScreen(process.stdout, process.stdin);
  try {
    for await (const { title, table } of drawings) if (!screen.show(title, table)) break;
    return 0;
  } finally {
    screen.close();
  }
}

async function* guestDrawings(api: Api, sort: Sort): AsyncGenerator<Drawing> {
  for await (const event of subscribe(api, 'event', 'stream')) {
    if (event.type !== 'usage') continue;
    const rows = (await api.query('guest', 'list')).filter((one) => one.usage).toSorted(byGuest(sort));
    yield { title: `${rows.length} guests run`, table: guestTable(rows), rows, complete: true };
  }
}

async function* processDrawings(api: Api, guest: GuestView, sort: Sort): AsyncGenerator<Drawing> {
  for await (const processes of subscribe(api, 'guest', 'processes', { guest: guest.id })) {
    const rows = processes.toSorted(byProcess(sort));
    const title = `${guest.name}: ${rows.length} processes`;
    yield { title, table: processTable(rows), rows, complete: rows.every((one) => one.cpu !== null) };
  }
}

function sortOf(text: string): Sort {
  const found = SORTS.find((one) => one === text);
  if (!found) throw misused(`--sort is ${JSON.stringify(text)}: it must be ${SORTS.join(', ')}`);
  return found;
}

const sum = (...values: (number | null | undefined)[]) =>
  values.reduce<number>((all, one) => all + (one ?? 0), 0);

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
