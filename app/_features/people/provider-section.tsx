'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProviderView } from '../../../server/oidc/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, IconButton, notify, plural, Skeleton } from '../../_ui/index.ts';
import { ProviderDialog } from './provider-dialog.tsx';

/** Services whose people may sign in here. `refusal`: why one may not set them. */
export function ProviderSection({ refusal }: { refusal: string | null }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const providers = useQuery(trpc.oidc.list.queryOptions(undefined, { refetchOnMount: 'always' }));
  const [open, setOpen] = useState<{ provider: ProviderView | null } | null>(null);
  const remove = async ({ provider, label }: ProviderView) => {
    try {
      await api.oidc.delete.mutate({ provider });
      await providers.refetch();
      notify({ title: `nobody signs in with ${label} any more` });
    } catch (error) {
      notify({ title: 'the provider is as before', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return (
    <section aria-label="Sign-in providers" className="mx-4 mt-6 max-w-4xl pb-10 sm:mx-6">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="flex-1 font-medium text-base">Sign-in providers</h2>
        <Button icon="plus" disabledReason={refusal} onClick={() => setOpen({ provider: null })}>
          New provider
        </Button>
      </div>
      <p className="text-muted text-sm">
        With OpenID Connect people sign in by an account elsewhere: those who have linked it, and those whose
        verified mail address you have given.
      </p>
      {providers.error ? (
        <p role="alert" className="text-bad text-sm">
          {toApiError(providers.error).message}
        </p>
      ) : providers.data ? (
        <ul className="mt-2 border-line border-t">
          {providers.data.map((one) => (
            <li key={one.provider} className="flex items-center gap-3 border-line border-b py-2 text-sm">
              <span className="min-w-0 flex-1">
                <span className="wrap-anywhere block">
                  {one.label} <span className="text-muted">{one.issuer}</span>
                </span>
                <span className="wrap-anywhere block text-muted text-xs">
                  {one.provider}, client {one.clientId}, {plural(one.people, 'person', 'people')} linked
                </span>
              </span>
              <IconButton
                icon="pencil"
                label={`Change ${one.label}`}
                disabledReason={refusal}
                onClick={() => setOpen({ provider: one })}
              />
              <IconButton
                icon="trash"
                label={`Delete ${one.label}`}
                disabledReason={refusal}
                onClick={() => void remove(one)}
              />
            </li>
          ))}
        </ul>
      ) : (
        <Skeleton />
      )}
      {open && (
        <ProviderDialog
          provider={open.provider}
          save={async (input) => {
            await api.oidc.save.mutate(input);
            await providers.refetch();
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
