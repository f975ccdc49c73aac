'use client';

import { useQuery } from '@tanstack/react-query';
import { acceptLinkInput, type OpenLink } from '../../../server/user/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button } from '../../_ui/index.ts';
import { NameField, NewPasswordField, UsernameField } from './account-fields.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { FormError } from './form-error.tsx';
import { useCheckedForm } from './use-checked-form.ts';
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

function aboutOf({ kind, role, guest, project, tag }: OpenLink): string {
  if (kind === 'reset') return 'Choose another password. You are signed out everywhere else.';
  const where =
    (guest && ` for the guest ${guest}`) ||
    (project && ` in the project ${project}`) ||
    (tag && ` for the guests with the tag ${tag}`) ||
    '';
  return `You are invited as ${role}${where}. The link works once.`;
}

function JoinForm({ token, link }: { token: string; link: OpenLink }) {
  const api = useTRPCClient();
  const isInvited = link.kind === 'invite';
  const { draft, problems, busy, change, submit } = useCheckedForm({
    empty: { username: link.username ?? '', name: '', password: '' },
    schema: acceptLinkInput,
    input: ({ username, name, password }) => ({
      token,
      password,
      name,
      ...(isInvited ? { username: username.trim() } : {}),
    }),
    send: async (input) => {
      await api.link.accept.mutate(input);
      // A whole new page, without the token in its address.
      window.location.replace('/guests');
      return { stays: false };
    },
  });
  return (
    <AuthFrame title={isInvited ? 'Join Berth' : `New password for ${link.username}`} about={aboutOf(link)}>
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <FormError message={problems['']} />
        {isInvited && (
          <UsernameField value={draft.username} error={problems.username} onChange={change('username')} />
        )}
        <NewPasswordField
          username={draft.username}
          value={draft.password}
          error={problems.password}
          onChange={change('password')}
        />
        {isInvited && (
          <NameField
            hint="As others see it."
            value={draft.name}
            error={problems.name}
            onChange={change('name')}
          />
        )}
        <Button look="primary" type="submit" busy={busy}>
          {isInvited ? 'Join' : 'Set the password'}
        </Button>
      </form>
    </AuthFrame>
  );
}
