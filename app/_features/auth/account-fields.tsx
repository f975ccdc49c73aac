import type { ComponentProps } from 'react';
import { Field, TextInput } from '../../_ui/index.ts';
import { PasswordMeter } from './password-meter.tsx';

interface Props extends Pick<ComponentProps<'input'>, 'value' | 'onChange' | 'autoFocus'> {
  error: string | undefined;
}

/** The name to sign in with, when it is chosen. */
export function UsernameField({ error, ...input }: Props) {
  return (
    <Field label="User name" error={error} hint="To sign in with.">
      {(control) => (
        <TextInput {...control} {...input} name="username" autoComplete="username" autoCapitalize="none" />
      )}
    </Field>
  );
}

/** A password when it is chosen, with how good it is. */
export function NewPasswordField({
  label = 'Password',
  error,
  username,
  value,
  ...input
}: Props & { value: string; label?: string; username: string }) {
  return (
    <Field label={label} error={error} hint={<PasswordMeter password={value} username={username} />}>
      {(control) => (
        <TextInput
          {...control}
          {...input}
          value={value}
          name="password"
          type="password"
          autoComplete="new-password"
        />
      )}
    </Field>
  );
}

/** How others call a person. */
export function NameField({ error, hint, ...input }: Props & { hint: string }) {
  return (
    <Field label="Your name" aside="optional" error={error} hint={hint}>
      {(control) => <TextInput {...control} {...input} name="name" autoComplete="name" />}
    </Field>
  );
}
