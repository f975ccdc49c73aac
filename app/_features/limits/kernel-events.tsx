'use client';

import type { GuestView } from '../../../server/guest/schema.ts';
import { useGuestEventHistory } from '../../_trpc/index.ts';
import { RelativeTime } from '../../_ui/index.ts';

const SHOWN = 20;

/** What the kernel did to a guest lately, the newest first. */
export function KernelEvents({ guest }: { guest: GuestView }) {
  const { events: all, isPending } = useGuestEventHistory(guest.id);
  const events = all.slice(0, SHOWN);
  if (isPending) return null;
  return (
    <section aria-label="what the kernel did">
      <h2 className="mb-2 font-medium text-sm">What the kernel did to it</h2>
      {events.length === 0 ? (
        <p className="text-muted text-sm">Nothing lately: no limit made itself felt.</p>
      ) : (
        <ol className="border-line border-t text-sm">
          {events.map(({ at, kind, message }) => (
            <li key={`${at} ${kind}`} className="flex gap-4 border-line border-b py-1.5">
              <span className="w-24 shrink-0 text-muted">
                <RelativeTime at={at} />
              </span>
              <span className="wrap-anywhere min-w-0">{message}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
