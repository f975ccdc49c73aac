import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Actor } from '../platform.ts';
import { guestFor, runOnGuest } from './action.ts';
import { bringDown, settle, takeDown } from './bring-down.ts';
import { forgetGuest } from './forget-guest.ts';
import { lentTo } from './namespace-rules-schema.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';
import { publishGuest } from './view.ts';

/** ms before each further try. */
const FORGET_AGAIN = [100, 1000];

export interface DeleteInput {
  id: string;
  /** It ran when it was asked: killing it is a step. */
  kill: boolean;
}

interface DeleteRequest {
  guest: string;
  force?: boolean;
  wait?: boolean;
}

/**
 * Remove a guest with everything that it wrote. A running one only with `force`: throws `illegal_state` that says what
 * would be lost, or which guest has namespaces of it.
 */
export async function deleteGuest(
  services: GuestServices,
  actor: Actor,
  input: DeleteRequest,
): Promise<{ operation: OperationView }> {
  assertLendsNothing(services, guestFor(services, 'delete', input.guest));
  return deleteAnyGuest(services, actor, input);
}

/** The same for one that lends namespaces too, where all others go as well. */
export async function deleteAnyGuest(
  services: GuestServices,
  actor: Actor,
  input: DeleteRequest,
): Promise<{ operation: OperationView }> {
  const record = guestFor(services, 'delete', input.guest);
  const kill = requireForce(record, input);
  const operation = await runOnGuest<DeleteInput>(services, 'guest.delete', {
    record,
    actor,
    input: { id: record.id, kill },
    wait: input.wait ?? false,
  });
  return { operation };
}

/** Whether it has to be killed first. Throws `illegal_state` on field `force` for one that runs and may not be. */
export function requireForce(record: GuestRecord, { force }: { force?: boolean }): boolean {
  const isUp = record.state === 'running' || record.state === 'frozen';
  if (isUp && !force) {
    throw new AppError(
      'illegal_state',
      `guest ${record.name} is ${record.state}: stop it first, or delete it with force, which kills its processes`,
      { field: ['force'] },
    );
  }
  return isUp || record.run !== null;
}

/** They are named by the guest's name, which another guest could have then; one in the trash may come back. */
export function assertLendsNothing({ guests }: Pick<GuestServices, 'guests'>, { name }: GuestRecord): void {
  for (const other of guests.everyone()) {
    const back = { namespaces: other.revert?.back.isolation?.namespaces ?? {} };
    const lent = [...lentTo(other.isolation), ...lentTo(back)].find(({ guest }) => guest === name);
    if (!lent) continue;
    throw new AppError(
      'illegal_state',
      other.trash
        ? `guest ${name} shares its ${lent.type} namespace with ${other.name}, which is in the trash: delete that for good first, or restore it and change that`
        : `guest ${name} shares its ${lent.type} namespace with ${other.name}: change that of ${other.name} first`,
      { field: ['guest'] },
    );
  }
}

/** There is no way back from a delete: an interrupted one is carried on. */
export function defineDelete(services: GuestServices): void {
  services.operations.define<DeleteInput>({
    kind: 'guest.delete',
    onInterrupt: 'finish',
    steps: ({ id, kill }) => [
      ...(kill ? [{ name: 'stop', run: () => stopFirst(services, id) }] : []),
      {
        name: 'remove',
        run: async () => {
          publishGuest(services, id);
          // Durable before the first file goes: one whose delete fails half way does not come back as if it were whole.
          if (services.guests.findAny(id)?.trash) await services.guests.update(id, { state: 'deleting' });
          await services.runtime.removeGuest(id);
          await forgetInAnyCase(services, id);
        },
      },
    ],
    settled: async ({ id }, operation) => {
      const reason = operation.error?.message;
      const record = services.guests.findAny(id);
      if (reason && record) {
        const problem = `could not be deleted: ${reason}`;
        // One that could not even be stopped runs on; in the trash what has begun stays begun.
        const hasFailed = record.run === null && record.state !== 'deleting';
        await services.guests.update(id, hasFailed ? { state: 'failed', problem } : { problem });
        if (record.trash) services.events.publish({ type: 'trash.changed' });
      }
      settle(services, id);
    },
  });
}

/** Its files are gone: what fails for a moment must not leave a guest without any. */
async function forgetInAnyCase(services: GuestServices, id: string): Promise<void> {
  for (const delay of FORGET_AGAIN) {
    try {
      return await forgetGuest(services, id);
    } catch {
      await pause(delay);
    }
  }
  return forgetGuest(services, id);
}

/** The first step of a delete. */
export async function stopFirst(services: GuestServices, id: string): Promise<void> {
  if (!services.guests.find(id)) return;
  publishGuest(services, id);
  await bringDown(services, id, { timeoutMs: 0, force: true });
  // It is held for ended and has a run all the same.
  if (services.guests.get(id).run !== null) await takeDown(services, id);
}
