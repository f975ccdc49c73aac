'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, IconButton, notify, RelativeTime, Skeleton } from '../../_ui/index.ts';

/** Where somebody is signed in, each with its end. */
export function SessionsDialog({ username, onClose }: { username: string; onClose: () => void }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const sessions = useQuery(trpc.user.sessions.queryOptions({ username }, { refetchOnMount: 'always' }));
  const end = async (session: string) => {
    try {
      await api.user.revoke.mutate({ username, session });
    } catch (error) {
      notify({ title: 'the session goes on', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Where ${username} is signed in`}
      description="What is ended closes its pages and terminals within a second."
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {sessions.error && (
        <p role="alert" className="text-bad text-sm">
          {toApiError(sessions.error).message}
        </p>
      )}
      {!sessions.data && !sessions.error && <Skeleton />}
      {sessions.data?.length === 0 && <p className="text-muted text-sm">nowhere</p>}
      <ul>
        {sessions.data?.map(({ id, address, agent, seenAt, current }) => (
          <li key={id} className="flex items-center gap-3 border-line border-b py-2 text-sm">
            <span className="min-w-0 flex-1">
              <span className="wrap-anywhere block">
                {address ?? 'unknown address'}
                {current && ' (this browser)'}, used <RelativeTime at={seenAt} />
              </span>
              <span className="block truncate text-muted text-xs">{agent ?? 'unknown browser'}</span>
            </span>
            <IconButton icon="close" label="End this session" onClick={() => void end(id)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
