'use client';

import { expiryReminder } from '../../../server/guest/expiry-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { cx, Icon, Tooltip, useNow } from '../../_ui/index.ts';

type Marked = Pick<GuestView, 'isolation' | 'pendingRestart' | 'revertsAt' | 'expires'>;

/** Seconds until a time, counted down, never below 0. */
export function useSecondsUntil(at: string | null): number | null {
  const now = useNow();
  return at === null ? null : Math.max(0, Math.ceil((Date.parse(at) - Math.max(now, Date.now())) / 1000));
}

/** What is out of the ordinary about a guest, as small signs for a dense row; each says itself on hover and aloud. */
export function GuestMarks({ guest }: { guest: Marked }) {
  return (
    <>
      {guest.isolation.privileged && (
        <Tooltip text="privileged: root inside is root of the host">
          <span className="inline-flex text-bad">
            <Icon name="warning" size={14} label="privileged" />
          </span>
        </Tooltip>
      )}
      {guest.revertsAt && (
        <Tooltip text="a change goes back by itself unless it is kept">
          <span className="inline-flex text-wait">
            <Icon name="clock" size={14} label="a change is on trial" />
          </span>
        </Tooltip>
      )}
      {guest.expires && <ExpiryMark expires={guest.expires} />}
      {guest.pendingRestart.length > 0 && (
        <Tooltip text={`counts from the next start: ${guest.pendingRestart.join(', ')}`}>
          <span className="inline-flex text-muted">
            <Icon name="restart" size={14} label="restart to apply" />
          </span>
        </Tooltip>
      )}
    </>
  );
}

/** From a week before on. */
function ExpiryMark({ expires }: { expires: string }) {
  const reminder = expiryReminder(expires, useNow());
  if (!reminder) return null;
  return (
    <Tooltip text={reminder.text}>
      <span className={cx('inline-flex', reminder.isLast ? 'text-bad' : 'text-wait')}>
        <Icon name="calendar" size={14} label={reminder.text} />
      </span>
    </Tooltip>
  );
}
