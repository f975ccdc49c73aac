import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { measureFolders } from '../guest/disk-use.ts';
import type { GuestRecord } from '../guest/record.ts';
import type { GuestServices } from '../guest/services.ts';
import type { GuestStore } from '../guest/store.ts';

/** ms that a list waits for sizes: what takes longer is told when it is known. */
const PATIENCE_MS = 500;

/** Nothing writes in what is in the trash: each is measured once, by when it was put there. Null: it could not be. */
type Known = Map<string, { at: string; bytes: number | null }>;
const measured = new WeakMap<GuestStore, Known>();
const measuring = new WeakMap<GuestStore, Promise<void>>();

type Services = Pick<GuestServices, 'events' | 'guests' | 'instance'>;

/** Bytes on the disk that guests in the trash have written, by id, of those that are measured; the others are, and then the trash has changed. */
export async function sizesOf(
  services: Services,
  records: readonly GuestRecord[],
): Promise<Map<string, number>> {
  const { events, guests } = services;
  const known: Known = measured.get(guests) ?? new Map();
  measured.set(guests, known);
  for (const id of known.keys()) if (guests.findAny(id)?.trash?.at !== known.get(id)?.at) known.delete(id);
  const unknown = records.filter(({ id }) => !known.has(id));
  if (unknown.length > 0) {
    const work = measuring.get(guests) ?? measure(services, unknown, known);
    measuring.set(guests, work);
    let isLate = false;
    void work.then(() => {
      measuring.delete(guests);
      if (isLate) events.publish({ type: 'trash.changed' });
    });
    await Promise.race([work, pause(PATIENCE_MS, undefined, { ref: false })]);
    isLate = true;
  }
  return new Map([...known].flatMap(([id, { bytes }]) => (bytes === null ? [] : [[id, bytes] as const])));
}

/** Never rejects. */
async function measure({ instance }: Services, records: readonly GuestRecord[], known: Known): Promise<void> {
  const folderOf = (id: string) => join(instance.dataDir, 'guests', id);
  const sizes = await measureFolders(records.map(({ id }) => folderOf(id))).catch(
    () => new Map<string, number>(),
  );
  for (const { id, trash } of records)
    known.set(id, { at: trash?.at ?? '', bytes: sizes.get(folderOf(id)) ?? null });
}
