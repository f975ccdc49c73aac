import { type LifecycleTimes, VERBS } from './bench-lifecycle.ts';
import type { ListResult } from './bench-list.ts';
import type { NativeRow } from './bench-native.ts';
import type { Samples } from './measure.ts';

export const ms = (samples: Samples) => samples.median.toFixed(1);
export const ratio = (ours: number, theirs: number) => (ours / theirs).toFixed(2);
export const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(2);
export const table = (head: string[], rows: string[][]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** `status --json` calls the one that starts the others their supervisor; a guest's is another. */
const PROCESSES: Record<string, string> = { supervisor: 'Berth’s launcher, where systemd is not' };

/** The runtime beside the peers that have no server. */
export function describeNative(rows: readonly NativeRow[]): string {
  const [first] = rows;
  const ours = first && 'median' in first.result ? first.result.median : Number.NaN;
  return [
    '## Make, run `true`, clean: the runtime alone, median ms',
    table(
      ['', 'median', 'least', 'most', 'times Berth’s', 'does not do'],
      rows.map(({ name, without, result }) =>
        'failed' in result
          ? [name, '-', '-', '-', '-', `does not run here: ${result.failed}`]
          : [
              name,
              ms(result),
              result.min.toFixed(1),
              result.max.toFixed(1),
              ratio(result.median, ours),
              without,
            ],
      ),
    ),
  ].join('\n\n');
}

/** Each verb beside LXD's; `why` LXD is not there. */
export function describeLifecycle(life: LifecycleTimes, why: string | null): string {
  const { lxd, command, api } = life;
  const sum = (of: LifecycleTimes['api']) => of.create.median + of.start.median;
  const row = (name: string, theirs: number | undefined, ours: { command: number; api: number }) => [
    name,
    theirs?.toFixed(1) ?? '-',
    ours.command.toFixed(1),
    theirs ? ratio(ours.command, theirs) : '-',
    ours.api.toFixed(1),
    theirs ? ratio(ours.api, theirs) : '-',
  ];
  return [
    '## One guest through the whole stack, median ms',
    table(
      ['', 'LXD, whole command', '`berth`, whole command', 'ratio', 'Berth, API call', 'ratio'],
      [
        ...VERBS.map((verb) =>
          row(verb, lxd?.[verb].median, { command: command[verb].median, api: api[verb].median }),
        ),
        row('create + start', lxd && sum(lxd), { command: sum(command), api: sum(api) }),
      ],
    ),
    'Stop is the forced one on both sides. LXD’s guests have no network here, Berth’s have theirs with address, DNS name and anti-spoofing.',
    ...(why === null ? [] : [`LXD does not run here: ${why}`]),
  ].join('\n\n');
}

/** The list, the memory and the shell with many running guests. */
export function describeList(count: number, many: ListResult): string {
  const { times, memory } = many;
  const { lxd } = times;
  const beside = (ours: Samples) => (lxd ? `1/${(lxd.median / ours.median).toFixed(0)}` : '-');
  return [
    `## ${count} running guests`,
    table(
      ['list', 'median ms', 'of LXD’s time'],
      [
        ['`lxc list`', lxd ? ms(lxd) : '-', lxd ? '1' : '-'],
        ['`berth guest ls`', ms(times.command), beside(times.command)],
        ['`guest.list` through the API', ms(times.api), beside(times.api)],
      ],
    ),
    `A shell in one of them, from the call to its first output: **${ms(many.attach)} ms**.`,
    table(
      ['memory (PSS)', 'MiB'],
      [
        ...(memory.lxd
          ? [
              ['LXD’s server', mib(memory.lxd.server)],
              ['LXD’s monitor, each guest', mib(memory.lxd.monitor)],
            ]
          : []),
        ...Object.entries(memory.processes).map(([name, bytes]) => [
          PROCESSES[name] ?? `Berth’s ${name}`,
          mib(bytes),
        ]),
        ['Berth’s supervisor, each guest', mib(memory.supervisor)],
      ],
    ),
  ].join('\n\n');
}

/** Click to prompt. */
export function describeClick(click: Samples): string {
  const range = `${click.min.toFixed(0)} to ${click.max.toFixed(0)} of ${click.runs}`;
  return [
    '## In the browser',
    `From the click on *Create and open shell* to the prompt on the screen (cached image): **${ms(click)} ms** (${range}).`,
  ].join('\n\n');
}
