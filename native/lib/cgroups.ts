import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CgroupEffects, type CgroupLimits, type CgroupUsage, native, type ReadLimits } from './addon.ts';
import { NativeError } from './native-error.ts';

const UNSAFE = /(^|\/)\.{0,2}(\/|$)|\0/;

/** `berth0/guests/ID`: no part is empty, `.` or `..`, so that nothing outside the hierarchy is ever named. */
function check(group: string): string {
  if (UNSAFE.test(group)) {
    throw new NativeError({
      code: 'EINVAL',
      action: 'name a control group such as berth0/guests/a',
      path: group,
    });
  }
  return group;
}

function checkLimits(limits: CgroupLimits): CgroupLimits {
  for (const [name, value] of Object.entries(limits)) {
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new NativeError({ code: 'EINVAL', action: `limit ${name} to a whole number, not ${value}` });
    }
  }
  return limits;
}

/**
 * Make a group in every hierarchy, limit it and refuse all devices to it but `devices` (`c 1:3 rwm`). Parents are made
 * on demand. Throws NativeError; whoever made it removes it then.
 */
export async function createGroup(
  group: string,
  options: { limits: CgroupLimits; devices: readonly string[] },
): Promise<void> {
  const limits = checkLimits(options.limits);
  await native((addon) => addon.createCgroup(check(group), limits, options.devices));
}

/**
 * Apply at once, all of them or none; returns what the kernel reads back. Throws NativeError: EOPNOTSUPP for what this host
 * cannot limit.
 */
export async function setLimits(group: string, limits: CgroupLimits): Promise<ReadLimits> {
  return native((addon) => addon.setLimits(check(group), checkLimits(limits)));
}

export async function readLimits(group: string): Promise<ReadLimits> {
  return native((addon) => addon.readLimits(check(group)));
}

/** Resolves when the kernel says that it is so. Throws NativeError ETIMEDOUT after 10 s. */
export async function freeze(group: string, frozen: boolean): Promise<void> {
  await native((addon) => addon.freeze(check(group), frozen));
}

export async function isFrozen(group: string): Promise<boolean> {
  return native((addon) => addon.frozen(check(group)));
}

/** How many processes the kernel killed for the group's memory limit. */
export async function oomKills(group: string): Promise<number> {
  return native((addon) => addon.oomKills(check(group)));
}

/** SIGKILL to all in it and below, frozen ones too. Nothing there is success. */
export async function killGroup(group: string): Promise<void> {
  await native((addon) => addon.killCgroup(check(group)));
}

/** Remove it and what is below in every hierarchy, once it is empty (waits 5 s, then EBUSY). Idempotent. */
export async function removeGroup(group: string): Promise<void> {
  await native((addon) => addon.removeCgroup(check(group)));
}

/** Numbers of a row of the addon's readUsage. */
const COLUMNS = 9;

/**
 * Counters of many groups in one call; null for a group that is not there. `link`: the host's end. Descriptors stay open
 * for the next call until `forgetUsage`, the end of the group, or a minute without a call.
 */
export async function readUsage(
  guests: readonly { group: string; link: string | null }[],
): Promise<(CgroupUsage | null)[]> {
  const groups = guests.map(({ group }) => check(group));
  const links = guests.map(({ link }) => link ?? '');
  const rows = await native((addon) => addon.readUsage(groups, links));
  return guests.map((_, at) => usageIn(rows, at * COLUMNS));
}

/** Close what `readUsage` keeps open of a group. */
export async function forgetUsage(group: string): Promise<void> {
  await native((addon) => addon.forgetUsage(check(group)));
}

/** What its limits did to it. */
export async function readEffects(group: string): Promise<CgroupEffects> {
  return native((addon) => addon.readEffects(check(group)));
}

function usageIn(rows: Float64Array, at: number): CgroupUsage | null {
  const cpuTotalMicros = rows[at];
  if (cpuTotalMicros === undefined || Number.isNaN(cpuTotalMicros)) return null;
  return {
    cpuTotalMicros,
    memory: rows[at + 1] ?? 0,
    swap: known(rows[at + 2]),
    pids: rows[at + 3] ?? 0,
    networkReceiveBytes: known(rows[at + 4]),
    networkTransmitBytes: known(rows[at + 5]),
    ioReadBytes: known(rows[at + 6]),
    ioWriteBytes: known(rows[at + 7]),
    throttledMicros: known(rows[at + 8]),
  };
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Names of the groups in a group, in whichever hierarchy. */
export async function groupsIn(group: string): Promise<string[]> {
  check(group);
  const names = new Set<string>();
  for (const { mount } of await native((addon) => addon.describeLayout())) {
    try {
      for (const entry of await readdir(join(mount, group), { withFileTypes: true })) {
        if (entry.isDirectory()) names.add(entry.name);
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return [...names];
}
