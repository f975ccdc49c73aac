import type { GuestKernelEvent } from '../runtime/port.ts';
import { eventMessage, exitMessage, memoryFullProblem } from './event-message.ts';
import type { GuestServices } from './services.ts';
import { publishGuest } from './view.ts';

/** Tell everybody what the kernel does to guests, and keep the inventory true where it froze one. Called once at start. */
export function watchEvents(services: GuestServices): void {
  const { runtime, guests, events, log } = services;
  runtime.onGuestEvent((event) => {
    const record = guests.find(event.id);
    if (!record) return;
    const { id, name } = record;
    const { kind, at } = event;
    const message = eventMessage(record, event);
    events.publish({ type: 'guest.event', guest: id, name, at, kind, message });
    noteEvent(services, event).catch((error: unknown) => {
      log.error('cannot write down what happened to a guest', { guest: id, kind, error });
    });
  });
  runtime.onGuestExit((exit) => {
    const record = guests.find(exit.id);
    if (!record) return;
    const { id, name } = record;
    const message = exitMessage(exit);
    events.publish({ type: 'guest.event', guest: id, name, at: exit.at, kind: 'exit', message });
  });
}

async function noteEvent(services: GuestServices, { id, kind }: GuestKernelEvent): Promise<void> {
  if (kind !== 'frozen' && kind !== 'thawed' && kind !== 'memory-full') return;
  // It is looked at afterwards as it is then.
  await services.database.back();
  // What an operation does it writes down itself; what is true after it counts, not what was told before.
  const { operations } = services;
  for (let current = operations.current(id); current; current = operations.current(id)) {
    await operations.wait(current.id, undefined, new AbortController().signal);
  }
  await noteFrozen(services, id);
}

/** Write down whether a running guest stands still, whoever froze it. */
export async function noteFrozen(services: GuestServices, id: string): Promise<void> {
  const { guests, runtime } = services;
  const { frozen, memoryFull } = await runtime.isFrozen(id);
  const record = guests.find(id);
  if (record?.state !== 'running' && record?.state !== 'frozen') return;
  const state = frozen ? 'frozen' : 'running';
  const waited = guests.waitingForMemory.has(id);
  if (record.state === state && waited === memoryFull) return;
  if (memoryFull) guests.waitingForMemory.add(id);
  else guests.waitingForMemory.delete(id);
  await guests.update(id, { state, problem: memoryFull ? memoryFullProblem(record) : null });
  publishGuest(services, id);
}
