import { useId, useRef, useState } from 'react';
import { useSending } from '../../_trpc/index.ts';
import { Button, Dialog, Field, TextInput } from '../../_ui/index.ts';

/** Gives a passkey another name. `rename` rejects with what was wrong. */
export function RenamePasskeyDialog(props: {
  name: string;
  rename: (name: string) => Promise<void>;
  onClose: () => void;
}) {
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(props.name);
  const { busy, problem, submit } = useSending(async () => {
    await props.rename(name);
    props.onClose();
  });
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={`Rename the passkey ${props.name}`}
      initialFocus={first}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            Rename
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field label="Name" error={problem?.message}>
          {(control) => (
            <TextInput
              {...control}
              ref={first}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
