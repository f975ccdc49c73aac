'use client';

import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError } from '../../_trpc/index.ts';
import { Icon, useStable } from '../../_ui/index.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { FileDrop, UploadButton } from './file-drop.tsx';
import { PeopleBar } from './people-bar.tsx';
import { RecordingBar } from './recording-bar.tsx';
import { SessionTools } from './session-tools.tsx';
import { ShellFooter } from './shell-footer.tsx';
import { MISSING_STATUSES, type ShellRequest, withNextShell } from './shell-request.ts';
import { type DeskShortcut, inCursorMode, isTyping } from './terminal-keys.ts';
import { isReport } from './terminal-reports.ts';
import { TerminalSurface } from './terminal-surface.tsx';
import type { TerminalView } from './terminal-view.ts';
import { UploadList } from './upload-list.tsx';
import { useFrozen } from './use-frozen.tsx';
import { useShell } from './use-shell.ts';
import { useTranscript } from './use-transcript.ts';
import { useUploads } from './use-uploads.ts';

/** What another pane may do with one. */
export interface PanePort {
  /** Its shell is open and the keys of this window count in it: one that watches is sent nothing. */
  canReceive: boolean;
  /** There is no shell to lose: none yet, or it has ended. */
  isOver: boolean;
  send(data: string): void;
  paste(text: string): void;
}

/** Why no shell is opened, whichever it is: the next one is not tried. */
const HOPELESS: ReadonlySet<string> = new Set([
  'forbidden',
  'illegal_state',
  'unauthenticated',
  'unavailable',
]);

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
  /** It has the keys of its desk: it takes the focus as soon as it can. */
  isFocused: boolean;
  /** Other panes are seen beside it. */
  hasNeighbours: boolean;
  /** What the page does with it, at the end of its tool bar. */
  actions: ReactNode;
  /** What it is called, where that is not told elsewhere. */
  title: ReactNode;
  /** What is typed into one of them reaches it. */
  isReceiver: boolean;
  /** How to reach it from outside; null: not any more. */
  onPort: (port: PanePort | null) => void;
  /** Keys that a person typed here. */
  onTyped: (data: string) => void;
  onPasted: (text: string) => void;
  onDeskShortcut: (shortcut: DeskShortcut) => void;
  onSession: (session: string) => void;
  /** Begin again in this pane with another shell. */
  onRequest: (request: ShellRequest) => void;
  onOperation: (operation: string) => void;
}

/** One shell of a guest, from the steps that bring the guest up to the exit of the shell. */
export function ShellPane(props: ShellPaneProps) {
  const { guest, session, operation: operationId, request, hidden, onSession, onRequest, onPort } = props;
  const { isFocused, hasNeighbours } = props;
  const frozen = useFrozen(props.view);
  const [view, setView] = useState<TerminalView | null>(null);
  const { operation, isDone, error: lost } = useTranscript(view, session === null ? operationId : null);
  const ready = operationId === null || isDone;
  const shell = useShell({ view, guest, session, request, ready, onSession });
  const { state } = shell;
  const isOpen = session !== null && state.status === 'open';
  const uploads = useUploads(session);
  const onFiles = isOpen && shell.mayDrive ? uploads.add : null;
  useEffect(() => {
    if (isOpen && !hidden && isFocused) view?.focus();
  }, [isOpen, hidden, isFocused, view]);
  useEffect(() => view?.setHasPanes(hasNeighbours), [view, hasNeighbours]);

  // Until it is known who drives, none is known to.
  const canReceive = isOpen && shell.people !== null && shell.drives && shell.mayDrive;
  const send = useStable((data: string) => {
    if (!view || !canReceive) return;
    frozen.count(data);
    shell.input(inCursorMode(data, view.applicationCursor), 'typed');
  });
  const paste = useStable((text: string) => canReceive && view?.paste(text));
  const isOver = session === null || state.status === 'ended';
  useEffect(() => {
    onPort({ canReceive, isOver, send, paste });
    return () => onPort(null);
  }, [onPort, canReceive, isOver, send, paste]);

  const isWorking = operationId !== null && !ready && !lost && (operation?.status ?? 'running') === 'running';
  let activity = '';
  if (session !== null) activity = state.status === 'connecting' ? 'connecting' : '';
  else if (isWorking) activity = 'at work';
  else if (ready && !shell.error) activity = 'opening a shell';

  const onView = useCallback((next: TerminalView | null) => setView(next), []);
  // A shell that somebody typed into was there: 127 is then the status of what they typed last.
  const typedInto = useRef<string | null>(null);
  const isMissing =
    state.status === 'ended' &&
    session !== null &&
    MISSING_STATUSES.includes(state.exit?.status ?? 0) &&
    typedInto.current !== session;
  const isRefused = session === null && shell.error !== null && !HOPELESS.has(shell.error.code);
  const again = useStable((next: ShellRequest) => {
    view?.write('\r\n');
    // The same request as before does not come round through a changed prop when there was no session.
    if (session === null) void shell.open(next);
    onRequest(next);
  });
  useEffect(() => {
    const next = isMissing || isRefused ? withNextShell(request, request.orElse ?? []) : null;
    if (next) again(next);
  }, [isMissing, isRefused, request, again]);

  return (
    <FileDrop onFiles={onFiles}>
      {(dropping) => (
        <TerminalSurface
          label={`shell in ${guest}`}
          name={session ?? (operationId === null ? `new:${guest}` : `operation:${operationId}`)}
          onView={onView}
          onInput={(data, how) => {
            frozen.count(data);
            if (!isReport(data)) typedInto.current = session;
            shell.input(data, how);
            if (how === 'typed' && isTyping(data) && !isReport(data) && canReceive) props.onTyped(data);
          }}
          onPasted={(text) => canReceive && props.onPasted(text)}
          onDeskShortcut={props.onDeskShortcut}
          isReceiver={props.isReceiver}
          actions={props.actions}
          overlay={
            <>
              {session !== null && state.status !== 'ended' && frozen.overlay}
              {dropping}
            </>
          }
          onResize={shell.resize}
          readOnly={isOver || !shell.mayDrive}
          hidden={hidden}
          tools={
            <>
              {props.title}
              <Activity text={activity} />
              {onFiles && <UploadButton onFiles={onFiles} />}
              {isOpen && (
                <SessionTools
                  target={{ session }}
                  what="this shell"
                  path={`/guests/${encodeURIComponent(guest)}/terminal?session=${encodeURIComponent(session)}`}
                  recording={shell.recording}
                  mayDrive={shell.mayDrive}
                />
              )}
            </>
          }
          takesFocus={isFocused}
          banner={
            session !== null && (
              <>
                <ConnectionBanner state={state} onRetry={shell.retryNow} />
                <RecordingBar mark={shell.recording} canStop={shell.mayDrive} />
                <PeopleBar people={shell.people} onControl={shell.control} />
                <UploadList uploads={uploads.uploads} onRemove={uploads.remove} onReplace={uploads.replace} />
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
              isMissing={isMissing}
              onAgain={again}
              onOperation={props.onOperation}
            />
          }
        />
      )}
    </FileDrop>
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
