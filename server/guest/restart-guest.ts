import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, guestFor, runOnGuest } from './action.ts';
import { bringDown, takeDown } from './bring-down.ts';
import { bringUp } from './bring-up.ts';
import type { GuestServices } from './services.ts';
import { settleStart } from './start-guest.ts';
import { publishGuest } from './view.ts';

interface RestartInput {
  id: string;
  timeoutMs: number;
  force: boolean;
}

/** Stop a guest as `stop` does, then start it: what was configured meanwhile applies, its files stay. */
export async function restartGuest(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; wait?: boolean; force?: boolean; timeoutMs?: number },
): Promise<GuestAction> {
  const record = guestFor(services, 'restart', input.guest);
  const operation = await runOnGuest<RestartInput>(services, 'guest.restart', {
    record,
    actor,
    input: { id: record.id, timeoutMs: input.timeoutMs ?? record.stopTimeoutMs, force: input.force ?? false },
    wait: input.wait ?? false,
  });
  return actionOf(services, record.id, operation);
}

export function defineRestart(services: GuestServices): void {
  services.operations.define<RestartInput>({
    kind: 'guest.restart',
    onInterrupt: 'finish',
    steps: ({ id, timeoutMs, force }) => [
      {
        name: 'stop',
        run: async () => {
          publishGuest(services, id);
          await bringDown(services, id, { timeoutMs, force });
        },
      },
      {
        name: 'start',
        run: (context) => bringUp(services, id, context),
        undo: () => takeDown(services, id),
      },
    ],
    settled: ({ id }, operation) => settleStart(services, id, operation),
  });
}
