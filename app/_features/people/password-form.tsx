'use client';

import { changePasswordInput } from '../../../server/user/schema.ts';
import { useTRPCClient } from '../../_trpc/index.ts';
import { Button, Field, notify, TextInput } from '../../_ui/index.ts';
import { FormError, NewPasswordField, useCheckedForm } from '../auth/index.ts';

/** Change one's own password. */
export function PasswordForm({ username }: { username: string }) {
  const api = useTRPCClient();
  const { draft, problems, busy, change, submit } = useCheckedForm({
    empty: { current: '', password: '' },
    schema: changePasswordInput,
    input: (input) => input,
    send: async (input) => {
      await api.account.changePassword.mutate(input);
      notify({ title: 'your password is changed' });
      return { stays: true };
    },
  });
  return (
    <form onSubmit={submit} className="flex max-w-sm flex-col gap-4" noValidate>
      <FormError message={problems['']} />
      <input type="hidden" name="username" autoComplete="username" value={username} readOnly />
      <Field label="Password now" error={problems.current}>
        {(control) => (
          <TextInput
            {...control}
            name="current"
            type="password"
            autoComplete="current-password"
            value={draft.current}
            onChange={change('current')}
          />
        )}
      </Field>
      <NewPasswordField
        label="New password"
        username={username}
        value={draft.password}
        error={problems.password}
        onChange={change('password')}
      />
      <div>
        <Button look="primary" type="submit" busy={busy}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
