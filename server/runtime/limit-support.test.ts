import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { type GuestLimits, MORE_LIMITS } from '../guest/limits-schema.ts';
import { assertLimitsSupported } from './limit-support.ts';

const defaults: GuestLimits = { ...MORE_LIMITS, cpu: 1, memory: 1e8, swap: 0, pids: 10 };
const GROUP = 'berth0/guests';

/** A folder with these files in our group of one hierarchy. */
function mount(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'berth-support-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, GROUP), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, GROUP, name), text);
  return root;
}

function refusal(hierarchies: Parameters<typeof assertLimitsSupported>[0], limits: Partial<GuestLimits>) {
  try {
    assertLimitsSupported(hierarchies, GROUP, { ...defaults, ...limits });
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('unsupported');
    expect(error.field).toEqual(['limits', ...Object.keys(limits)]);
    return error.message;
  }
}

const io = [{ device: '8:0', readBytes: 1, writeBytes: null, readOps: null, writeOps: null }];

test('on v1 what only v2 has is refused with its reason, and each controller is looked for where it is', () => {
  const v1 = (controllers: string[], files: Record<string, string>) => ({
    v2: false,
    mount: mount(files),
    controllers,
  });
  const hybrid = [
    v1(['cpu', 'cpuacct'], { 'cpu.shares': '', 'cpu.cfs_quota_us': '' }),
    v1(['memory'], {}),
    v1(['blkio'], { 'blkio.throttle.read_bps_device': '' }),
    { v2: true, mount: mount({ 'cgroup.controllers': 'hugetlb\n' }), controllers: ['hugetlb'] },
  ];
  expect(refusal(hybrid, { memoryHigh: 1 })).toBe(
    "memoryHigh cannot be set on this host: its memory controller is cgroup v1's, which has no memory.high",
  );
  expect(refusal(hybrid, { memoryLow: 1 })).toContain('memory.low');
  expect(refusal(hybrid, { cpuset: '0' })).toBe(
    'cpuset cannot be set on this host: no mounted cgroup hierarchy has the cpuset controller',
  );
  expect(refusal(hybrid, { ioWeight: 5 })).toContain('neither io.cost nor the BFQ scheduler');
  expect(refusal(hybrid, { cpuBurstMicros: 5 })).toContain('the kernel has no cpu.cfs_burst_us');
  expect(refusal(hybrid, { cpuWeight: 5 })).toBe(null);
  expect(refusal(hybrid, { io })).toBe(null);
  expect(refusal(hybrid, { hugepages: [{ size: '2MB', bytes: 0 }] })).toBe(null);
});

test('on v2 all is there that the kernel passes on; what is the default is asked of no host', () => {
  const files = ['cpu.weight', 'cpu.max.burst', 'memory.high', 'memory.low', 'io.max', 'cpuset.cpus'];
  const v2 = [
    {
      v2: true,
      mount: mount({
        'cgroup.controllers': 'cpuset cpu io memory pids\n',
        ...Object.fromEntries(files.map((name) => [name, ''])),
      }),
      controllers: ['cpuset', 'cpu', 'io', 'memory', 'pids'],
    },
  ];
  for (const limits of [
    { memoryHigh: 1 },
    { memoryLow: 1 },
    { cpuset: '0' },
    { cpuBurstMicros: 1 },
    { io },
  ]) {
    expect(refusal(v2, limits)).toBe(null);
  }
  expect(refusal(v2, { ioWeight: 5 })).toContain('no io.weight or io.bfq.weight');
  expect(refusal(v2, { hugepages: [{ size: '2MB', bytes: 0 }] })).toContain('hugetlb controller');
  expect(refusal([], {})).toBe(null);
  // Before the first guest there is no group to look into: its start will tell.
  expect(refusal([{ v2: true, mount: '/nowhere', controllers: ['io'] }], { ioWeight: 5 })).toBe(null);
});
