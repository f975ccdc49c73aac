import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { replaceDurably } from '../instance/write-durably.ts';
import type { Actor } from '../platform.ts';
import { freezeGuest } from './freeze-guest.ts';
import type { GuestRecord } from './record.ts';
import { NO_RESTARTS } from './restart-policy.ts';
import { startScheduled } from './schedule-start.ts';
import type { GuestServices } from './services.ts';
import { publishGuest } from './view.ts';

/** Of random(4), the whole of it. */
const BOOT_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n$/;
const POLICY: Actor = { kind: 'policy' };

/** Whether the host has booted since a server of this instance ran last; false for the very first one. */
export function hasBooted({ instance, runtime }: GuestServices): boolean {
  const before = bootBefore(instance.dataDir);
  return before !== null && before !== runtime.bootId;
}

/** From now on only the next boot is one. */
export function rememberBoot({ instance, runtime }: GuestServices): void {
  if (bootBefore(instance.dataDir) === runtime.bootId) return;
  replaceDurably(bootFile(instance.dataDir), `${runtime.bootId}\n`, 0o600);
}

/**
 * Who starts after a boot: guests with autostart, whatever they did before (but not those that have expired), and those that ran when the host went
 * down. It is written down before the first of them starts, so that a server that ends meanwhile leaves none out, and
 * so that whoever is stopped meanwhile stays stopped.
 */
export async function scheduleForBoot(services: GuestServices, ran: readonly GuestRecord[]): Promise<void> {
  const { guests } = services;
  const again = new Set(ran.map(({ id }) => id));
  for (const { id, init, state, wanted, expires, expiryDone } of guests.all()) {
    const stands = state === 'stopped' || state === 'failed' || state === 'scheduled';
    // One that has expired and was stopped for it stays so until somebody starts it.
    const isOver = expires !== null && expires === expiryDone;
    if (!stands || !(again.has(id) || (init.autostart.enabled && !isOver))) continue;
    const next = again.has(id) && wanted === 'frozen' ? 'frozen' : 'running';
    await guests.update(id, { state: 'scheduled', wanted: next, problem: null, restart: NO_RESTARTS });
    publishGuest(services, id);
  }
}

/**
 * Start those that wait for it since the host has booted: by the order of their autostart, those of one order together,
 * then the pause; last, one after the other, those without autostart that ran before. A failure shows on the guest.
 */
export async function startAtBoot(services: GuestServices): Promise<void> {
  const { log } = services;
  const waiting = services.guests
    .all()
    .filter(({ state, restart }) => state === 'scheduled' && restart.at === null);
  const automatic = Map.groupBy(
    waiting.filter(({ init }) => init.autostart.enabled),
    ({ init }) => init.autostart.order,
  );
  const start = async ({ id, name, wanted }: GuestRecord) => {
    try {
      await startScheduled(services, id);
      if (wanted === 'frozen') await freezeGuest(services, POLICY, { guest: id, wait: true });
    } catch (error) {
      log.error('cannot start a guest after a boot', { guest: name, error });
    }
  };
  for (const order of [...automatic.keys()].toSorted((a, b) => a - b)) {
    const group = automatic.get(order) ?? [];
    await Promise.all(group.map(start));
    const seconds = Math.max(...group.map(({ init }) => init.autostart.delaySeconds));
    // A process that has nothing else to do ends in spite of it.
    await pause(seconds * 1000, undefined, { ref: false });
  }
  const others = waiting.filter(({ init }) => !init.autostart.enabled);
  for (const one of others.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) await start(one);
}

function bootFile(dataDir: string): string {
  return join(dataDir, 'boot');
}

function bootBefore(dataDir: string): string | null {
  try {
    const text = readFileSync(bootFile(dataDir), 'utf8');
    // A damaged file is no boot: nobody starts whom somebody has stopped.
    return BOOT_ID.test(text) ? text.trim() : null;
  } catch {
    return null;
  }
}
