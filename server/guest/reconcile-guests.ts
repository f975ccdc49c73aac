import { forgetGuest } from './forget-guest.ts';
import type { GuestRecord } from './record.ts';
import { recordExit } from './record-exit.ts';
import { planRevert } from './revert-change.ts';
import { afterEnd, planStart } from './schedule-start.ts';
import type { GuestServices } from './services.ts';
import { hasBooted, rememberBoot, scheduleForBoot, startAtBoot } from './start-at-boot.ts';
import { publishGuest } from './view.ts';

/**
 * Compare the inventory with the kernel and make both true: ends that nobody saw are written down, guests that a
 * reboot of the host ended are started again, half-made ones and those of nobody are removed. Called at start, after
 * the interrupted operations are recovered; a guest that an operation is at work on is left to it.
 */
export async function reconcileGuests(services: GuestServices): Promise<void> {
  const { guests, operations, runtime, log } = services;
  const running = new Set((await runtime.listRunning()).map(({ id }) => id));
  const again: GuestRecord[] = [];
  for (const record of guests.all()) {
    if (operations.current(record.id) || running.has(record.id)) continue;
    try {
      if (await reconcile(services, record)) again.push(record);
    } catch (error) {
      // One guest that cannot be made right must not keep the console from starting.
      log.error('cannot reconcile a guest', { guest: record.name, error });
    }
  }
  await removeOrphans(services, running);
  if (again.length > 0 || hasBooted(services)) await scheduleForBoot(services, again);
  rememberBoot(services);
  for (const { id } of guests.all()) {
    planRevert(services, id);
    planStart(services, id);
  }
  // The console is there before the guests are.
  void startAtBoot(services);
}

/** True when the guest is to be started again. */
async function reconcile(services: GuestServices, record: GuestRecord): Promise<boolean> {
  const { guests, runtime } = services;
  if (record.state === 'creating' || record.state === 'deleting') {
    await runtime.removeGuest(record.id);
    await forgetGuest(services, record.id);
    return false;
  }
  if (!record.run) return false;
  if (record.run.bootId !== runtime.bootId) {
    await runtime.cleanGuest(record.id);
    await guests.update(record.id, { state: 'stopped', run: null });
    publishGuest(services, record.id);
    return record.wanted !== 'stopped';
  }
  const exit = await runtime.readExit(record.id);
  if (exit) {
    await recordExit(services, exit);
    return false;
  }
  await runtime.cleanGuest(record.id);
  const problem = 'it ended while the server was away and left no word: its supervisor was killed';
  const after = afterEnd(record, { state: 'failed', problem, ranMs: 0, now: Date.now() });
  await guests.update(record.id, { ...after, run: null });
  publishGuest(services, record.id);
  return false;
}

/** What runs or lies on this host under the name of this instance, but is in no inventory. */
async function removeOrphans(services: GuestServices, running: ReadonlySet<string>): Promise<void> {
  const { guests, runtime, log } = services;
  const found = new Set([...running, ...(await runtime.listRemnants())]);
  for (const id of found) {
    if (guests.findAny(id)) continue;
    log.warn('removing what is left of a guest that is not in the inventory', { guest: id });
    try {
      if (running.has(id)) await runtime.stopGuest(id, { timeoutMs: 0, force: true });
      await runtime.removeGuest(id);
    } catch (error) {
      log.error('cannot remove what is left of a guest', { guest: id, error });
    }
  }
}
