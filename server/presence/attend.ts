import type { Guard } from '../access/guard.ts';
import type { BerthEvent } from '../event/schema.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor, EventBus } from '../platform.ts';
import type { PresenceBook } from './presence-book.ts';
import type { AttendInput } from './schema.ts';

export interface PresenceServices {
  presence: PresenceBook;
  events: Pick<EventBus, 'on'>;
  /** Id of a guest by id or name; null when there is none. */
  guestId(ref: string): string | null;
}

/** After these somebody may see less than before. */
function isDoubt(event: BerthEvent, guest: string | null): boolean {
  return event.type === 'people.changed' || (event.type === 'guest.left' && event.id === guest);
}

/**
 * Somebody's window is there for as long as this is asked for; its only value says that it counts. Ends with `forbidden` when they
 * may not see the guest any more. A program with a token looks at nothing: it is not counted.
 */
export async function* attend(
  services: PresenceServices,
  { actor, guard }: { actor: Actor; guard: Pick<Guard, 'require'> },
  input: AttendInput & { signal: AbortSignal },
): AsyncGenerator<{ counts: boolean }> {
  const { presence, events, guestId } = services;
  const { signal, page, idle: isIdle } = input;
  const guest = input.guest === undefined ? null : guestId(input.guest);
  const isPerson = actor.kind !== 'user' || !actor.token;
  const leave = isPerson
    ? presence.sit({ account: accountOf(actor), name: actorName(actor), guest, page, isIdle })
    : () => undefined;
  let isInDoubt = false;
  let wake: () => void = () => undefined;
  const off = events.on((event) => {
    if (!isDoubt(event, guest)) return;
    isInDoubt = true;
    wake();
  });
  const end = () => wake();
  signal.addEventListener('abort', end, { once: true });
  try {
    yield { counts: isPerson };
    while (!signal.aborted) {
      if (!isInDoubt) await new Promise<void>((resolve) => (wake = resolve));
      if (!isInDoubt) continue;
      isInDoubt = false;
      await guard.require(actor, 'guest.view', 'list', guest === null ? {} : { guest });
    }
  } finally {
    off();
    signal.removeEventListener('abort', end);
    leave();
  }
}

/** The same for all windows and terminals of one person; root is one. */
export function accountOf(actor: Actor): string {
  return actor.kind === 'user' ? `user:${actor.id}` : actor.kind;
}
