import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { changeSettings } from './change-settings.ts';
import { judgeChange } from './judge-change.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { patched, settingsOf } from './settings.ts';
import { publishGuest, viewOf } from './view.ts';

/** ms until a change that could not go back (the kernel refused) is tried again. */
const AGAIN_MS = 10_000;
const POLICY: Actor = { kind: 'policy' };

/** See to it that the change of a guest that is to go back does so in time; idempotent, and also after a crash. */
export function planRevert(services: GuestServices, id: string, atLeastMs = 0): void {
  const { guests, log } = services;
  clearTimeout(guests.reverts.get(id));
  guests.reverts.delete(id);
  const revert = guests.find(id)?.revert;
  if (!revert) return;
  const wait = Math.max(atLeastMs, Date.parse(revert.at) - Date.now());
  const timer = setTimeout(() => {
    goBack(services, POLICY, id).catch((error: unknown) => {
      log.error('a change of a guest cannot go back yet', { guest: id, error });
      planRevert(services, id, AGAIN_MS);
    });
  }, wait);
  // It is written down: a server that stops leaves it to the next one.
  timer.unref();
  guests.reverts.set(id, timer);
}

/**
 * Keep a change that would go back by itself. Throws `illegal_state` when there is none (any more), `forbidden` for one that
 * the actor may not make.
 */
export async function keepChange(services: GuestServices, actor: Actor, ref: string): Promise<GuestView> {
  const { guests } = services;
  const { id } = guests.get(ref);
  await whenFree(services, id);
  requireRevert(services, id);
  const record = guests.get(id);
  await judgeChange(services, actor, record, { after: settingsOf(record), revert: null });
  await whenFree(services, id);
  if (!isDeepStrictEqual(guests.get(id).revert, record.revert)) return keepChange(services, actor, id);
  await guests.update(id, { revert: null });
  planRevert(services, id);
  publishGuest(services, id);
  return viewOf(services, guests.get(id));
}

/** Let a change go back now. Throws `illegal_state` when there is none (any more). */
export async function revertChange(services: GuestServices, actor: Actor, ref: string): Promise<GuestView> {
  const { id } = services.guests.get(ref);
  await whenFree(services, id);
  requireRevert(services, id);
  await goBack(services, actor, id);
  return viewOf(services, services.guests.get(id));
}

async function goBack(services: GuestServices, actor: Actor, id: string): Promise<void> {
  await whenFree(services, id);
  const record = services.guests.find(id);
  if (!record?.revert) return;
  const after = patched(settingsOf(record), record.revert.back);
  await changeSettings(services, actor, { record, after, revert: null });
}

function requireRevert({ guests }: Pick<GuestServices, 'guests'>, id: string): void {
  const { name, revert } = guests.get(id);
  if (revert) return;
  throw new AppError(
    'illegal_state',
    `no change of guest ${name} is about to go back: it did already, or was kept`,
  );
}

/** When no operation is at work on the guest. */
async function whenFree({ operations }: Pick<GuestServices, 'operations'>, id: string): Promise<void> {
  for (let current = operations.current(id); current; current = operations.current(id)) {
    await operations.wait(current.id, undefined, new AbortController().signal);
  }
}
