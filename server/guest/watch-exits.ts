import type { ExitRecord } from '../runtime/port.ts';
import { recordExit } from './record-exit.ts';
import type { GuestServices } from './services.ts';

/** Keep the inventory true when guests end: by themselves, or because somebody killed them. Called once at start. */
export function watchExits(services: GuestServices): void {
  services.runtime.onGuestExit((exit) => {
    noteExit(services, exit).catch((error: unknown) => {
      services.log.error('cannot write down that a guest has ended', { guest: exit.id, error });
    });
  });
}

async function noteExit(services: GuestServices, exit: ExitRecord): Promise<void> {
  const { guests, operations, runtime } = services;
  // What an operation does (a stop, a restart) it writes down itself; what is left after it is to be judged.
  for (let current = operations.current(exit.id); current; current = operations.current(exit.id)) {
    await operations.wait(current.id, undefined, new AbortController().signal);
  }
  const record = guests.find(exit.id);
  if (!record?.run || exit.at < record.run.startedAt) return;
  const { initPid, initStartTime } = record.run;
  const alive = (await runtime.listRunning()).some(
    (one) => one.id === exit.id && one.initPid === initPid && one.initStartTime === initStartTime,
  );
  if (!alive) await recordExit(services, exit);
}
