import type { RunningGuest } from '../runtime/port.ts';
import { memoryFullProblem } from './event-message.ts';
import { hasOwnNetwork } from './resolve-namespaces.ts';
import type { GuestServices } from './services.ts';

/**
 * Read the inventory and take back the guests that ran on without a server: their supervisors and the kernel say which
 * (pid, start time and boot). Called once at start, before the interrupted operations are recovered.
 */
export async function adoptGuests(services: GuestServices): Promise<void> {
  const { guests, runtime, log } = services;
  await services.projects.load();
  await guests.load();
  const running = await runtime.listRunning();
  await Promise.all(running.map((one) => adopt(services, one)));
  if (running.length > 0) log.info('took back running guests', { guests: running.map(({ id }) => id) });
}

async function adopt(services: GuestServices, running: RunningGuest): Promise<void> {
  const { guests, network } = services;
  const record = guests.find(running.id);
  // Nobody's guest: reconciliation removes it.
  if (!record) return;
  if (running.memoryFull) guests.waitingForMemory.add(record.id);
  const { initPid, initStartTime, bootId, supervisorPid, startedAt } = running;
  await guests.update(record.id, {
    state: running.frozen ? 'frozen' : 'running',
    problem: running.memoryFull ? memoryFullProblem(record) : null,
    run: { initPid, initStartTime, bootId, supervisorPid, startedAt },
  });
  const { id, name, lease, mac } = record;
  if (lease !== null && mac !== null && hasOwnNetwork(record))
    await network.onGuestStarted({ id, name, lease, mac });
}
