import type { Actor } from '../platform.ts';

/** How an actor is written into operations and logs. */
export function actorName(actor: Actor): string {
  return actor.kind === 'user' ? actor.username : actor.kind;
}
