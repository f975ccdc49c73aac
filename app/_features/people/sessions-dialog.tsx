'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, notify } from '../../_ui/index.ts';
import { LoginList } from './login-list.tsx';

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
      <LoginList logins={sessions.data} error={sessions.error} onEnd={(id) => void end(id)} />
    </Dialog>
  );
}
