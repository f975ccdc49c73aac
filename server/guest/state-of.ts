import type { OperationKind } from '../operation/schema.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';
import type { GuestState } from './state.ts';

/** The state that a guest is in while an operation is at work on it; the others leave its steady state. */
const WHILE: Partial<Record<OperationKind, GuestState>> = {
  'guest.create': 'creating',
  'guest.start': 'starting',
  'guest.stop': 'stopping',
  'guest.restart': 'stopping',
  'guest.freeze': 'freezing',
  'guest.delete': 'deleting',
  'guest.trash': 'deleting',
};

/** The state as everybody sees it: what is being done to the guest, else the steady state of its record. */
export function stateOf(
  services: Pick<GuestServices, 'guests' | 'operations'>,
  record: GuestRecord,
): GuestState {
  const operation = services.operations.current(record.id);
  if (!operation) return services.guests.unwritten.get(record.id)?.state ?? record.state;
  return services.guests.phase.get(record.id) ?? WHILE[operation.kind] ?? record.state;
}
