'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { SessionView } from '../../../server/console/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import {
  Icon,
  IconButton,
  notify,
  Page,
  PageHeader,
  PlainList,
  PlainRow,
  plural,
  RelativeTime,
} from '../../_ui/index.ts';
import { EndShellDialog, RenameShellDialog } from '../terminal/index.ts';
import { TerminalViews } from './terminal-views.tsx';

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
      <TerminalViews />
      <PlainList
        what="shells"
        rows={
          sessions?.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              onRename={() => setNaming(session)}
              onEnd={() => setEnding(session)}
            />
          )) ?? null
        }
        error={list.error && toApiError(list.error).message}
        onRetry={() => void list.refetch()}
        empty={{
          title: 'No shell is open',
          text: 'Shells are opened on the page of a guest, under Terminal, or on the desk. They run on when you leave or detach them, and are listed here.',
        }}
      />
      {naming && (
        <RenameShellDialog
          shell={naming}
          onClose={() => setNaming(null)}
          onRename={(name) => {
            rename.mutate({ session: naming.id, name });
            setNaming(null);
          }}
        />
      )}
      {ending && (
        <EndShellDialog
          shells={[{ title: whatIs(ending), guest: ending.guest }]}
          people={ending.people}
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

const whatIs = ({ name, command }: SessionView) => name ?? (command.join(' ') || 'the login shell');

function SessionRow(props: { session: SessionView; onRename: () => void; onEnd: () => void }) {
  const { session, onRename, onEnd } = props;
  const { id, guest, command, user, name, title, people, createdAt, idleMinutes } = session;
  const refusal = useMay()('console.use', session.guestId);
  const what = command.length > 0 ? command.join(' ') : 'login shell';
  return (
    <PlainRow
      actions={
        <div className="flex">
          <Link
            href={`/terminals/desk?session=${encodeURIComponent(id)}`}
            aria-label={`Put ${name ?? what} of ${guest} on the desk`}
            title="Put it on the desk"
            className="inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink max-sm:size-10"
          >
            <Icon name="split-right" />
          </Link>
          <IconButton
            icon="pencil"
            label={`Name the shell ${name ?? what} of ${guest}`}
            disabledReason={refusal}
            onClick={onRename}
          />
          <IconButton
            icon="close"
            label={`End the shell ${name ?? what} of ${guest}`}
            disabledReason={refusal}
            onClick={onEnd}
          />
        </div>
      }
    >
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
            ? 'detached, nobody looks'
            : `${people.join(', ')} ${people.length > 1 ? 'look' : 'looks'}`}
        </span>
        {idleMinutes !== null && <span>ends after {plural(idleMinutes, 'idle minute')}</span>}
      </p>
    </PlainRow>
  );
}
