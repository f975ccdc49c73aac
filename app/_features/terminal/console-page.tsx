'use client';

import { useEffect, useRef, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { useTRPCClient } from '../../_trpc/index.ts';
import { IconButton } from '../../_ui/index.ts';
import { askTicket } from './ask-ticket.ts';
import { ConnectionBanner, describeEnd } from './connection-banner.tsx';
import { PaneFooter } from './pane-footer.tsx';
import { PeopleBar } from './people-bar.tsx';
import { RecordingBar } from './recording-bar.tsx';
import { SessionTools } from './session-tools.tsx';
import { StartGuest } from './start-guest.tsx';
import { TerminalSurface } from './terminal-surface.tsx';
import type { TerminalView } from './terminal-view.ts';
import { useFrozen } from './use-frozen.tsx';
import { useTerminalConnection } from './use-terminal-connection.ts';

/**
 * The guest's own console: what its init and its getty say, from the first byte the ring still has. A stopped guest's last
 * output stays; when it is started again the console begins anew.
 */
export function ConsolePage({ guest }: { guest: GuestView }) {
  const api = useTRPCClient();
  const [view, setView] = useState<TerminalView | null>(null);
  const connection = useTerminalConnection(view, {
    key: `console:${guest.id}`,
    askTicket: () => askTicket(api, { guest: guest.id }),
  });
  const { state } = connection;

  // It was started again: attach to the new console. What the last one showed makes room for it.
  const restart = useRef(connection.restart);
  useEffect(() => {
    restart.current = connection.restart;
  });
  const hasConsole = guest.initPid !== null || guest.state === 'running';
  const isEnded = state.status === 'ended';
  const startedAt = useRef(guest.startedAt);
  useEffect(() => {
    if (!hasConsole || !isEnded) return;
    if (guest.startedAt !== startedAt.current) restart.current();
    startedAt.current = guest.startedAt;
  }, [hasConsole, isEnded, guest.startedAt]);

  const frozen = useFrozen(guest);
  const isAway = guest.state === 'stopped' || guest.state === 'failed';
  return (
    <TerminalSurface
      label={`console of ${guest.name}`}
      name={`console:${guest.name}`}
      onView={setView}
      onInput={(data, how) => {
        frozen.count(data);
        connection.input(data, how);
      }}
      overlay={frozen.overlay}
      onResize={connection.resize}
      readOnly={isEnded || !connection.mayDrive}
      tools={
        <>
          <span className="min-w-0 truncate text-muted max-sm:max-w-[40vw]">
            {guest.kind === 'system'
              ? 'Its init and its login: Enter shows the prompt'
              : 'What its command prints'}
          </span>
          {state.status === 'open' && (
            <SessionTools
              target={{ guest: guest.id }}
              what="this console"
              path={`/guests/${encodeURIComponent(guest.name)}/console`}
              recording={connection.recording}
              mayDrive={connection.mayDrive}
            />
          )}
        </>
      }
      actions={
        <>
          <IconButton
            icon="first"
            label="To the first line of the boot"
            onClick={() => view?.scrollToTop()}
          />
          <IconButton icon="last" label="To the newest line" onClick={() => view?.scrollToBottom()} />
        </>
      }
      banner={
        <>
          <ConnectionBanner state={state} onRetry={connection.retryNow} />
          <RecordingBar mark={connection.recording} canStop={connection.mayDrive} />
          <PeopleBar people={connection.people} onControl={connection.control} />
        </>
      }
      footer={
        isEnded && (
          <PaneFooter
            tone={guest.state === 'failed' ? 'bad' : 'idle'}
            text={isAway ? describeAway(guest, (view?.text() ?? '') !== '') : describeEnd(state, 'console')}
            actions={isAway ? [] : [{ label: 'Attach again', run: connection.restart }]}
          >
            {isAway && <StartGuest guest={guest.name} id={guest.id} state={guest.state} />}
          </PaneFooter>
        )
      }
    />
  );
}

function describeAway(guest: GuestView, hasOutput: boolean): string {
  const what = `${guest.name} is ${guest.state}${guest.problem ? `: ${guest.problem}` : ''}`;
  return hasOutput ? `${what}; above is the last it said` : `${what}; its console is here while it runs`;
}
