import { type Rights, reachOf } from '../access/may.ts';
import { allowed, router } from '../trpc.ts';
import { attend, type PresenceServices } from './attend.ts';
import { attendInput, type Present } from './schema.ts';
import { seenBy } from './seen-by.ts';

const forever = new AbortController().signal;

/** `presence.*`: who looks at which guest; changes come as `presence.changed` by `event.stream`. */
export function presenceRouter(services: PresenceServices) {
  return router({
    list: allowed('guest.view', 'any').query(({ ctx }) => listPresence(services, ctx.rights)),
    attend: allowed('guest.view', 'list')
      .input(attendInput)
      .subscription(({ ctx, input, signal }) =>
        attend(services, ctx, { ...input, signal: signal ?? forever }),
      ),
  });
}

/** Who looks at each guest that the caller sees, by its id; guests that nobody looks at are left out. */
function listPresence({ presence }: PresenceServices, rights: Rights): Record<string, Present[]> {
  const reach = reachOf(rights, 'guest.view');
  const seen = presence.guests().filter((id) => reach === 'everything' || reach.has(id));
  return Object.fromEntries(seen.map((id) => [id, seenBy(rights, id, presence.of(id))]));
}
