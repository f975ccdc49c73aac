import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import path from 'node:path';
import { readInstance } from '../../server/instance/read-instance.ts';
import { startInstance } from '../helpers/berth-instance.ts';
import { describeDifference, takeHostSnapshot } from '../helpers/host-snapshot.ts';
import { ApiClient } from './api-client.ts';
import { benchClick } from './bench-click.ts';
import { benchLifecycle, VERBS } from './bench-lifecycle.ts';
import { benchList } from './bench-list.ts';
import { benchNative } from './bench-native.ts';
import { makeBenchRoot } from './bench-root.ts';
import { Lxd } from './lxd.ts';
import type { Samples } from './measure.ts';
import { PEERS } from './peers.ts';

const ms = (samples: Samples) => samples.median.toFixed(1);
const ratio = (ours: number, theirs: number) => (ours / theirs).toFixed(2);
const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(2);
const table = (head: string[], rows: string[][]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** `berth bench`: everything side by side in one run; writes docs/benchmarks/main-job.md and prints it. It reports and never judges. */
export async function runBench(root: string, args: string[]): Promise<number> {
  const quick = args.includes('quick');
  const before = takeHostSnapshot();
  const dir = mkdtempSync(path.join(tmpdir(), 'berth-bench-'));
  const benchRoot = makeBenchRoot(path.join(dir, 'root'));
  const sections: string[] = [];
  const progress = (text: string) => console.log(`  ${text}`);
  try {
    progress('native part beside the peers that have no server');
    const native = await benchNative({ dir, root: benchRoot, peers: PEERS, rounds: quick ? 5 : 40 });
    sections.push(describeNative(native));
    progress('starting Berth and LXD');
    await using berth = await startInstance();
    await using lxd = await Lxd.start(path.join(dir, 'lxd'), benchRoot);
    const instance = readInstance(berth.dataDir);
    if (!instance) throw new Error(`there is no instance in ${berth.dataDir}`);
    using api = new ApiClient(instance.adminSocket);
    progress('one guest, verb by verb');
    const life = await benchLifecycle(berth, api, lxd, quick ? 3 : 15);
    const sum = (way: 'lxd' | 'command' | 'api') => life[way].create.median + life[way].start.median;
    sections.push(
      '## One guest through the whole stack, median ms',
      table(
        ['', 'LXD, whole command', '`berth`, whole command', 'ratio', 'Berth, API call', 'ratio'],
        [
          ...VERBS.map((verb) => {
            const [theirs, command, call] = [life.lxd[verb], life.command[verb], life.api[verb]];
            return [
              verb,
              ms(theirs),
              ms(command),
              ratio(command.median, theirs.median),
              ms(call),
              ratio(call.median, theirs.median),
            ];
          }),
          [
            'create + start',
            sum('lxd').toFixed(1),
            sum('command').toFixed(1),
            ratio(sum('command'), sum('lxd')),
            sum('api').toFixed(1),
            ratio(sum('api'), sum('lxd')),
          ],
        ],
      ),
      'Stop is the forced one on both sides. LXD’s guests have no network here, Berth’s have theirs with address, DNS name and anti-spoofing.',
    );
    progress('40 running guests');
    const many = await benchList(berth, api, lxd, { count: quick ? 5 : 40, rounds: quick ? 3 : 15 });
    const { times, memory } = many;
    sections.push(
      `## ${quick ? 5 : 40} running guests`,
      table(
        ['list', 'median ms', 'ratio to LXD'],
        [
          ['`lxc list`', ms(times.lxd), '1'],
          ['`berth guest ls`', ms(times.command), ratio(times.command.median, times.lxd.median)],
          ['`guest.list` through the API', ms(times.api), ratio(times.api.median, times.lxd.median)],
        ],
      ),
      `A shell in one of them, from the call to its first output: **${ms(many.attach)} ms**.`,
      table(
        ['memory (PSS)', 'MiB'],
        [
          ['LXD’s server', mib(memory.lxdServer)],
          ['LXD’s monitor, each guest', mib(memory.lxdMonitor)],
          ...Object.entries(memory.processes).map(([name, bytes]) => [`Berth’s ${name}`, mib(bytes)]),
          ['Berth’s supervisor, each guest', mib(memory.supervisor)],
        ],
      ),
    );
    progress('click to prompt');
    const click = await benchClick(berth, quick ? 2 : 10);
    sections.push(
      '## In the browser',
      `From the click on *Create and open shell* to the prompt on the screen (cached image): **${ms(click)} ms** (${click.min.toFixed(0)} to ${click.max.toFixed(0)} of ${click.runs}).`,
    );
  } finally {
    for (const peer of PEERS) peer.clean();
    rmSync(dir, { recursive: true, force: true });
  }
  const left = describeDifference(before, takeHostSnapshot());
  if (left.length > 0) sections.push(`Left on the machine, a fault of this benchmark: ${left.join('; ')}`);
  const text = `${[
    '# The main job, beside its peers',
    `Made by \`./berth bench\` on ${new Date().toISOString().slice(0, 10)}: kernel ${release()}, ${cpus().length} × ${cpus()[0]?.model.trim()}, cgroup ${layout()}. Medians; one run, taking turns.`,
    ...sections,
  ].join('\n\n')}\n`;
  mkdirSync(path.join(root, 'docs/benchmarks'), { recursive: true });
  if (!quick) writeFileSync(path.join(root, 'docs/benchmarks/main-job.md'), text);
  console.log(`\n${text}`);
  return 0;
}

function describeNative(rows: { name: string; without: string; samples: Samples }[]): string {
  const ours = rows[0]?.samples.median ?? 0;
  return [
    '## Make, run `true`, clean: the runtime alone, median ms',
    table(
      ['', 'median', 'least', 'most', 'times Berth’s', 'does not do'],
      rows.map(({ name, without, samples }) => [
        name,
        ms(samples),
        samples.min.toFixed(1),
        samples.max.toFixed(1),
        ratio(samples.median, ours),
        without,
      ]),
    ),
  ].join('\n\n');
}

function layout(): string {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  const [one, two] = [/ - cgroup /.test(mounts), / - cgroup2 /.test(mounts)];
  return one && two ? 'hybrid' : two ? 'v2' : 'v1';
}
