import { actorName } from '../operation/actor-name.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, guestFor, runOnGuest } from './action.ts';
import { settle, takeDown } from './bring-down.ts';
import { bringUp } from './bring-up.ts';
import { NO_RESTARTS } from './restart-policy.ts';
import { afterEnd, planStart } from './schedule-start.ts';
import type { GuestServices } from './services.ts';

interface StartInput {
  id: string;
}

/** Start a stopped guest: done when init has been exec'd inside all its walls. Throws `illegal_state` elsewhere. */
export async function startGuest(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; wait?: boolean },
): Promise<GuestAction> {
  const record = guestFor(services, 'start', input.guest);
  // Somebody's start begins the count anew.
  if (actor.kind !== 'policy') await services.guests.update(record.id, { restart: NO_RESTARTS });
  const operation = await runOnGuest<StartInput>(services, 'guest.start', {
    record,
    actor,
    input: { id: record.id },
    wait: input.wait ?? false,
  });
  return actionOf(services, record.id, operation);
}

/** After a crash of the server a start is carried on: the guest is wanted to run. */
export function defineStart(services: GuestServices): void {
  services.operations.define<StartInput>({
    kind: 'guest.start',
    onInterrupt: 'finish',
    steps: ({ id }) => [
      {
        name: 'start',
        run: (context) => bringUp(services, id, context),
        undo: () => takeDown(services, id),
      },
    ],
    settled: ({ id }, operation) => settleStart(services, id, operation),
  });
}

/** A guest whose start failed says so until it is started again. */
export async function settleStart(
  services: GuestServices,
  id: string,
  operation: OperationView,
): Promise<void> {
  const record = services.guests.find(id);
  if (record && operation.status === 'failed' && record.state !== 'running') {
    const failure = { state: 'failed', problem: operation.error?.message ?? null } as const;
    const again = operation.actor === actorName({ kind: 'policy' });
    const after = again
      ? afterEnd(record, { ...failure, ranMs: 0, now: Date.now() })
      : ({ ...failure, wanted: 'stopped' } as const);
    await services.guests.update(id, after);
    planStart(services, id);
  }
  settle(services, id);
}
