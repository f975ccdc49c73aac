import { tryAgain } from '../errors/try-again.ts';
import type { ExitListener, ExitRecord } from '../runtime/port.ts';
import { recordExit } from './record-exit.ts';
import type { GuestServices } from './services.ts';

type Init = Parameters<ExitListener>[1];

/** Keep the inventory true when guests end: by themselves, or because somebody killed them. Called once at start. */
export function watchExits(services: GuestServices): void {
  services.runtime.onGuestExit((exit, run) => {
    // It is told once: what is not written down would be held for running until the next start.
    void tryAgain(
      () => noteExit(services, exit, run),
      (error, triesLeft) =>
        services.log.error('cannot write down that a guest has ended', { guest: exit.id, triesLeft, error }),
    );
  });
}

async function noteExit(services: GuestServices, exit: ExitRecord, run: Init): Promise<void> {
  const { guests, operations, runtime } = services;
  // What an operation does (a stop, a restart) it writes down itself; what is left after it is to be judged.
  for (let current = operations.current(exit.id); current; current = operations.current(exit.id)) {
    await operations.wait(current.id, undefined, new AbortController().signal);
  }
  const record = guests.find(exit.id);
  // Which run it was, no time says: clocks are set.
  if (!record?.run || !isSame(record.run, run)) return;
  const alive = (await runtime.listRunning()).some((one) => one.id === exit.id && isSame(one, run));
  if (!alive) await recordExit(services, exit);
}

function isSame(one: Init, other: Init): boolean {
  return one.initPid === other.initPid && one.initStartTime === other.initStartTime;
}
