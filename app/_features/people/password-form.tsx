'use client';

import { type FormEvent, useState } from 'react';
import { changePasswordInput } from '../../../server/user/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Field, notify, TextInput } from '../../_ui/index.ts';
import { FormError, PasswordMeter } from '../auth/index.ts';

const EMPTY = { current: '', password: '' };
type Draft = typeof EMPTY;

/** Change one's own password. */
export function PasswordForm({ username }: { username: string }) {
  const api = useTRPCClient();
  const [draft, setDraft] = useState<Draft>(EMPTY);
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
    const found: Record<string, string> = {};
    for (const { path, message } of changePasswordInput.safeParse(draft).error?.issues ?? [])
      found[String(path[0] ?? '')] ??= message;
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await api.account.changePassword.mutate(draft);
      setDraft(EMPTY);
      notify({ title: 'your password is changed' });
    } catch (error) {
      const { field, message } = toApiError(error);
      const path = String(field?.[0] ?? '');
      setProblems({ [path in draft ? path : '']: message });
    } finally {
      setBusy(false);
    }
  };
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
      <Field
        label="New password"
        error={problems.password}
        hint={<PasswordMeter password={draft.password} username={username} />}
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
      <div>
        <Button look="primary" type="submit" busy={busy}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
