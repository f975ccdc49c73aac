import { failpoint } from '../failpoint/failpoint.ts';
import type { StepContext } from '../platform.ts';
import { requireDisk } from './disk-use.ts';
import { guestSpec } from './guest-spec.ts';
import type { RunIdentity } from './record.ts';
import { hasOwnNetwork } from './resolve-namespaces.ts';
import type { GuestServices } from './services.ts';
import { publishGuest } from './view.ts';

/**
 * Start a guest and write down that it runs. Idempotent: a guest that was started before a crash was adopted and is
 * left as it is. Throws what the kernel or the image refused; nothing is left then.
 */
export async function bringUp(services: GuestServices, id: string, context: StepContext): Promise<void> {
  const { guests, runtime, network } = services;
  const record = guests.get(id);
  const { name, command, isolation, init } = record;
  const started = { name, command, isolation, init };
  if (record.state === 'running') {
    await guests.update(id, { wanted: 'running', started });
    return;
  }
  guests.phase.set(id, 'starting');
  publishGuest(services, id);
  await requireDisk(services, record.project);
  const guestDir = await runtime.createGuestDir(id);
  const spec = await guestSpec(services, record, guestDir);
  context.signal.throwIfAborted();
  await failpoint('guest.up.kernel', 'before');
  const running = await runtime.startGuest(spec);
  await failpoint('guest.up.kernel', 'after');
  const { initPid, initStartTime, bootId, supervisorPid, startedAt } = running;
  const run: RunIdentity = { initPid, initStartTime, bootId, supervisorPid, startedAt };
  await guests.update(id, {
    state: 'running',
    wanted: 'running',
    problem: null,
    run,
    started,
    restart: { ...guests.get(id).restart, at: null },
  });
  if (record.lease !== null && record.mac !== null && hasOwnNetwork(record)) {
    await failpoint('guest.up.network', 'before');
    await network.onGuestStarted({ id, name: record.name, lease: record.lease, mac: record.mac });
    await failpoint('guest.up.network', 'after');
  }
}
