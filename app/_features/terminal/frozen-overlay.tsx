'use client';

import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, Icon } from '../../_ui/index.ts';
import { openGuestDialog } from '../guests/index.ts';
import { StartGuest } from './start-guest.tsx';

export interface FrozenOverlayProps {
  guest: GuestView;
  /** Keys that were typed since it froze. */
  typed: number;
}

/** Over the terminal of a guest that stands still: why nothing answers, that keys wait, and the way on. */
export function FrozenOverlay({ guest, typed }: FrozenOverlayProps) {
  const { name, waitingForMemory } = guest;
  return (
    <>
      <div
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 bg-[color-mix(in_srgb,var(--surface)_55%,transparent)]"
      />
      <div
        role="status"
        className="absolute inset-x-3 bottom-3 mx-auto flex max-w-xl flex-wrap items-center gap-3 rounded-md border border-line bg-raised px-4 py-3 text-sm shadow-pop"
      >
        <Icon
          name={waitingForMemory ? 'warning' : 'snow'}
          className={waitingForMemory ? 'text-wait' : 'text-cold'}
        />
        <div className="min-w-0 flex-1 basis-56">
          <p className="font-medium">
            {waitingForMemory ? `The memory of ${name} is full` : `${name} is frozen`}
          </p>
          <p className="text-muted">
            Nothing in it runs. What you type waits and reaches it when it goes on
            {typed > 0 ? `: ${typed} so far.` : '.'}
          </p>
        </div>
        {waitingForMemory ? (
          <Button look="primary" onClick={() => openGuestDialog({ kind: 'memory', guest })}>
            Decide…
          </Button>
        ) : (
          <StartGuest guest={name} id={guest.id} state="frozen" />
        )}
      </div>
    </>
  );
}
