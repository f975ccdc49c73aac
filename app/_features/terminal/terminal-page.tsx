'use client';

import { useEffect, useRef, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import type { GuestState } from '../../../server/guest/state.ts';
import { isAllowed } from '../../../server/guest/state.ts';
import { toApiError, useMay } from '../../_trpc/index.ts';
import { Button, EmptyState, ErrorState, Skeleton } from '../../_ui/index.ts';
import { paneOf } from './desk-pane.ts';
import { NewShellDialog } from './new-shell-dialog.tsx';
import { StartGuest } from './start-guest.tsx';
import { TerminalDesk } from './terminal-desk.tsx';
import { type Desk, useDesk } from './use-desk.ts';

export interface TerminalPageProps {
  guest: string;
  /** Null while it is not known yet: an operation can be followed before the guest is there. */
  view: GuestView | null;
}

/** The shells of a guest: all that run come by themselves, in tabs and panes, but for those that were detached here. */
export function TerminalPage({ guest, view }: TerminalPageProps) {
  const state = view?.state ?? null;
  const canEnter = state !== null && isAllowed('enter', state);
  const desk = useDesk(guest);
  const watchOnly = useMay()('console.use', view?.id);
  const [isAsking, setAsking] = useState(false);
  const running = desk.sessions?.filter(({ exit }) => exit === null) ?? [];
  const detached = running.filter(({ id }) => desk.state.detached.includes(id));
  useFirstShell(desk, guest, canEnter && !watchOnly && desk.isRestored && running.length === 0);

  return (
    <>
      <TerminalDesk
        desk={desk}
        guestOf={(name) => (view?.name === name ? view : null)}
        isOfMany={false}
        others={detached}
        onOthers={(session) => desk.put(paneOf(session), 'tab')}
        refusal={
          watchOnly ??
          (canEnter ? null : `guest ${guest} is ${state ?? 'not known yet'}: a shell needs it running`)
        }
        newLabel="New shell"
        onNew={() => desk.open(guest, {})}
        onNewWith={() => setAsking(true)}
        onSplit={(pane, direction) => {
          // Another one like it; what it runs is not run twice by a key.
          const { user, workdir } = pane.request;
          desk.open(
            guest,
            { ...(user && { user }), ...(workdir && { workdir }) },
            { pane: pane.key, direction },
          );
        }}
      >
        <NoShell
          guest={guest}
          id={view?.id ?? ''}
          watchOnly={watchOnly}
          state={state}
          isLoading={!desk.sessions && !desk.error}
          error={desk.error ? toApiError(desk.error).message : null}
          detached={detached.length}
          onRetry={desk.retry}
          onOpen={() => desk.open(guest, {})}
          onBringBack={() => {
            for (const session of detached) desk.put(paneOf(session), 'tab');
          }}
          onStarted={(operation) => desk.follow(guest, operation)}
        />
      </TerminalDesk>
      <NewShellDialog
        guest={guest}
        open={isAsking}
        onClose={() => setAsking(false)}
        onOpen={(request) => {
          setAsking(false);
          desk.open(guest, request);
        }}
      />
    </>
  );
}

/** Who comes to a guest without any shell gets one; who closes the last is left alone. */
function useFirstShell(desk: Desk, guest: string, isBare: boolean): void {
  const hadOne = useRef(false);
  const isEmpty = desk.state.panes.length === 0;
  const { open } = desk;
  useEffect(() => {
    if (!isEmpty) hadOne.current = true;
    else if (isBare && !hadOne.current) {
      hadOne.current = true;
      open(guest, {});
    }
  }, [isEmpty, isBare, guest, open]);
}

function NoShell(props: {
  guest: string;
  id: string;
  /** Why this person opens none. */
  watchOnly: string | null;
  state: GuestState | null;
  isLoading: boolean;
  error: string | null;
  /** How many run on, taken off this page. */
  detached: number;
  onRetry: () => void;
  onOpen: () => void;
  onBringBack: () => void;
  onStarted: (operation: string) => void;
}) {
  const { guest, id, watchOnly, state, isLoading, error, detached } = props;
  if (state === null || (isLoading && isAllowed('enter', state))) {
    return (
      <div className="p-4" role="status" aria-label="looking for shells">
        <Skeleton className="w-48" />
      </div>
    );
  }
  if (error !== null)
    return <ErrorState title="The shells cannot be read" message={error} onRetry={props.onRetry} />;
  if (isAllowed('enter', state) && detached > 0) {
    return (
      <EmptyState
        title={detached === 1 ? 'One shell runs on, detached' : `${detached} shells run on, detached`}
        action={
          <div className="flex flex-wrap gap-2">
            <Button look="primary" onClick={props.onBringBack}>
              {detached === 1 ? 'Bring it back' : 'Bring them back'}
            </Button>
            <Button disabledReason={watchOnly} onClick={props.onOpen}>
              Open a shell
            </Button>
          </div>
        }
      >
        They are listed on the page Terminals, too, and end only when somebody ends them.
      </EmptyState>
    );
  }
  if (isAllowed('enter', state)) {
    return (
      <EmptyState
        title="No shell is open"
        action={
          <Button look="primary" disabledReason={watchOnly} onClick={props.onOpen}>
            Open a shell
          </Button>
        }
      >
        {watchOnly
          ? 'You may only watch: a shell that somebody opens shows here.'
          : 'A shell runs on when you leave this page; it is here when you come back.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={`${guest} is ${state}`}
      action={
        <StartGuest
          guest={guest}
          id={id}
          state={state}
          label={state === 'frozen' ? 'Unfreeze and open a shell' : 'Start and open a shell'}
          onStarted={props.onStarted}
        />
      }
    >
      A shell needs a running guest. Its steps show here, then the prompt.
    </EmptyState>
  );
}
