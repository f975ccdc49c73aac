'use client';

import { useConnection, useDatabaseAway } from '../../_trpc/index.ts';
import { clockTime, Icon } from '../../_ui/index.ts';

/** Tells at once that what is shown may be old, or that nothing can be changed; one at a time, and gone by itself. */
export function ConnectionBanner() {
  const connection = useConnection();
  const away = useDatabaseAway();
  return (
    <div role="status" aria-live="assertive">
      {connection === 'lost' && (
        <p className="flex items-center gap-2 border-line border-b bg-wait-soft px-4 py-1.5 text-sm text-wait sm:px-6">
          <Icon name="unplugged" />
          Reconnecting… The server cannot be reached; what is shown may be old. Guests run on.
        </p>
      )}
      {connection !== 'lost' && away && (
        <p className="flex items-center gap-2 border-line border-b bg-wait-soft px-4 py-1.5 text-sm text-wait sm:px-6">
          <Icon name="warning" className="shrink-0" />
          <span>
            The database is away since <time dateTime={away}>{clockTime(away)}</time>: nothing can be changed
            until it answers. Guests and open terminals run on; what is shown of guests is live.
          </span>
        </p>
      )}
    </div>
  );
}
