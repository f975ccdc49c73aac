'use client';

import type { OperationView } from '../../../server/operation/schema.ts';
import type { ApiError } from '../../_trpc/index.ts';
import { describeEnd } from './connection-banner.tsx';
import type { ConnectionState } from './connection-state.ts';
import { FailedOperation } from './failed-operation.tsx';
import { PaneFooter } from './pane-footer.tsx';
import { otherShells, type ShellRequest, withNextShell } from './shell-request.ts';

export interface ShellFooterProps {
  guest: string;
  /** Null before there is a shell. */
  session: string | null;
  state: ConnectionState;
  operation: OperationView | null;
  /** Why the operation cannot be followed, or why no shell was opened. */
  error: ApiError | null;
  request: ShellRequest;
  /** It ended since it could not be started. */
  isMissing: boolean;
  onAgain: (request: ShellRequest) => void;
  onOperation: (operation: string) => void;
}

/** Why there is no shell, or no more, and each way to another one. */
export function ShellFooter(props: ShellFooterProps) {
  const { guest, session, state, operation, error, request, isMissing, onAgain } = props;
  if (session !== null) {
    if (state.status !== 'ended') return null;
    const missing = request.command?.[0] ?? 'the login shell';
    return (
      <PaneFooter
        tone={state.exit?.status === 0 ? 'idle' : 'bad'}
        text={isMissing ? `${guest} has no ${missing} that can be started` : describeEnd(state, 'shell')}
        actions={
          isMissing
            ? shellActions(request, onAgain)
            : [{ label: 'Open a new shell', run: () => onAgain(request) }]
        }
      />
    );
  }
  if (operation?.status === 'failed' || operation?.status === 'cancelled') {
    return <FailedOperation guest={guest} operation={operation} onOperation={props.onOperation} />;
  }
  if (error === null) return null;
  const { user, ...asRoot } = request;
  const again = { label: 'Try again', run: () => onAgain(request) };
  // Who may not enter may not by another shell either.
  const actions =
    error.code === 'forbidden'
      ? [again]
      : user === undefined
        ? shellActions(request, onAgain)
        : [{ label: 'Open as root', run: () => onAgain(asRoot) }, again];
  return <PaneFooter tone="bad" text={error.message} actions={actions} />;
}

/** After a shell that could not be started: the first other one that can be, or the same again. */
function shellActions(request: ShellRequest, onAgain: (request: ShellRequest) => void) {
  const next = withNextShell(request, otherShells(request));
  const again = { label: 'Try again', run: () => onAgain(request) };
  return next ? [{ label: 'Open the next shell that exists', run: () => onAgain(next) }, again] : [again];
}
