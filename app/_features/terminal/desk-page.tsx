'use client';

import { useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { isAllowed } from '../../../server/guest/state.ts';
import { toApiError, useMay, useNamedGuests } from '../../_trpc/index.ts';
import { Button, EmptyState, ErrorState, Skeleton } from '../../_ui/index.ts';
import { paneOf } from './desk-pane.ts';
import { NewShellDialog } from './new-shell-dialog.tsx';
import { type Pick, PickShellDialog } from './pick-shell-dialog.tsx';
import { TerminalDesk } from './terminal-desk.tsx';
import { type PlaceOnDesk, useDesk } from './use-desk.ts';

interface Picking {
  place: PlaceOnDesk;
  /** The guest that is likeliest. */
  near: string | null;
  /** What the new shell is to be is asked, too. */
  asks: boolean;
}

/** Terminals of many guests on one desk: any open shell, and new ones in any guest that runs. */
export function DeskPage() {
  const desk = useDesk(null);
  const named = useNamedGuests(desk.state.panes.map(({ guest }) => guest));
  const guestOf = (name: string) => {
    const guest = named.get(name);
    return guest && guest !== 'gone' ? guest : null;
  };
  const refusal = useMay();
  const [picking, setPicking] = useState<Picking | null>(null);
  const [asking, setAsking] = useState<{ guest: string; place: PlaceOnDesk } | null>(null);
  const here = new Set(desk.state.panes.map(({ session }) => session));
  const others = (desk.sessions ?? []).filter(({ id, exit }) => exit === null && !here.has(id));
  const near = picking?.near ? guestOf(picking.near) : null;
  const isOpen = (guest: GuestView) =>
    isAllowed('enter', guest.state) && refusal('console.use', guest.id) === null;
  const put = (pick: Pick) => {
    if (picking === null) return;
    if ('guest' in pick && pick.asks) setAsking({ guest: pick.guest, place: picking.place });
    else if ('guest' in pick) desk.open(pick.guest, {}, picking.place);
    else desk.put(paneOf(pick.session), picking.place);
    setPicking(null);
  };
  const ask = (asks: boolean) => {
    desk.look();
    setPicking({ place: 'tab', near: desk.focused?.guest ?? null, asks });
  };
  return (
    <>
      <TerminalDesk
        desk={desk}
        guestOf={guestOf}
        isOfMany
        others={others}
        refusal={null}
        newLabel="Put a terminal here"
        onNew={() => ask(false)}
        onNewWith={() => ask(true)}
        onSplit={(pane, direction) => {
          desk.look();
          setPicking({ place: { pane: pane.key, direction }, near: pane.guest, asks: false });
        }}
      >
        {desk.error ? (
          <ErrorState
            title="The shells cannot be read"
            message={toApiError(desk.error).message}
            onRetry={desk.retry}
          />
        ) : desk.isRestored ? (
          <EmptyState
            title="Nothing is on this desk"
            action={
              <Button look="primary" icon="plus" onClick={() => ask(false)}>
                Put a terminal here
              </Button>
            }
          >
            It holds terminals of any guests, in tabs and side by side. How they are laid out is remembered
            for you, in any browser; the shells run on without it.
          </EmptyState>
        ) : (
          <div className="p-4" role="status" aria-label="looking for shells">
            <Skeleton className="w-48" />
          </div>
        )}
      </TerminalDesk>
      {picking && (
        <PickShellDialog
          sessions={others}
          asks={picking.asks}
          near={near && isOpen(near) ? near.name : null}
          isOpen={isOpen}
          onClose={() => setPicking(null)}
          onPick={put}
        />
      )}
      {asking && (
        <NewShellDialog
          open
          guest={asking.guest}
          onClose={() => setAsking(null)}
          onOpen={(request) => {
            setAsking(null);
            desk.open(asking.guest, request, asking.place);
          }}
        />
      )}
    </>
  );
}
