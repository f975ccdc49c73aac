'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createAdminInput } from '../../../server/auth/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, ButtonLink, CommandLine, Field, TextInput } from '../../_ui/index.ts';
import { AuthFrame } from './auth-frame.tsx';
import { FormError } from './form-error.tsx';
import { PasswordMeter } from './password-meter.tsx';
import { useToken } from './use-token.ts';

/** Make the first admin, or one more, with the one-time link. */
export function SetupPage() {
  const trpc = useTRPC();
  const token = useToken();
  const setup = useQuery(trpc.setup.state.queryOptions());
  if (token === null) return <AuthFrame title="Set up Berth">{null}</AuthFrame>;
  const more = setup.data?.needsAdmin === false;
  if (token === '' && more) {
    return (
      <AuthFrame title="Berth is set up" about="There is an admin already.">
        <ButtonLink href="/login" look="primary">
          Sign in
        </ButtonLink>
      </AuthFrame>
    );
  }
  if (token === '') {
    return (
      <AuthFrame
        title="The link is not whole"
        about="Its last part, after the #, is missing. Copy all of it, or print another as root on the server:"
      >
        <CommandLine label="CLI" text="berth admin link" />
      </AuthFrame>
    );
  }
  return <SetupForm token={token} more={more} />;
}

interface Draft {
  username: string;
  name: string;
  password: string;
}

/** What can be told before the server is asked, by its own rules. */
function check(draft: Draft, token: string): Record<string, string> {
  const problems: Record<string, string> = {};
  const parsed = createAdminInput.safeParse({ ...draft, token });
  for (const { path, message } of parsed.error?.issues ?? []) problems[String(path[0] ?? '')] ??= message;
  return problems;
}

/** `more`: there is an admin already. */
function SetupForm({ token, more }: { token: string; more: boolean }) {
  const api = useTRPCClient();
  const [draft, setDraft] = useState<Draft>({ username: '', name: '', password: '' });
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);

  const change = (key: keyof Draft) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setDraft((old) => ({ ...old, [key]: value }));
    setProblems(({ [key]: _gone, ...rest }) => rest);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const found = check(draft, token);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const { username, name, password } = draft;
    try {
      await api.setup.createAdmin.mutate({
        token,
        username: username.trim(),
        password,
        name: name.trim() || username.trim(),
      });
      // A whole new page, without the token in its address.
      window.location.replace('/guests');
    } catch (error) {
      const { field, message } = toApiError(error);
      const path = String(field?.[0] ?? '');
      setProblems({ [path in draft ? path : '']: message });
      setBusy(false);
    }
  };

  return (
    <AuthFrame
      title={more ? 'Make one more admin' : 'Set up Berth'}
      about={
        more
          ? 'Berth is set up already; who has this link becomes an admin too. It works once.'
          : 'Make the first admin. There is no default account; the link works once.'
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <FormError message={problems['']} />
        <Field label="User name" error={problems.username} hint="To sign in with.">
          {(control) => (
            <TextInput
              {...control}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              autoFocus
              value={draft.username}
              onChange={change('username')}
            />
          )}
        </Field>
        <Field
          label="Password"
          error={problems.password}
          hint={<PasswordMeter password={draft.password} username={draft.username} />}
        >
          {(control) => (
            <TextInput
              {...control}
              name="password"
              type="password"
              autoComplete="new-password"
              value={draft.password}
              onChange={change('password')}
            />
          )}
        </Field>
        <Field
          label="Your name"
          aside="optional"
          error={problems.name}
          hint="As others see it in the history of operations."
        >
          {(control) => (
            <TextInput
              {...control}
              name="name"
              autoComplete="name"
              value={draft.name}
              onChange={change('name')}
            />
          )}
        </Field>
        <Button look="primary" type="submit" busy={busy}>
          Make the admin and go on
        </Button>
        {more ? <ButtonLink href="/login">Sign in instead</ButtonLink> : null}
      </form>
    </AuthFrame>
  );
}
