'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { SessionView } from '../../../server/console/schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import {
  EmptyState,
  ErrorState,
  Icon,
  IconButton,
  notify,
  Page,
  PageHeader,
  plural,
  RelativeTime,
  Skeleton,
} from '../../_ui/index.ts';
import { EndShellDialog } from './end-shell-dialog.tsx';
import { RenameShellDialog } from './rename-shell-dialog.tsx';

/** ms between two looks at who is where: nobody tells the page of it. */
const LOOK_AGAIN = 3000;

/** The shells of all guests: where they are, who looks at them, and the way into each. */
export function TerminalsPage() {
  const trpc = useTRPC();
  const list = useQuery(
    trpc.console.all.queryOptions(undefined, { refetchOnMount: 'always', refetchInterval: LOOK_AGAIN }),
  );
  const [naming, setNaming] = useState<SessionView | null>(null);
  const [ending, setEnding] = useState<SessionView | null>(null);
  const done = { onSuccess: () => list.refetch() };
  const rename = useMutation(
    trpc.console.rename.mutationOptions({
      ...done,
      onError: (error) =>
        notify({ title: 'the shell was not named', detail: toApiError(error).message, tone: 'bad' }),
    }),
  );
  const end = useMutation(
    trpc.console.close.mutationOptions({
      ...done,
      onError: (error) =>
        notify({ title: 'the shell was not ended', detail: toApiError(error).message, tone: 'bad' }),
    }),
  );
  const sessions = list.data;
  return (
    <Page>
      <PageHeader
        title="Terminals"
        summary={sessions && sessions.length > 0 && plural(sessions.length, 'open shell')}
      />
      {sessions ? (
        sessions.length > 0 ? (
          <ul className="mx-4 max-w-4xl border-line border-t sm:mx-6">
            {sessions.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                onRename={() => setNaming(session)}
                onEnd={() => setEnding(session)}
              />
            ))}
          </ul>
        ) : (
          <EmptyState title="No shell is open">
            Shells are opened on the page of a guest, under Terminal. They run on when you leave it, and are
            listed here.
          </EmptyState>
        )
      ) : list.error ? (
        <ErrorState
          title="The shells cannot be read"
          message={toApiError(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <div
          role="status"
          aria-label="reading the shells"
          className="flex max-w-4xl flex-col gap-5 px-6 py-6"
        >
          <Skeleton />
          <Skeleton />
        </div>
      )}
      {naming && (
        <RenameShellDialog
          session={naming}
          onClose={() => setNaming(null)}
          onRename={(name) => {
            rename.mutate({ session: naming.id, name });
            setNaming(null);
          }}
        />
      )}
      {ending && (
        <EndShellDialog
          session={ending}
          onClose={() => setEnding(null)}
          onEnd={() => {
            end.mutate({ session: ending.id });
            setEnding(null);
          }}
        />
      )}
    </Page>
  );
}

function SessionRow(props: { session: SessionView; onRename: () => void; onEnd: () => void }) {
  const { session, onRename, onEnd } = props;
  const { id, guest, command, user, name, title, people, createdAt, idleMinutes } = session;
  const what = command.length > 0 ? command.join(' ') : 'login shell';
  return (
    <li className="flex items-start gap-4 border-line border-b py-3">
      <div className="min-w-0 flex-1">
        <h2 className="min-w-0 font-medium text-base">
          <Link
            href={`/guests/${encodeURIComponent(guest)}/terminal?session=${encodeURIComponent(id)}`}
            className="flex min-w-0 items-center gap-2 rounded-sm text-accent hover:underline"
          >
            <Icon name="terminal" />
            <span className="truncate">{name ?? `${what} of ${guest}`}</span>
          </Link>
        </h2>
        {title && <p className="truncate text-sm">{title}</p>}
        <p className="flex flex-wrap gap-x-4 text-muted text-sm">
          <span>
            <span className="font-mono">{guest}</span>, {user}
          </span>
          {name && <span className="wrap-anywhere font-mono">{what}</span>}
          <span>
            opened <RelativeTime at={createdAt} />
          </span>
          <span>
            {people.length === 0
              ? 'nobody looks'
              : `${people.join(', ')} ${people.length > 1 ? 'look' : 'looks'}`}
          </span>
          {idleMinutes !== null && <span>ends after {plural(idleMinutes, 'idle minute')}</span>}
        </p>
      </div>
      <IconButton icon="pencil" label={`Name the shell ${name ?? what} of ${guest}`} onClick={onRename} />
      <IconButton icon="close" label={`End the shell ${name ?? what} of ${guest}`} onClick={onEnd} />
    </li>
  );
}
