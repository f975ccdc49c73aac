import { z } from 'zod';
import { actorName } from '../operation/actor-name.ts';
import type { Actor, Platform } from '../platform.ts';
import { DEFAULT_TRASH_DAYS } from './schema.ts';

const NAME = 'trash.days';
const stored = z.number().int().min(0);

type Services = Pick<Platform, 'db' | 'events'>;

/** Days that a guest which is deleted now stays in the trash; 0: it goes for good at once. */
export async function trashDays({ db }: Pick<Services, 'db'>): Promise<number> {
  const row = await db.setting.findUnique({ where: { name: NAME }, select: { value: true } });
  const known = stored.safeParse(row?.value);
  return known.success ? known.data : DEFAULT_TRASH_DAYS;
}

/** From now on; what is in the trash already stays for as long as it was told. */
export async function setTrashDays(
  services: Services,
  actor: Actor,
  days: number,
): Promise<{ days: number }> {
  const setBy = actorName(actor);
  await services.db.setting.upsert({
    where: { name: NAME },
    create: { name: NAME, value: days, setBy },
    update: { value: days, setBy, setAt: new Date() },
  });
  services.events.publish({ type: 'trash.changed' });
  return { days };
}
