import { deleteAnyGuest } from './guest/delete-guest.ts';
import type { GuestServices } from './guest/services.ts';
import type { LxcfsService } from './host/lxcfs.ts';
import type { ImageService } from './image/service.ts';
import { removeCgroups, supervisorsEnd } from './instance/remove-cgroups.ts';
import type { NetworkService } from './network/service.ts';
import type { Actor, OperationRunner } from './platform.ts';
import { emptyTrash } from './trash/empty-trash.ts';
import type { VolumeService } from './volume/service.ts';

const root: Actor = { kind: 'root' };
/** Guests that are removed at once: most of the time one waits, for processes to end and for its files to go. */
const AT_ONCE = 4;

/**
 * Take everything of the instance off the host, before its data folder is removed: guests with their processes,
 * images, the network. Throws AppError at the first that cannot be removed; it can be called again.
 */
export async function retire(services: {
  guests: GuestServices;
  images: ImageService;
  network: NetworkService;
  volumes: VolumeService;
  lxcfs: LxcfsService;
  operations: OperationRunner;
}): Promise<void> {
  const { guests, images, network, volumes, lxcfs, operations } = services;
  const waiting = guests.guests.all();
  const remove = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop())
      await deleteAnyGuest(guests, root, { guest: next.id, force: true, wait: true });
  };
  await allEnded(Array.from({ length: AT_ONCE }, remove));
  for (const { name, error } of await emptyTrash(guests, root, {}))
    if (error) throw new Error(`guest ${name} in the trash could not be deleted: ${error.message}`);
  for (const { name } of await images.list()) await endBuild(operations, name);
  for (const image of await images.list()) {
    if (image.state !== 'absent') await images.delete(root, { image: image.name, wait: true });
  }
  await lxcfs.drop();
  await volumes.drop();
  await network.drop();
  await guests.runtime.stopForking();
  await supervisorsEnd(guests.instance);
  removeCgroups(guests.instance);
}

/** Throws what the first of them threw, once none is at work any more. */
async function allEnded(work: Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === 'rejected') throw one.reason;
}

/** An image that is being built is nobody's any more: the build is taken back, however long it would have gone on. */
async function endBuild(operations: OperationRunner, image: string): Promise<void> {
  const building = operations.current(image);
  if (building?.kind !== 'image.build') return;
  await operations.cancel(building.id, root);
  await operations.wait(building.id, undefined, new AbortController().signal);
}
