import { runOnGuest } from '../guest/action.ts';
import type { DeleteInput } from '../guest/delete-guest.ts';
import type { GuestServices } from '../guest/services.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Actor } from '../platform.ts';

/** Remove a guest that is in the trash for good, with everything that it wrote. Throws `not_found`, `busy`. */
export async function deleteTrashed(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; wait?: boolean },
): Promise<{ operation: OperationView }> {
  const record = services.guests.getTrashed(input.guest);
  const operation = await runOnGuest<DeleteInput>(services, 'guest.delete', {
    record,
    actor,
    input: { id: record.id, kill: false },
    wait: input.wait ?? false,
  });
  return { operation };
}
