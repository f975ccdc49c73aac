import { AppError } from '../errors/app-error.ts';
import { guestFor, runOnGuest } from '../guest/action.ts';
import { settle } from '../guest/bring-down.ts';
import { assertLendsNothing, deleteGuest, requireForce, stopFirst } from '../guest/delete-guest.ts';
import type { GuestRecord, Trashed } from '../guest/record.ts';
import { NO_RESTARTS } from '../guest/restart-policy.ts';
import type { GuestServices } from '../guest/services.ts';
import { publishGuest } from '../guest/view.ts';
import { actorName } from '../operation/actor-name.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Actor } from '../platform.ts';
import { trashDays } from './trash-days.ts';

const DAY_MS = 24 * 3600 * 1000;

interface TrashInput {
  id: string;
  /** It ran when it was asked: killing it is a step. */
  kill: boolean;
  by: string;
  until: string;
}

interface TrashRequest {
  guest: string;
  force?: boolean;
  wait?: boolean;
  /** Delete it for good where the trash keeps nothing. */
  orDelete?: boolean;
}

/**
 * Put a guest into the trash: it stops and is no guest any more, and its files, settings, roles and numbers are kept for as long as the
 * trash keeps things; where that is no time at all it is deleted for good with `orDelete`, and `until` is null. A running one only with
 * `force`. Throws `illegal_state` as a delete does, and without `orDelete` where nothing is kept; `over_quota` when the project's trash is
 * full. What the server itself puts there always fits: it makes room among the guests.
 */
export async function trashGuest(
  services: GuestServices,
  actor: Actor,
  { orDelete, ...input }: TrashRequest,
): Promise<{ operation: OperationView; until: string | null }> {
  const days = await trashDays(services);
  if (days === 0) {
    if (!orDelete) refuseToLose(services.guests.get(input.guest));
    return { ...(await deleteGuest(services, actor, input)), until: null };
  }
  const record = guestFor(services, 'delete', input.guest);
  assertLendsNothing(services, record);
  const kill = requireForce(record, input);
  if (actor.kind !== 'policy') assertRoom(services, record);
  const until = new Date(Date.now() + days * DAY_MS).toISOString();
  const operation = await runOnGuest<TrashInput>(services, 'guest.trash', {
    record,
    actor,
    input: { id: record.id, kill, by: actorName(actor), until },
    wait: input.wait ?? false,
  });
  return { operation, until };
}

/** Who asked for the trash thinks that nothing is lost. */
function refuseToLose({ name }: GuestRecord): never {
  throw new AppError(
    'illegal_state',
    `guest ${name} does not go into the trash, which keeps guests for 0 days: delete it for good (guest.delete), or with orDelete; root sets another time by berth trash days N`,
    { field: ['orDelete'] },
  );
}

/**
 * What is in the trash has its id range still, and is no guest of the quota: without a bound, making and deleting would use up the
 * ranges of everybody.
 */
function assertRoom({ guests, projects }: GuestServices, { name, project }: GuestRecord): void {
  const most = projects.find(project)?.quotas.guests ?? null;
  if (most === null) return;
  const there = guests.trashed().filter((one) => one.project === project).length;
  if (there < most) return;
  throw new AppError(
    'over_quota',
    `guest ${name} does not go into the trash: ${there} of project ${project} are in it, and it may have ${most} guests: delete it for good, or empty the trash (berth trash empty --project ${project})`,
    { field: ['guest'] },
  );
}

/** Where it has begun to stop there is no way back but to start it: an interrupted one is carried on. */
export function defineTrash(services: GuestServices): void {
  services.operations.define<TrashInput>({
    kind: 'guest.trash',
    onInterrupt: 'finish',
    steps: ({ id, kill, by, until }) => [
      ...(kill ? [{ name: 'stop', run: () => stopFirst(services, id) }] : []),
      { name: 'put-aside', run: () => putAside(services, id, { by, until }) },
    ],
    settled: async ({ id }, operation) => {
      const reason = operation.error?.message;
      if (reason && services.guests.find(id))
        await services.guests.update(id, { problem: `could not be put into the trash: ${reason}` });
      settle(services, id);
    },
  });
}

async function putAside(services: GuestServices, id: string, trash: Omit<Trashed, 'at'>): Promise<void> {
  const { events, guests, network } = services;
  const record = guests.find(id);
  // It is there already.
  if (!record) return;
  publishGuest(services, id);
  const { name, lease, mac, state } = record;
  if (lease !== null && mac !== null) await network.onGuestRemoved({ id, name, lease, mac });
  await guests.update(id, {
    state: state === 'scheduled' ? 'stopped' : state,
    wanted: 'stopped',
    restart: NO_RESTARTS,
    trash: { ...trash, at: new Date().toISOString() },
  });
  events.publish({ type: 'guest.removed', id, name });
  events.publish({ type: 'trash.changed' });
}
