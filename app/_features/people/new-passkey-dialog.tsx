import { type FormEvent, useId, useRef, useState } from 'react';
import { toApiError } from '../../_trpc/index.ts';
import { Button, Dialog, Field, TextInput } from '../../_ui/index.ts';

/** What browsers say in their own words, where a person has to do something else. */
function wordsOf(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError') return 'the device made none: it was cancelled, or took too long';
  if (name === 'InvalidStateError') return 'this device has one of yours already';
  return toApiError(error).message;
}

/** Makes a passkey: its name and the password, then the browser asks. `make` rejects with what was wrong. */
export function NewPasskeyDialog(props: {
  make: (password: string, name: string) => Promise<void>;
  onClose: () => void;
}) {
  const { make, onClose } = props;
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ field: string | null; message: string } | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      await make(password, name);
      onClose();
    } catch (error) {
      const field = toApiError(error).field?.[0];
      setProblem({ field: typeof field === 'string' ? field : null, message: wordsOf(error) });
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="New passkey"
      description="Your browser asks for the device's PIN or your finger next."
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form={form}
            busy={busy}
            disabledReason={name.trim() === '' || password === '' ? 'give a name and your password' : null}
          >
            Make it
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field
          label="Name"
          error={problem?.field === 'password' ? null : problem?.message}
          hint="Such as the device that keeps it."
        >
          {(control) => (
            <TextInput
              {...control}
              ref={first}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Password now" error={problem?.field === 'password' ? problem.message : null}>
          {(control) => (
            <TextInput
              {...control}
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
