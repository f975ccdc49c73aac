import type { EnterResult, EnterRow } from './bench-enter.ts';
import type { GrowthResult } from './bench-growth.ts';
import type { NativeResult } from './bench-native.ts';
import type { SamplerResult } from './bench-sampler.ts';
import type { ScaleResult } from './bench-scale.ts';
import type { Samples } from './measure.ts';
import { describeNative, mib, ms, ratio, table } from './report.ts';

const kib = (bytes: number) => (bytes / 1024).toFixed(0);
const two = (value: number) => value.toFixed(2);

/** Beside whom a goal is measured. */
const FLOOR = /^floor: bare/;
const WALLED = /^floor behind/;
const SAME_WALLS = 'with a veth';

/** One life, its goals, and where its time goes beside the floor's. */
export function describeLife(result: NativeResult): string {
  const { rows, phases } = result;
  const median = (row: NativeResult['rows'][number] | undefined) =>
    row && 'median' in row.result ? row.result.median : Number.NaN;
  const ours = median(rows[0]);
  const floor = median(rows.find(({ name }) => FLOOR.test(name)));
  const walled = median(rows.find(({ name }) => WALLED.test(name)));
  const equals = rows.filter((row) => row.name.includes(SAME_WALLS) && 'median' in row.result);
  const quickest = equals.sort((a, b) => median(a) - median(b))[0];
  const beside = quickest
    ? `the quickest peer with a link, an id range, limits, a device filter and seccomp is ${quickest.name}: **${ratio(ours, median(quickest))}** of its time (goal 0.8)`
    : 'no peer with a link, an id range, limits, a device filter and seccomp runs here';
  return [
    describeNative(rows),
    `Of Berth, one life with its link: ${beside}; **${ratio(ours, floor)}** of the floor's (goal 1.5), and **${ratio(ours, walled)}** of the floor's behind the same walls. The floor is e2e/bench/floor.c, timed by itself from its first system call; everything else includes starting its processes. Behind the same walls (floor-walls.h) it makes by bare system calls also what any guest of Berth has: IPv6, a locked port, a console, the seccomp filter, dropped capabilities, masks, its view of the groups, an init that reaps.`,
    '### Where it goes, median ms',
    table(
      ['Berth', 'ms'],
      Object.entries(phases.berth).map(([name, value]) => [name, two(value)]),
    ),
    'A step of the start is the time that the supervisor waits for it: what init does meanwhile is in `console` and `exec`.',
    table(
      ['floor', 'bare, ms', 'behind the same walls, ms'],
      Object.entries(phases.floor).map(([name, value]) => [
        name,
        two(value),
        two(phases.walled[name] ?? Number.NaN),
      ]),
    ),
  ].join('\n\n');
}

/** Freezing and entering. */
export function describeEnter({ processes, freeze, exec }: EnterResult): string {
  return [
    `## Freezing ${processes} processes, median ms`,
    rowsOf(freeze),
    '## From the call to the first byte of a command in a guest, median ms',
    rowsOf(exec),
  ].join('\n\n');
}

function rowsOf(rows: readonly EnterRow[]): string {
  return table(
    ['', 'median', 'least', 'most'],
    rows.map(({ what, result }) =>
      'failed' in result
        ? [what, '-', '-', `does not run here: ${result.failed}`]
        : [what, two(result.median), two(result.min), two(result.max)],
    ),
  );
}

/** Many at once, many that stay. */
export function describeScale(scale: ScaleResult): string {
  const { parallel, guests, starts, counters, memory } = scale;
  const { errors } = parallel;
  const range = (samples: Samples) =>
    `${ms(samples)} (${samples.min.toFixed(1)} to ${samples.max.toFixed(1)})`;
  return [
    '## Many guests',
    `${parallel.lives} lives (made, started, killed, removed) all at once: ${errors.length} errors, ${parallel.perSecond.toFixed(0)} a second.${errors.length > 0 ? ` The first: ${errors[0]}` : ''}`,
    table(
      ['start of the', 'median ms'],
      [
        ['10th guest', range(starts.first)],
        [`${guests}th guest`, range(starts.last)],
        ['ratio (goal 1.5)', ratio(starts.last.median, starts.first.median)],
      ],
    ),
    table(
      [`all counters of ${guests} guests in one call`, 'ms'],
      [
        ['first call, which opens the files', counters.first.toFixed(1)],
        ['each later one', range(counters.wall)],
        ['CPU time of each later one (goal 20)', range(counters.cpu)],
      ],
    ),
    table(
      [
        'memory of each guest',
        'guests',
        'less available on the host, KiB',
        'PSS of its holder, KiB',
        'PSS of its init, KiB',
      ],
      [
        ['Berth', String(guests), kib(memory.berth.host), kib(memory.berth.holder), kib(memory.berth.init)],
        'failed' in memory.lxc
          ? ['LXC', '-', `does not run here: ${memory.lxc.failed}`, '-', '-']
          : [
              'LXC',
              String(memory.lxc.guests),
              kib(memory.lxc.host),
              kib(memory.lxc.holder),
              kib(memory.lxc.init),
            ],
      ],
    ),
  ].join('\n\n');
}

/** What the server holds after many lives. */
export function describeGrowth({ warmUp, rows, supervisor }: GrowthResult): string {
  const [first, last] = [rows[0], rows.at(-1)];
  const half = rows[Math.floor(rows.length / 2)];
  const slope = (from: typeof first, to: typeof first) => {
    if (!from || !to || to.lifecycles <= from.lifecycles) return '-';
    const each = (bytes: number) => (bytes / (to.lifecycles - from.lifecycles)).toFixed(0);
    const compiled = to.compiled - from.compiled;
    return `${each(to.heapUsed - from.heapUsed)} bytes (${each(compiled)} of compiled code, ${each(to.heapUsed - from.heapUsed - compiled)} of all else)`;
  };
  const held = ({ memory, descriptors }: GrowthResult['supervisor']['before']) =>
    `${kib(memory)} KiB and ${descriptors} descriptors`;
  return [
    '## Growth',
    `Guests made, started, entered, stopped and deleted through the server, after ${warmUp} to warm up; all garbage collected before each row.`,
    table(
      ['lives', 'heap, MiB', 'of it compiled code, MiB', 'buffers, MiB', 'resident, MiB', 'descriptors'],
      rows.map((row) => [
        String(row.lifecycles),
        mib(row.heapUsed),
        mib(row.compiled),
        mib(row.external),
        mib(row.rss),
        String(row.descriptors),
      ]),
    ),
    `Heap for each life: ${slope(first, last)} over all, ${slope(half, last)} over the second half. What V8 compiles of the server's own code it compiles better the longer it runs, and that ends; nothing of a guest is in it. The supervisor of a guest that ran on and was entered meanwhile: ${held(supervisor.before)} before, ${held(supervisor.after)} after.`,
  ].join('\n\n');
}

/** What each second costs the server. */
export function describeSampler(sampler: SamplerResult): string {
  const { guests, seconds, idle, sampling, watched, eventBytes, create } = sampler;
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  return [
    `## The server with ${guests} running guests`,
    table(
      [`of one core, over ${seconds} s`, ''],
      [
        ['without a guest', percent(idle)],
        ['all running, sampled each second (goal under 3 %)', percent(sampling)],
        [`and one client hears all events (${kib(eventBytes)} KiB a second)`, percent(watched)],
      ],
    ),
    `Made and started through the API: ${create.first.toFixed(1)} ms each at the beginning, ${create.last.toFixed(1)} ms at the end.`,
  ].join('\n\n');
}
