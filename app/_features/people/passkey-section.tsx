'use client';

import { startRegistration } from '@simplewebauthn/browser';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PasskeyView } from '../../../server/passkey/schema.ts';
import { toApiError, usePasskeyProblem, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, IconButton, notify, RelativeTime, Skeleton } from '../../_ui/index.ts';
import { NewPasskeyDialog } from './new-passkey-dialog.tsx';
import { RenamePasskeyDialog } from './rename-passkey-dialog.tsx';

type Open = { dialog: 'new' } | { dialog: 'rename'; passkey: PasskeyView } | null;

/** Keys of one's devices, each good to sign in with alone. */
export function PasskeySection() {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const passkeys = useQuery(trpc.account.passkeys.queryOptions(undefined, { refetchOnMount: 'always' }));
  const problem = usePasskeyProblem();
  const [open, setOpen] = useState<Open>(null);
  const make = async (password: string, name: string) => {
    const optionsJSON = await api.account.beginPasskey.mutate({ password });
    const response = await startRegistration({ optionsJSON });
    await api.account.addPasskey.mutate({ name, response });
    await passkeys.refetch();
    notify({ title: `you can sign in with the passkey ${name}` });
  };
  const remove = async ({ id, name }: PasskeyView) => {
    try {
      await api.account.deletePasskey.mutate({ passkey: id });
      await passkeys.refetch();
      notify({ title: `the passkey ${name} signs nobody in any more` });
    } catch (error) {
      notify({ title: 'the passkey is as before', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return (
    <section aria-label="Passkeys">
      <div className="mb-1 flex flex-wrap items-center gap-3">
        <h2 className="flex-1 font-semibold text-lg">Passkeys</h2>
        <Button icon="plus" disabledReason={problem} onClick={() => setOpen({ dialog: 'new' })}>
          New passkey
        </Button>
      </div>
      <p className="mb-2 text-muted text-sm">
        A key that your device keeps and opens with its PIN or your finger: it signs you in alone, and only
        here.
      </p>
      {passkeys.error ? (
        <p role="alert" className="text-bad text-sm">
          {toApiError(passkeys.error).message}
        </p>
      ) : passkeys.data ? (
        <ul>
          {passkeys.data.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              onRename={() => setOpen({ dialog: 'rename', passkey })}
              onRemove={() => void remove(passkey)}
            />
          ))}
        </ul>
      ) : (
        <Skeleton />
      )}
      {open?.dialog === 'new' && <NewPasskeyDialog make={make} onClose={() => setOpen(null)} />}
      {open?.dialog === 'rename' && (
        <RenamePasskeyDialog
          name={open.passkey.name}
          rename={async (name) => {
            await api.account.renamePasskey.mutate({ passkey: open.passkey.id, name });
            await passkeys.refetch();
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

function PasskeyRow(props: { passkey: PasskeyView; onRename: () => void; onRemove: () => void }) {
  const { name, host, isBackedUp, usedAt, createdAt } = props.passkey;
  return (
    <li className="flex items-center gap-3 border-line border-b py-2 text-sm">
      <span className="min-w-0 flex-1">
        <span className="wrap-anywhere block">
          {name} <span className="text-muted">at {host}</span>
        </span>
        <span className="wrap-anywhere block text-muted text-xs">
          {usedAt ? (
            <>
              used <RelativeTime at={usedAt} />
            </>
          ) : (
            'never used'
          )}
          , made <RelativeTime at={createdAt} />
          {isBackedUp && ', on your other devices too'}
        </span>
      </span>
      <IconButton icon="pencil" label={`Rename the passkey ${name}`} onClick={props.onRename} />
      <IconButton icon="trash" label={`Remove the passkey ${name}`} onClick={props.onRemove} />
    </li>
  );
}
