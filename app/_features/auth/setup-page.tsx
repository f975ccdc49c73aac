'use client';

import { useQuery } from '@tanstack/react-query';
import { createAdminInput } from '../../../server/auth/schema.ts';
import { useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, ButtonLink, CommandLine } from '../../_ui/index.ts';
import { NameField, NewPasswordField, UsernameField } from './account-fields.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { FormError } from './form-error.tsx';
import { useCheckedForm } from './use-checked-form.ts';
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

/** `more`: there is an admin already. */
function SetupForm({ token, more }: { token: string; more: boolean }) {
  const api = useTRPCClient();
  const { draft, problems, busy, change, submit } = useCheckedForm({
    empty: { username: '', name: '', password: '' },
    schema: createAdminInput,
    input: ({ username, name, password }) => ({
      token,
      username: username.trim(),
      password,
      name: name.trim() || username.trim(),
    }),
    send: async (input) => {
      await api.setup.createAdmin.mutate(input);
      // A whole new page, without the token in its address.
      window.location.replace('/guests');
      return { stays: false };
    },
  });
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
        <UsernameField
          autoFocus
          value={draft.username}
          error={problems.username}
          onChange={change('username')}
        />
        <NewPasswordField
          username={draft.username}
          value={draft.password}
          error={problems.password}
          onChange={change('password')}
        />
        <NameField
          hint="As others see it in the history of operations."
          value={draft.name}
          error={problems.name}
          onChange={change('name')}
        />
        <Button look="primary" type="submit" busy={busy}>
          Make the admin and go on
        </Button>
        {more ? <ButtonLink href="/login">Sign in instead</ButtonLink> : null}
      </form>
    </AuthFrame>
  );
}
