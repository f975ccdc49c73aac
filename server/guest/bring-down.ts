import { failpoint } from '../failpoint/failpoint.ts';
import { exitOf } from './exit-of.ts';
import { NO_RESTARTS } from './restart-policy.ts';
import type { GuestServices } from './services.ts';
import { publishGuest } from './view.ts';

/**
 * Stop a guest, wait until nothing of it is left in the kernel, and write down how it ended. Idempotent.
 * `timeoutMs` is how long init has; `force` kills at once.
 */
export async function bringDown(
  services: GuestServices,
  id: string,
  options: { timeoutMs: number; force: boolean },
): Promise<void> {
  const { guests, runtime } = services;
  const record = guests.get(id);
  if (record.state === 'scheduled') {
    await guests.update(id, { state: 'stopped', wanted: 'stopped', problem: null, restart: NO_RESTARTS });
  }
  if (record.state !== 'running' && record.state !== 'frozen') return;
  await failpoint('guest.down.kernel', 'before');
  const exit = await runtime.stopGuest(id, options);
  await failpoint('guest.down.kernel', 'after');
  guests.forgetRun(id);
  await guests.update(id, {
    state: 'stopped',
    wanted: 'stopped',
    problem: null,
    run: null,
    exit: exitOf(exit),
    restart: NO_RESTARTS,
  });
}

/** Undo of a start: whatever of the guest runs ends at once and nothing of it is left in the kernel. */
export async function takeDown(services: GuestServices, id: string): Promise<void> {
  const { guests, runtime } = services;
  const running = (await runtime.listRunning()).some((one) => one.id === id);
  if (running) await runtime.stopGuest(id, { timeoutMs: 0, force: true });
  else await runtime.cleanGuest(id);
  guests.forgetRun(id);
  if (guests.find(id)) await guests.update(id, { state: 'stopped', wanted: 'stopped', run: null });
}

/** The end of an operation on a guest: its phase is over, and everybody is told how the guest is now. */
export function settle(services: GuestServices, id: string): void {
  services.guests.phase.delete(id);
  publishGuest(services, id);
}
