import { AppError } from '../errors/app-error.ts';
import { actionOf, type GuestAction, runOnGuest } from '../guest/action.ts';
import { dayOf } from '../guest/expiry-schema.ts';
import type { GuestRecord } from '../guest/record.ts';
import { planRevert } from '../guest/revert-change.ts';
import type { GuestServices } from '../guest/services.ts';
import { patched, settingsOf } from '../guest/settings.ts';
import { endPromise, takeRoom } from '../guest/take-room.ts';
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
 * Bring a guest back out of the trash as it was, stopped; a day of expiry that has come has been acted upon. Throws `illegal_state` for one of
 * which files are gone, `name_taken` on field `name` when another guest has its name: give
 * another one then; `over_quota` when its project has no room for it any more. Of the disk it takes no more than it did in the trash.
 */
export async function restoreGuest(
  services: GuestServices,
  actor: Actor,
  input: RestoreRequest,
): Promise<{ operation: OperationView; guest: GuestAction['guest'] | null }> {
  const { guests } = services;
  const record = guests.getTrashed(input.guest);
  assertWhole(record);
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

/** A delete for good has begun (delete-guest.ts): what would come back is not what was. */
function assertWhole({ id, name, state }: GuestRecord): void {
  if (state !== 'deleting') return;
  throw new AppError(
    'illegal_state',
    `guest ${name} does not come back: its files are partly deleted: delete it for good again (berth trash rm ${id})`,
    { field: ['guest'] },
  );
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
          if (record.trash) {
            assertWhole(record);
            const { expires } = record;
            const isOver = expires !== null && expires <= dayOf(Date.now());
            await guests.update(id, { name, trash: null, ...(isOver && { expiryDone: expires }) });
          }
          planRevert(services, id);
        },
      },
    ],
    settled: async ({ id }) => {
      guests.claims.delete(id);
      await endPromise(services, id);
      publishGuest(services, id);
      events.publish({ type: 'trash.changed' });
    },
  });
}
