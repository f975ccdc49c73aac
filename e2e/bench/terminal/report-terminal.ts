import { table } from '../report.ts';
import type { SessionsResult } from './bench-sessions.ts';
import type { Echo, TerminalAmounts, TerminalResult } from './bench-terminal.ts';

const both = (of: { p50: number; p99: number }) => `${of.p50.toFixed(1)} / ${of.p99.toFixed(1)}`;
const told = (echo: Echo | { failed: string }) => ('failed' in echo ? echo.failed : both(echo.told));
const drawn = (echo: Echo | { failed: string }) => ('failed' in echo ? '-' : both(echo.drawn));
const kib = (bytes: number) => (bytes / 1024).toFixed(0);

/** The terminals side by side. */
export function describeTerminals(
  results: readonly TerminalResult[],
  amounts: TerminalAmounts,
  size: { columns: number; rows: number },
): string {
  const row = (name: string, of: (result: TerminalResult) => string) => [name, ...results.map(of)];
  return [
    '## Through one Chromium, DOM renderer for all',
    `${size.columns} × ${size.rows} cells. Berth’s shell runs in a guest and is reached over TLS, through the web process and the server; those of the others are processes of the host, reached by one plain WebSocket.`,
    table(
      ['', ...results.map(({ name }) => name)],
      [
        row('a new shell, click (Berth) or address to the drawn prompt, ms', ({ open }) =>
          open.median.toFixed(0),
        ),
        row('key to the echo in the page, p50 / p99 ms', ({ echo }) => told(echo.idle)),
        row('… until it is drawn', ({ echo }) => drawn(echo.idle)),
        row('key to the echo, another terminal floods', ({ echo }) => told(echo.one)),
        row('… until it is drawn', ({ echo }) => drawn(echo.one)),
        row(`key to the echo, ${amounts.floods} others flood`, ({ echo }) => told(echo.many)),
        row('… until it is drawn', ({ echo }) => drawn(echo.many)),
        row(`\`cat\` of ${amounts.bytes / 1e6} MB to its drawn end, MB/s`, ({ speed }) => speed.toFixed(1)),
        row('processor time of its own for each MB, ms', ({ cpu }) => cpu.toFixed(1)),
        row(
          'Ctrl-C in a flood of `yes` to the next prompt, median (most) ms',
          ({ interrupt }) => `${interrupt.median.toFixed(0)} (${interrupt.max.toFixed(0)})`,
        ),
      ],
    ),
    'Berth’s server shows a reader who falls behind the screen instead of the bytes that made it: that is where its speed comes from. The scrollback follows once the flood is over.',
  ].join('\n\n');
}

/** Many open sessions. */
export function describeSessions({ sessions, asleep, awake }: SessionsResult): string {
  const row = (name: string, cost: SessionsResult['awake']) => [
    name,
    kib(cost.rss),
    kib(cost.heap),
    cost.idle.toFixed(1),
  ];
  return [
    `## ${sessions} open sessions`,
    table(
      ['', 'KiB each, resident', 'KiB each, main thread’s heap', 'processor while nobody writes, %'],
      [row('nobody looks', asleep), row('each in somebody’s window', awake)],
    ),
    'Of the server with all its threads; a shell’s holder is a process of its own.',
  ].join('\n\n');
}
