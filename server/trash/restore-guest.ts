import { AppError } from '../errors/app-error.ts';
import { actionOf, type GuestAction, runOnGuest } from '../guest/action.ts';
import { takeRoom } from '../guest/quota.ts';
import { planRevert } from '../guest/revert-change.ts';
import type { GuestServices } from '../guest/services.ts';
import { patched, settingsOf } from '../guest/settings.ts';
import { publishGuest } from '../guest/view.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Actor } from '../platform.ts';

interface RestoreInput {
  id: string;
  name: string;
}

interface RestoreRequest {
  guest: string;
  name?: string;
  wait?: boolean;
}

/**
 * Bring a guest back out of the trash as it was, stopped. Throws `name_taken` on field `name` when another guest has its name: give
 * another one then; `over_quota` when its project has no room for it any more. Of the disk it takes no more than it did in the trash.
 */
export async function restoreGuest(
  services: GuestServices,
  actor: Actor,
  input: RestoreRequest,
): Promise<{ operation: OperationView; guest: GuestAction['guest'] | null }> {
  const { guests } = services;
  const record = guests.getTrashed(input.guest);
  const { id, project } = record;
  const name = input.name ?? record.name;
  if (guests.nameTaken(name)) {
    throw new AppError(
      'name_taken',
      `the name ${name} is taken by another guest: choose another one (berth trash restore ${id} --name NAME)`,
      { field: ['name'] },
    );
  }
  const { lease, limits, revert } = record;
  const back = revert ? patched(settingsOf(record), revert.back).limits : limits;
  const release = await takeRoom(services, { project, guest: { id, lease, name }, limits, back });
  const operation = await runOnGuest<RestoreInput>(services, 'guest.restore', {
    record: { ...record, name },
    actor,
    input: { id, name },
    wait: input.wait ?? false,
    notJournaled: async () => release(),
  });
  return { operation, guest: guests.find(id) && actionOf(services, id, operation).guest };
}

/** One write: done or not, an interrupted one is carried on. */
export function defineRestore(services: GuestServices): void {
  const { events, guests } = services;
  services.operations.define<RestoreInput>({
    kind: 'guest.restore',
    onInterrupt: 'finish',
    steps: ({ id, name }) => [
      {
        name: 'bring-back',
        run: async () => {
          const record = guests.findAny(id);
          if (!record) throw new AppError('not_found', `there is no guest ${id} in the trash any more`);
          if (record.trash) await guests.update(id, { name, trash: null });
          planRevert(services, id);
        },
      },
    ],
    settled: async ({ id }) => {
      guests.claims.delete(id);
      publishGuest(services, id);
      events.publish({ type: 'trash.changed' });
    },
  });
}
