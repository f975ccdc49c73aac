import type { GuestRecord, Trashed } from '../guest/record.ts';
import type { GuestServices } from '../guest/services.ts';
import type { TrashList, TrashView } from './schema.ts';
import { sizesOf } from './size-of.ts';
import { trashDays } from './trash-days.ts';

/** What is in the trash and in reach, what was deleted last first. */
export async function listTrash(
  services: GuestServices,
  reach: 'everything' | ReadonlySet<string> = 'everything',
): Promise<TrashList> {
  const seen = services.guests.trashed().filter(({ id }) => reach === 'everything' || reach.has(id));
  const [days, sizes] = await Promise.all([trashDays(services), sizesOf(services, seen)]);
  const guests = seen.flatMap((record) =>
    record.trash ? [viewOf(services, record, record.trash, sizes.get(record.id) ?? null)] : [],
  );
  return { days, guests: guests.sort((a, b) => (a.trashedAt > b.trashedAt ? -1 : 1)) };
}

function viewOf(
  { guests, network, operations }: GuestServices,
  record: GuestRecord,
  trash: Trashed,
  sizeBytes: number | null,
): TrashView {
  const { id, name, project, kind, image, tags, owner, lease, problem } = record;
  const operation = operations.current(id);
  return {
    ...{ id, name, project, kind, image, tags, owner, problem, sizeBytes },
    ipv4: lease === null ? null : network.addressesOf({ lease }).ipv4,
    trashedAt: trash.at,
    trashedBy: trash.by,
    until: trash.until,
    nameTaken: guests.nameTaken(name),
    operation: operation && { id: operation.id, kind: operation.kind },
  };
}
