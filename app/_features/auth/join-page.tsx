'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { acceptLinkInput, type OpenLink } from '../../../server/user/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Field, TextInput } from '../../_ui/index.ts';
import { AuthFrame } from './auth-frame.tsx';
import { FormError } from './form-error.tsx';
import { PasswordMeter } from './password-meter.tsx';
import { useToken } from './use-token.ts';

/** Take an invitation, or set another password, with a one-time link. */
export function JoinPage() {
  const api = useTRPCClient();
  const token = useToken();
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => api.link.read.mutate({ token: token ?? '' }),
    enabled: Boolean(token),
    retry: false,
  });
  if (token === '') {
    return (
      <AuthFrame
        title="The link is not whole"
        about="Its last part, after the #, is missing. Copy all of it, or ask for another."
      />
    );
  }
  if (link.error) {
    return (
      <AuthFrame title="The link does not work">
        <FormError message={toApiError(link.error).message} />
      </AuthFrame>
    );
  }
  if (!token || !link.data) {
    return (
      <AuthFrame title="Berth">
        <p role="status">reading the link…</p>
      </AuthFrame>
    );
  }
  return <JoinForm token={token} link={link.data} />;
}

interface Draft {
  username: string;
  name: string;
  password: string;
}

function aboutOf({ kind, role, guest }: OpenLink): string {
  if (kind === 'reset') return 'Choose another password. You are signed out everywhere else.';
  const where = guest === null ? '' : ` for the guest ${guest}`;
  return `You are invited as ${role}${where}. The link works once.`;
}

function JoinForm({ token, link }: { token: string; link: OpenLink }) {
  const api = useTRPCClient();
  const isInvited = link.kind === 'invite';
  const [draft, setDraft] = useState<Draft>({ username: link.username ?? '', name: '', password: '' });
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
    const { name, password } = draft;
    const input = { token, password, name, ...(isInvited ? { username: draft.username.trim() } : {}) };
    const found: Record<string, string> = {};
    for (const { path, message } of acceptLinkInput.safeParse(input).error?.issues ?? [])
      found[String(path[0] ?? '')] ??= message;
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await api.link.accept.mutate(input);
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
    <AuthFrame title={isInvited ? 'Join Berth' : `New password for ${link.username}`} about={aboutOf(link)}>
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <FormError message={problems['']} />
        {isInvited && (
          <Field label="User name" error={problems.username} hint="To sign in with.">
            {(control) => (
              <TextInput
                {...control}
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                value={draft.username}
                onChange={change('username')}
              />
            )}
          </Field>
        )}
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
        {isInvited && (
          <Field label="Your name" aside="optional" error={problems.name} hint="As others see it.">
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
        )}
        <Button look="primary" type="submit" busy={busy}>
          {isInvited ? 'Join' : 'Set the password'}
        </Button>
      </form>
    </AuthFrame>
  );
}
