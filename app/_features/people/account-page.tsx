'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, notify, Page, PageHeader, plural } from '../../_ui/index.ts';
import { LinkedSection } from './linked-section.tsx';
import { LoginList } from './login-list.tsx';
import { PasskeySection } from './passkey-section.tsx';
import { PasswordForm } from './password-form.tsx';
import { TokenSection } from './token-section.tsx';
import { TwoFactorSection } from './two-factor-section.tsx';

/** One's own account: the password, and where one is signed in. */
export function AccountPage() {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const me = useQuery(trpc.auth.me.queryOptions()).data?.user ?? null;
  const sessions = useQuery(trpc.account.sessions.queryOptions(undefined, { refetchOnMount: 'always' }));
  const others = sessions.data?.filter(({ current }) => !current).length ?? 0;
  const end = async (session?: string) => {
    try {
      const { ended } = await api.account.revoke.mutate({ session });
      if (session === undefined) notify({ title: `${plural(ended, 'session')} ended` });
    } catch (error) {
      notify({ title: 'the session goes on', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return (
    <Page>
      <PageHeader title="Your account" summary={me?.username} />
      <div className="flex max-w-3xl flex-col gap-10 px-4 pb-10 sm:px-6">
        <section aria-label="Password">
          <h2 className="mb-1 font-semibold text-lg">Password</h2>
          <p className="mb-4 text-muted text-sm">Another one signs you out in all other browsers.</p>
          <PasswordForm username={me?.username ?? ''} />
        </section>
        <section aria-label="Where you are signed in">
          <div className="mb-1 flex flex-wrap items-center gap-3">
            <h2 className="flex-1 font-semibold text-lg">Where you are signed in</h2>
            <Button
              disabledReason={others === 0 ? 'you are signed in nowhere else' : null}
              onClick={() => void end()}
            >
              End all others
            </Button>
          </div>
          <p className="mb-2 text-muted text-sm">
            What is ended closes its pages and terminals within a second.
          </p>
          <LoginList logins={sessions.data} error={sessions.error} onEnd={(id) => void end(id)} />
        </section>
        <TwoFactorSection />
        <PasskeySection />
        <LinkedSection />
        <TokenSection />
      </div>
    </Page>
  );
}
