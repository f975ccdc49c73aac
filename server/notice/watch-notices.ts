import { whenDatabaseIsBack } from '../db/when-database-is-back.ts';
import { isFromElsewhere } from '../event/from-elsewhere.ts';
import type { GuestServices } from '../guest/services.ts';
import { NoticeFinder } from './notice-of.ts';
import type { NoticeServices } from './services.ts';
import { tellNotice } from './tell-notice.ts';

/** Write down what is worth a notice as it happens. Call the result to hear no more, and wait for what is being written. */
export function watchNotices(services: NoticeServices, guests: GuestServices['guests']): () => Promise<void> {
  const finder = new NoticeFinder();
  for (const record of guests.everyone()) finder.knows(record);
  // One after the other: notices have the order in which things happened.
  let last: Promise<void> = Promise.resolve();
  const off = services.events.on((event) => {
    // The server of that host tells it.
    if (isFromElsewhere(event)) return;
    const happening = finder.of(event);
    if (!happening) return;
    last = last
      .then(() => services.database.back())
      .then(() => whenDatabaseIsBack(() => tellNotice(services, happening)))
      .catch((error: unknown) => {
        services.log.error('cannot write down a notice', { kind: happening.kind, error });
      });
  });
  return async () => {
    off();
    // What waits for a database that is away would wait without end.
    if (services.database.awaySince() === null) await last;
  };
}
