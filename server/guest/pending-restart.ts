import { isDeepStrictEqual } from 'node:util';
import type { GuestRecord } from './record.ts';
import type { GuestIsolation } from './schema.ts';

/** Parts that a running guest has at once, or that are asked for only when it ends. */
const LIVE = new Set(['isolation.devices', 'isolation.mounts', 'init.restart', 'init.autostart']);

/** The isolation that a running guest has: what it was started with, and the devices and mounts of now. Pure. */
export function isolationInForce({
  isolation,
  started,
}: Pick<GuestRecord, 'isolation' | 'started'>): GuestIsolation {
  const { devices, mounts } = isolation;
  return { ...(started?.isolation ?? isolation), devices, mounts };
}

/** What was changed since the guest started and counts only from its next start on, by name. Pure. */
export function pendingRestart(
  record: Pick<GuestRecord, 'name' | 'command' | 'isolation' | 'init' | 'started'>,
): string[] {
  const { started } = record;
  if (!started) return [];
  return [
    ...(started.name === record.name ? [] : ['name']),
    ...(isDeepStrictEqual(started.command, record.command) ? [] : ['command']),
    ...changed('isolation', started.isolation, record.isolation),
    ...changed('init', started.init, record.init),
  ];
}

function changed(group: string, before: object, now: object): string[] {
  const old = new Map(Object.entries(before));
  return Object.entries(now)
    .filter(([part, value]) => !isDeepStrictEqual(value, old.get(part)))
    .map(([part]) => `${group}.${part}`)
    .filter((name) => !LIVE.has(name));
}
