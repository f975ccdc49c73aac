'use client';

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, Suspense, useRef, useState } from 'react';
import { endText } from '../../../server/oidc/schema.ts';
import { usePasskeyProblem, useTRPC } from '../../_trpc/index.ts';
import { Button, CommandLine, Field, TextInput } from '../../_ui/index.ts';
import { AuthFrame } from './auth-frame.tsx';
import { FormError } from './form-error.tsx';
import { goToProvider } from './go-to-provider.ts';
import type { SignInProblem } from './post-auth.ts';
import { safeNext } from './safe-next.ts';
import { signIn } from './sign-in.ts';
import { signInByPasskey } from './sign-in-by-passkey.ts';

/** Sign in; before the first admin exists, where to find the link that makes one. */
export function LoginPage() {
  return (
    <Suspense>
      <Login />
    </Suspense>
  );
}

function Login() {
  const trpc = useTRPC();
  const setup = useQuery(trpc.setup.state.queryOptions());
  if (setup.data?.needsAdmin) return <NeedsAdmin />;
  return <SignInForm />;
}

function SignInForm() {
  const next = safeNext(useSearchParams().get('next'));
  const password = useRef<HTMLInputElement>(null);
  const trpc = useTRPC();
  const providers = useQuery(trpc.oidc.options.queryOptions()).data ?? [];
  const [error, setError] = useState<string | null>(endText(useSearchParams().get('oidc')));
  const [asksCode, setAsksCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const passkeyReason = usePasskeyProblem();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    const username = String(data.get('username') ?? '').trim();
    const secret = String(data.get('password') ?? '');
    if (!username || !secret) return setError('give both your user name and your password');
    const problem = await entering(signIn(username, secret, String(data.get('code') ?? '').trim()));
    if (problem === null) return;
    setError(problem.code && !asksCode ? null : problem.message);
    if (problem.code) setAsksCode(true);
    else password.current?.select();
  };
  const entering = async (signingIn: Promise<SignInProblem | null>) => {
    setBusy(true);
    const problem = await signingIn;
    // A whole new page: nothing that was read as nobody stays in memory.
    if (problem === null) window.location.assign(next);
    else setBusy(false);
    return problem;
  };
  const byProvider = async (provider: string) => {
    if (busy) return;
    setBusy(true);
    const problem = await goToProvider(provider, next);
    if (problem === null) return;
    setBusy(false);
    setError(problem.message);
  };
  const byPasskey = async () => {
    setError(null);
    setError((await entering(signInByPasskey()))?.message ?? null);
  };

  return (
    <AuthFrame title="Sign in">
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <FormError message={error} />
        <Field label="User name">
          {(control) => (
            <TextInput {...control} name="username" autoComplete="username" autoCapitalize="none" autoFocus />
          )}
        </Field>
        <Field label="Password">
          {(control) => (
            <TextInput
              {...control}
              ref={password}
              name="password"
              type="password"
              autoComplete="current-password"
            />
          )}
        </Field>
        {asksCode && (
          <Field label="Code" hint="The one that your device shows, or a recovery code.">
            {(control) => <TextInput {...control} mono name="code" autoComplete="one-time-code" autoFocus />}
          </Field>
        )}
        <Button look="primary" type="submit" busy={busy}>
          Sign in
        </Button>
        <Button disabledReason={passkeyReason} onClick={() => !busy && void byPasskey()}>
          Sign in with a passkey
        </Button>
        {providers.map(({ provider, label }) => (
          <Button key={provider} onClick={() => void byProvider(provider)}>
            <span className="truncate">Sign in with {label}</span>
          </Button>
        ))}
      </form>
    </AuthFrame>
  );
}

function NeedsAdmin() {
  return (
    <AuthFrame
      title="Nobody can sign in yet"
      about="The first admin is made with a one-time link. It was printed on the server's terminal by `berth up`; there is no default account."
    >
      <div className="flex flex-col gap-2">
        <p className="text-muted text-sm">Lost it, or too late? As root on the server, print another:</p>
        <CommandLine label="CLI" text="berth admin link" />
      </div>
    </AuthFrame>
  );
}
