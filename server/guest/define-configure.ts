import { applySettings } from './apply-settings.ts';
import { settle } from './bring-down.ts';
import type { ConfigureInput } from './change-settings.ts';
import { planRevert } from './revert-change.ts';
import type { GuestServices } from './services.ts';

/** A change that a crash of the server interrupted is undone: nobody was told that it happened. */
export function defineConfigure(services: GuestServices): void {
  services.operations.define<ConfigureInput>({
    kind: 'guest.configure',
    onInterrupt: 'undo',
    steps: ({ id, before, after, revert, revertBefore }) => [
      {
        name: 'configure',
        run: async ({ operationId }) => {
          const pending = revert && { ...revert, operation: operationId };
          const readBack = await applySettings(services, id, { from: before, to: after, revert: pending });
          if (readBack) services.guests.readBack.set(operationId, readBack);
        },
        undo: async () => {
          if (!services.guests.find(id)) return;
          await applySettings(services, id, { from: after, to: before, revert: revertBefore });
        },
      },
    ],
    settled: async ({ id }) => {
      settle(services, id);
      planRevert(services, id);
    },
  });
}
