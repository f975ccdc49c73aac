import { useId, useRef, useState } from 'react';
import { useSending } from '../../_trpc/index.ts';
import { Button, Dialog, Field, TextInput } from '../../_ui/index.ts';

/** Asks for the password before something that opens a way in. `send` rejects with what was wrong. */
export function PasswordDialog(props: {
  title: string;
  description: string;
  action: string;
  send: (password: string) => Promise<void>;
  onClose: () => void;
}) {
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState('');
  const { busy, problem, submit } = useSending(() => props.send(password));
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={props.title}
      description={props.description}
      initialFocus={first}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form={form}
            busy={busy}
            disabledReason={password === '' ? 'give your password' : null}
          >
            {props.action}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field label="Password now" error={problem?.message}>
          {(control) => (
            <TextInput
              {...control}
              ref={first}
              type="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
