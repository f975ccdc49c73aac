import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, guestFor, runOnGuest } from './action.ts';
import { bringDown, settle } from './bring-down.ts';
import type { GuestServices } from './services.ts';
import { stateOf } from './state-of.ts';
import { publishGuest } from './view.ts';

interface StopInput {
  id: string;
  timeoutMs: number;
  force: boolean;
}

/** Ask init to stop and kill it after the time limit (ms), or kill it at once. A start at work is waited for first. */
export async function stopGuest(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; wait?: boolean; force?: boolean; timeoutMs?: number },
): Promise<GuestAction> {
  const { guests, operations } = services;
  const asked = guestFor(services, 'stop', input.guest);
  const current = operations.current(asked.id);
  if (current && stateOf(services, asked) === 'starting') {
    await operations.wait(current.id, undefined, new AbortController().signal);
  }
  const record = guestFor(services, 'stop', asked.id);
  const operation = await runOnGuest<StopInput>(services, 'guest.stop', {
    record: guests.get(record.id),
    actor,
    input: { id: record.id, timeoutMs: input.timeoutMs ?? record.stopTimeoutMs, force: input.force ?? false },
    wait: input.wait ?? false,
  });
  return actionOf(services, record.id, operation);
}

/** A stop that a crash of the server interrupted is carried on. */
export function defineStop(services: GuestServices): void {
  services.operations.define<StopInput>({
    kind: 'guest.stop',
    onInterrupt: 'finish',
    steps: ({ id, timeoutMs, force }) => [
      {
        name: 'stop',
        run: async () => {
          publishGuest(services, id);
          await bringDown(services, id, { timeoutMs, force });
        },
      },
    ],
    settled: async ({ id }) => settle(services, id),
  });
}
