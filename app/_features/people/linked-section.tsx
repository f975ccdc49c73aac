'use client';

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { Suspense, useState } from 'react';
import { endText, type ProviderOption } from '../../../server/oidc/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, notify, RelativeTime } from '../../_ui/index.ts';
import { PasswordDialog } from './password-dialog.tsx';

/** Providers that one can sign in with, and whether one is linked; nothing where there are none. */
export function LinkedSection() {
  return (
    <Suspense>
      <Linked />
    </Suspense>
  );
}

function Linked() {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const providers = useQuery(trpc.oidc.options.queryOptions()).data ?? [];
  const links = useQuery(trpc.account.links.queryOptions(undefined, { refetchOnMount: 'always' }));
  const ended = useSearchParams().get('oidc');
  const [linking, setLinking] = useState<ProviderOption | null>(null);
  if (providers.length === 0) return null;
  const begin = async (provider: string, password: string) => {
    const { url } = await api.account.beginLink.mutate({ provider, password });
    window.location.assign(url);
  };
  const unlink = async ({ provider, label }: ProviderOption) => {
    try {
      await api.account.unlink.mutate({ provider });
      await links.refetch();
      notify({ title: `you sign in with ${label} no more` });
    } catch (error) {
      notify({ title: 'the link is as before', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return (
    <section aria-label="Linked accounts">
      <h2 className="mb-1 font-semibold text-lg">Linked accounts</h2>
      <p className="mb-2 text-muted text-sm">Accounts elsewhere that you sign in here with.</p>
      {endText(ended) && (
        <p
          role={ended === 'linked' ? 'status' : 'alert'}
          className={ended === 'linked' ? 'text-sm' : 'text-bad text-sm'}
        >
          {endText(ended)}
        </p>
      )}
      {links.error && (
        <p role="alert" className="text-bad text-sm">
          {toApiError(links.error).message}
        </p>
      )}
      <ul>
        {providers.map((option) => {
          const link = links.data?.find(({ provider }) => provider === option.provider);
          return (
            <li key={option.provider} className="flex items-center gap-3 border-line border-b py-2 text-sm">
              <span className="wrap-anywhere min-w-0 flex-1">
                {option.label}{' '}
                {link && (
                  <span className="text-muted">
                    linked <RelativeTime at={link.linkedAt} />
                  </span>
                )}
              </span>
              {link ? (
                <Button onClick={() => void unlink(option)}>Unlink {option.label}</Button>
              ) : (
                <Button onClick={() => setLinking(option)}>Link {option.label}</Button>
              )}
            </li>
          );
        })}
      </ul>
      {linking && (
        <PasswordDialog
          title={`Link ${linking.label}`}
          description={`You go to ${linking.label} and come back. From then on it lets you in here.`}
          action="Go there"
          send={(password) => begin(linking.provider, password)}
          onClose={() => setLinking(null)}
        />
      )}
    </section>
  );
}
