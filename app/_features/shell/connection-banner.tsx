'use client';

import { useConnection } from '../../_trpc/index.ts';
import { Icon } from '../../_ui/index.ts';

/** Tells at once that what is shown may be old. */
export function ConnectionBanner() {
  const connection = useConnection();
  return (
    <div role="status" aria-live="assertive">
      {connection === 'lost' && (
        <p className="flex items-center gap-2 border-line border-b bg-wait-soft px-4 py-1.5 text-sm text-wait sm:px-6">
          <Icon name="unplugged" />
          Reconnecting… The server cannot be reached; what is shown may be old. Guests run on.
        </p>
      )}
    </div>
  );
}
