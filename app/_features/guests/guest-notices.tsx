'use client';

import { type ReactNode, useState } from 'react';
import { type AtExpiry, expiryReminder } from '../../../server/guest/expiry-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { ALONE, toApiError, useMay, useTRPCClient } from '../../_trpc/index.ts';
import {
  Button,
  cx,
  formatBytesExact,
  Icon,
  type IconName,
  notify,
  plural,
  useNow,
} from '../../_ui/index.ts';
import { openGuestDialog } from './guest-dialog-store.ts';
import { useSecondsUntil } from './guest-marks.tsx';

/** What somebody has to decide about a guest, or should know, above each of its pages. */
export function GuestNotices({ guest }: { guest: GuestView }) {
  return (
    <>
      {guest.waitingForMemory && <MemoryNotice guest={guest} />}
      {guest.revertsAt && <RevertNotice guest={guest} at={guest.revertsAt} />}
      {guest.expires && <ExpiryNotice expires={guest.expires} then={guest.atExpiry} />}
    </>
  );
}

/** What has happened is seen in the state. */
const THEN: Record<AtExpiry, string> = {
  nothing: '',
  stop: ', and is stopped then',
  delete: ', and goes into the trash then',
};

/** From a week before on; the day is changed on its overview. */
function ExpiryNotice({ expires, then }: { expires: string; then: AtExpiry }) {
  const reminder = expiryReminder(expires, useNow());
  if (!reminder) return null;
  return (
    <Notice icon="calendar" tone={reminder.isLast ? 'bad' : 'wait'}>
      <span className="min-w-0 flex-1 basis-60">
        It {reminder.text}
        {!reminder.isOver && ` (${expires})${THEN[then]}`}.
      </span>
    </Notice>
  );
}

/** Its memory is full and it stands still: the way to the decision. */
function MemoryNotice({ guest }: { guest: GuestView }) {
  return (
    <Notice icon="warning" tone="wait">
      <span className="wrap-anywhere min-w-0 flex-1 basis-60">
        Its memory of {formatBytesExact(guest.limits.memory)} is full: it stands still until somebody decides.
      </span>
      <Button look="primary" onClick={() => openGuestDialog({ kind: 'memory', guest })}>
        Decide…
      </Button>
    </Notice>
  );
}

function RevertNotice({ guest, at }: { guest: GuestView; at: string }) {
  const api = useTRPCClient();
  const seconds = useSecondsUntil(at) ?? 0;
  const refusal = useMay()('guest.configure', guest.id);
  const [busy, setBusy] = useState<'keep' | 'revert' | null>(null);
  const act = async (what: 'keep' | 'revert') => {
    setBusy(what);
    try {
      await api.guest[what].mutate({ guest: guest.id }, ALONE);
      const title =
        what === 'keep' ? `The change of ${guest.name} is kept` : `The change of ${guest.name} went back`;
      notify({ title, about: guest.name });
    } catch (error) {
      notify({ title: `could not ${what} the change`, detail: toApiError(error).message, tone: 'bad' });
    } finally {
      setBusy(null);
    }
  };
  return (
    <Notice icon="clock" tone="wait">
      <span className="min-w-0 flex-1 basis-60">
        A change is on trial: it goes back by itself{' '}
        {seconds > 0 ? (
          <>
            in <strong className="font-medium tabular-nums">{plural(seconds, 'second')}</strong> unless it is
            kept.
          </>
        ) : (
          'now.'
        )}
      </span>
      <Button busy={busy === 'revert'} disabledReason={refusal} onClick={() => void act('revert')}>
        Go back now
      </Button>
      <Button look="primary" busy={busy === 'keep'} disabledReason={refusal} onClick={() => void act('keep')}>
        Keep
      </Button>
    </Notice>
  );
}

const NOTICE_TONES = {
  wait: 'bg-wait-soft text-wait',
  bad: 'bg-bad-soft text-bad',
};

function Notice({
  icon,
  tone,
  children,
}: {
  icon: IconName;
  tone: keyof typeof NOTICE_TONES;
  children: ReactNode;
}) {
  return (
    <section
      aria-label="notice"
      className={cx(
        'mx-4 mb-2 flex flex-wrap items-center gap-2 rounded-md px-3 py-2 text-sm sm:mx-6',
        NOTICE_TONES[tone],
      )}
    >
      <Icon name={icon} />
      {children}
    </section>
  );
}
