import { AppError } from '../errors/app-error.ts';
import type { HostBounds } from '../host/host-bounds.ts';
import { type HostParts, parseCpuList } from '../host/host-limits.ts';
import { amount, bytes } from './limit-text.ts';
import type { MainLimits } from './limits-schema.ts';
import { type GuestLimits, LEAST_LIMITS } from './schema.ts';

/** The least quota of a period that the kernel takes, µs (sched-bwc.rst). */
const LEAST_QUOTA_MICROS = 1000;

interface Asked {
  given: Partial<GuestLimits>;
  /** All of them, the given ones too. */
  limits: GuestLimits;
}

/**
 * Throws `bad_input` on the field (`limits.memory`) of the first of the given limits that this host could not give, or that
 * does not go with the others, naming the value and what would be right. Pure.
 */
export function checkLimits(asked: Asked, host: { bounds: HostBounds; parts: HostParts }): void {
  checkBounds(asked, host.bounds);
  checkCpu(asked, host.parts);
  checkMemory(asked);
  checkDevices(asked);
  checkHugepages(asked, host.parts);
}

function checkBounds({ given, limits }: Asked, bounds: HostBounds): void {
  for (const name of ['cpu', 'memory', 'swap', 'pids'] as const) {
    if (given[name] === undefined) continue;
    const value = limits[name];
    if (!(value >= LEAST_LIMITS[name] && value <= bounds[name])) throw outOfBounds(name, value, bounds);
  }
}

function outOfBounds(name: keyof MainLimits, value: number, bounds: HostBounds): AppError {
  const [shown, least, most] = [value, LEAST_LIMITS[name], bounds[name]].map((one) => amount(name, one));
  const right =
    name === 'swap' && bounds.swap === 0 ? 'it has no swap at all, so 0' : `choose ${least} to ${most}`;
  const why = value > bounds[name] ? 'more than this host has' : 'too little';
  return wrong(name, `${name} of ${shown} is ${why}: ${right}`);
}

function checkCpu({ given, limits }: Asked, { cpus }: HostParts): void {
  const { cpu, cpuPeriodMicros: period, cpuBurstMicros: burst, cpuset } = limits;
  const quota = Math.round(cpu * period);
  if ((given.cpu ?? given.cpuPeriodMicros) !== undefined && quota < LEAST_QUOTA_MICROS) {
    const least = Math.ceil(LEAST_QUOTA_MICROS / cpu);
    throw wrong(
      given.cpuPeriodMicros === undefined ? 'cpu' : 'cpuPeriodMicros',
      `${cpu} cores in periods of ${period} µs are ${quota} µs each, less than the ${LEAST_QUOTA_MICROS} that the kernel takes: choose periods of ${least} µs or more`,
    );
  }
  if ((given.cpu ?? given.cpuPeriodMicros ?? given.cpuBurstMicros) !== undefined && burst > quota) {
    throw wrong(
      given.cpuBurstMicros === undefined ? 'cpu' : 'cpuBurstMicros',
      `cpuBurstMicros of ${burst} is more than the quota of one period: choose at most ${quota}`,
    );
  }
  if (!given.cpuset || cpuset === null) return;
  const wanted = [...parseCpuList(cpuset)];
  const missing = wanted.filter((one) => !cpus.has(one));
  if (wanted.length > 0 && missing.length === 0) return;
  const online = ranges([...cpus]);
  const why =
    wanted.length === 0
      ? 'names no CPU: ranges count upwards'
      : `names CPUs that this host does not have (${ranges(missing)})`;
  throw wrong('cpuset', `cpuset ${cpuset} ${why}: choose among ${online}`);
}

function checkMemory({ given, limits }: Asked): void {
  const { memory } = limits;
  for (const name of ['memoryHigh', 'memoryLow'] as const) {
    const value = limits[name] ?? 0;
    if ((given[name] ?? given.memory) === undefined || value <= memory) continue;
    const message = `${name} of ${bytes(value)} is more than memory of ${bytes(memory)}: choose less`;
    throw wrong(given[name] === undefined ? 'memory' : name, message);
  }
  const { memoryHigh, memoryLow } = limits;
  if ((given.memoryHigh ?? given.memoryLow) === undefined || memoryHigh === null || memoryLow <= memoryHigh)
    return;
  throw wrong(
    given.memoryLow === undefined ? 'memoryHigh' : 'memoryLow',
    `memoryLow of ${bytes(memoryLow)} is more than memoryHigh of ${bytes(memoryHigh)}: what is spared would be reclaimed`,
  );
}

function checkDevices({ given }: Asked): void {
  const seen = new Set<string>();
  for (const [at, { device, ...rates }] of (given.io ?? []).entries()) {
    const field = ['limits', 'io', at, 'device'];
    if (seen.has(device)) {
      throw new AppError('bad_input', `${device} has limits twice: give them together`, { field });
    }
    seen.add(device);
    if (Object.values(rates).some((rate) => rate !== null)) continue;
    throw new AppError('bad_input', `${device} has no limit: give one of its four rates, or leave it out`, {
      field,
    });
  }
}

function checkHugepages({ given }: Asked, { hugepages }: HostParts): void {
  const seen = new Set<string>();
  for (const [at, { size, bytes: value }] of (given.hugepages ?? []).entries()) {
    const page = hugepages.get(size);
    const field = ['limits', 'hugepages', at];
    if (page === undefined) {
      const sizes = [...hugepages.keys()].join(' or ') || 'none';
      throw new AppError('bad_input', `this host has no huge pages of ${size}: it has ${sizes}`, {
        field: [...field, 'size'],
      });
    }
    if (seen.has(size)) {
      throw new AppError('bad_input', `huge pages of ${size} are limited twice: give one limit`, {
        field: [...field, 'size'],
      });
    }
    seen.add(size);
    if (value % page === 0) continue;
    const nearest = bytes(Math.ceil(value / page) * page);
    throw new AppError('bad_input', `${bytes(value)} are no whole pages of ${size}: choose ${nearest}`, {
      field: [...field, 'bytes'],
    });
  }
}

function wrong(name: keyof GuestLimits, message: string): AppError {
  return new AppError('bad_input', message, { field: ['limits', name] });
}

/** `0-3,5`. */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
