import type { z } from 'zod';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { type DeskView, type SavedDesk, type saveDeskInput, storedDesk } from './schema.ts';

export interface DeskServices {
  db: Db;
  /** Id of a guest by id or name; null when there is none. */
  guestId(ref: string): string | null;
}

const NONE: DeskView = { version: 0, desk: { tabs: [], active: 0, detached: [] } };

interface Whose {
  id: string;
  userId: string;
  guestId: string | null;
}

/** Whose desk, and which. Throws `forbidden` for root, who has no page, and `not_found`. */
function whose({ guestId }: DeskServices, actor: Actor, ref: string | undefined): Whose {
  if (actor.kind !== 'user')
    throw new AppError('forbidden', 'a desk belongs to a person: sign in to the console');
  const guest = ref === undefined ? null : guestId(ref);
  if (ref !== undefined && guest === null) throw new AppError('not_found', `there is no guest ${ref}`);
  return { id: `${actor.id}:${guest ?? 'all'}`, userId: actor.id, guestId: guest };
}

async function read({ db }: DeskServices, { id }: Whose): Promise<DeskView> {
  const row = await db.desk.findUnique({ where: { id }, select: { version: true, layout: true } });
  if (row === null) return NONE;
  // One of another version of Berth, which cannot be read, is laid out anew.
  return { version: row.version, desk: storedDesk.safeParse(row.layout).data ?? NONE.desk };
}

/** How somebody's terminals are laid out. Throws `forbidden`, `not_found`. */
export async function getDesk(
  services: DeskServices,
  actor: Actor,
  { guest }: { guest?: string },
): Promise<DeskView> {
  return read(services, whose(services, actor, guest));
}

/**
 * Keep how somebody's terminals are laid out, unless another browser of theirs has kept something since `version`: then that is
 * answered and nothing is changed, for whoever asks to bring both together. Throws `forbidden`, `not_found`.
 */
export async function saveDesk(
  services: DeskServices,
  actor: Actor,
  input: z.output<typeof saveDeskInput>,
): Promise<SavedDesk> {
  const { db } = services;
  const { version, desk } = input;
  const key = whose(services, actor, input.guest);
  const { count } =
    version === 0
      ? await db.desk.createMany({ data: [{ ...key, layout: desk }], skipDuplicates: true })
      : await db.desk.updateMany({
          where: { id: key.id, version },
          data: { layout: desk, version: { increment: 1 } },
        });
  if (count === 1) return { isSaved: true, version: version + 1, desk };
  return { isSaved: false, ...(await read(services, key)) };
}
