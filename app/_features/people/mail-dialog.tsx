import { useId, useRef, useState } from 'react';
import type { PersonView } from '../../../server/user/schema.ts';
import { useSending, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, Field, notify, TextInput } from '../../_ui/index.ts';

/** Says which mail address is a person's. */
export function MailDialog({ person, onClose }: { person: PersonView; onClose: () => void }) {
  const { username } = person;
  const api = useTRPCClient();
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const [mail, setMail] = useState(person.mail ?? '');
  const { busy, problem, submit } = useSending(async () => {
    const text = mail.trim();
    await api.user.setMail.mutate({ username, mail: text === '' ? null : text });
    notify({
      title: text === '' ? `${username} has no mail address` : `${username} has the address ${text}`,
    });
    onClose();
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Mail address of ${username}`}
      description="Whoever a sign-in provider has verified it for signs in as them. With another one, who was linked until then is not any more."
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field label="Mail address" error={problem?.message} hint="Left empty: none.">
          {(control) => (
            <TextInput
              {...control}
              ref={first}
              type="email"
              autoComplete="off"
              value={mail}
              onChange={(event) => setMail(event.currentTarget.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
