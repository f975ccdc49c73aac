'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewToken, TokenView } from '../../../server/token/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, CommandLine, Dialog, IconButton, notify, RelativeTime, Skeleton } from '../../_ui/index.ts';
import { NewTokenDialog } from './new-token-dialog.tsx';

/** What programs act with for oneself: each with what it may, its last use and its end. */
export function TokenSection() {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const tokens = useQuery(trpc.account.tokens.queryOptions(undefined, { refetchOnMount: 'always' }));
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  const end = async ({ id, name }: TokenView) => {
    try {
      await api.account.deleteToken.mutate({ token: id });
      await tokens.refetch();
      notify({ title: `the token ${name} is deleted` });
    } catch (error) {
      notify({ title: 'the token is as before', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return (
    <section aria-label="API tokens">
      <div className="mb-1 flex flex-wrap items-center gap-3">
        <h2 className="flex-1 font-semibold text-lg">API tokens</h2>
        <Button icon="plus" onClick={() => setMaking(true)}>
          New token
        </Button>
      </div>
      <p className="mb-2 text-muted text-sm">
        A program that has one acts for you, with the rights that you give it and never more than you have.
      </p>
      {tokens.error ? (
        <p role="alert" className="text-bad text-sm">
          {toApiError(tokens.error).message}
        </p>
      ) : tokens.data ? (
        <ul>
          {tokens.data.map((token) => (
            <TokenRow key={token.id} token={token} onEnd={() => void end(token)} />
          ))}
        </ul>
      ) : (
        <Skeleton />
      )}
      {isMaking && (
        <NewTokenDialog
          onClose={() => setMaking(false)}
          onMade={(token) => {
            setMaking(false);
            setMade(token);
            void tokens.refetch();
          }}
        />
      )}
      {made && (
        <Dialog
          open
          onClose={() => setMade(null)}
          title={`The token ${made.token.name}`}
          description="Whoever has it can use it. It is not shown again."
          actions={<Button onClick={() => setMade(null)}>Done</Button>}
        >
          <CommandLine label="Token" text={made.secret} />
          <p className="wrap-anywhere text-muted text-sm">
            It goes into a header: <code className="text-xs">Authorization: Bearer …</code>
          </p>
        </Dialog>
      )}
    </section>
  );
}

function TokenRow({ token, onEnd }: { token: TokenView; onEnd: () => void }) {
  const { name, role, permissions, project, expiresAt, usedAt, usedFrom } = token;
  return (
    <li className="flex items-center gap-3 border-line border-b py-2 text-sm">
      <span className="min-w-0 flex-1">
        <span className="wrap-anywhere block">
          {name}{' '}
          <span className="text-muted">
            {role ?? permissions.join(', ')}
            {project && ` in ${project}`}
          </span>
        </span>
        <span className="wrap-anywhere block text-muted text-xs">
          {usedAt ? (
            <>
              used <RelativeTime at={usedAt} />
              {usedFrom && ` from ${usedFrom}`}
            </>
          ) : (
            'never used'
          )}
          , ends <RelativeTime at={expiresAt} ahead />
        </span>
      </span>
      <IconButton icon="trash" label={`Delete the token ${name}`} onClick={onEnd} />
    </li>
  );
}
