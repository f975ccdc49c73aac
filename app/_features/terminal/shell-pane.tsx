'use client';

import { useCallback, useEffect, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError } from '../../_trpc/index.ts';
import { Icon } from '../../_ui/index.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { PeopleBar } from './people-bar.tsx';
import { ShellFooter } from './shell-footer.tsx';
import type { ShellRequest } from './shell-request.ts';
import { TerminalSurface } from './terminal-surface.tsx';
import type { TerminalView } from './terminal-view.ts';
import { useFrozen } from './use-frozen.tsx';
import { useShell } from './use-shell.ts';
import { useTranscript } from './use-transcript.ts';

export interface ShellPaneProps {
  guest: string;
  /** Null while it is not read. */
  view: GuestView | null;
  /** Null until there is one. */
  session: string | null;
  /** Shown first; the shell comes when it is done. */
  operation: string | null;
  request: ShellRequest;
  hidden: boolean;
  onSession: (session: string) => void;
  /** Begin again in this pane with another shell. */
  onRequest: (request: ShellRequest) => void;
  onOperation: (operation: string) => void;
}

/** One shell of a guest, from the steps that bring the guest up to the exit of the shell. */
export function ShellPane(props: ShellPaneProps) {
  const { guest, session, operation: operationId, request, hidden, onSession, onRequest } = props;
  const frozen = useFrozen(props.view);
  const [view, setView] = useState<TerminalView | null>(null);
  const { operation, isDone, error: lost } = useTranscript(view, session === null ? operationId : null);
  const ready = operationId === null || isDone;
  const shell = useShell({ view, guest, session, request, ready, onSession });
  const { state } = shell;
  const isOpen = session !== null && state.status === 'open';
  useEffect(() => {
    if (isOpen && !hidden) view?.focus();
  }, [isOpen, hidden, view]);

  const isWorking = operationId !== null && !ready && !lost && (operation?.status ?? 'running') === 'running';
  let activity = '';
  if (session !== null) activity = state.status === 'connecting' ? 'connecting' : '';
  else if (isWorking) activity = 'at work';
  else if (ready && !shell.error) activity = 'opening a shell';

  const onView = useCallback((next: TerminalView | null) => setView(next), []);
  const again = (next: ShellRequest) => {
    view?.write('\r\n');
    // The same request as before does not come round through a changed prop when there was no session.
    if (session === null) void shell.open(next);
    onRequest(next);
  };

  return (
    <TerminalSurface
      label={`shell in ${guest}`}
      name={session ?? (operationId === null ? `new:${guest}` : `operation:${operationId}`)}
      onView={onView}
      onInput={(data, binary) => {
        frozen.count(data);
        shell.input(data, binary);
      }}
      overlay={session !== null && state.status !== 'ended' && frozen.overlay}
      onResize={shell.resize}
      readOnly={session === null || state.status === 'ended'}
      hidden={hidden}
      tools={<Activity text={activity} />}
      banner={
        session !== null && (
          <>
            <ConnectionBanner state={state} onRetry={shell.retryNow} />
            <PeopleBar people={shell.people} onControl={shell.control} />
          </>
        )
      }
      footer={
        <ShellFooter
          guest={guest}
          session={session}
          state={state}
          operation={operation}
          error={lost ? toApiError(lost) : shell.error}
          request={request}
          onAgain={again}
          onOperation={props.onOperation}
        />
      }
    />
  );
}

function Activity({ text }: { text: string }) {
  if (!text) return null;
  return (
    <span role="status" className="flex items-center gap-1.5 text-muted">
      <Icon name="busy" size={14} />
      {text}
    </span>
  );
}
