'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { type GuestView, guestName } from '../../../server/guest/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Field, notify, TextInput } from '../../_ui/index.ts';

/** Ask for a guest's new name; its page follows it. */
export function RenameGuestDialog({ guest, onClose }: { guest: GuestView; onClose: () => void }) {
  const api = useTRPCClient();
  const router = useRouter();
  const form = useId();
  const [name, setName] = useState(guest.name);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const rename = async (from: string, to: string) => {
    await api.guest.rename.mutate({ guest: from, name: to });
    const here = `/guests/${from}`;
    const { pathname } = window.location;
    if (pathname === here || pathname.startsWith(`${here}/`))
      router.replace(pathname.replace(here, `/guests/${to}`));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = guestName.safeParse(name);
    if (!wanted.success) return setError(wanted.error.issues[0]?.message ?? 'the name is not valid');
    if (name === guest.name) return onClose();
    setBusy(true);
    try {
      await rename(guest.name, name);
      notify({
        title: `${guest.name} is now ${name}`,
        action: {
          label: 'Undo',
          run: () =>
            void rename(name, guest.name).catch((cause: unknown) =>
              notify({
                title: `could not rename ${name} back`,
                detail: toApiError(cause).message,
                tone: 'bad',
              }),
            ),
        },
      });
      onClose();
    } catch (cause) {
      setError(toApiError(cause).message);
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rename ${guest.name}`}
      description="The name is also its name in the network's DNS, at once; the host name it sees itself changes with its next start."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            Rename
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" error={error}>
          {(control) => (
            <TextInput
              {...control}
              mono
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setError(null);
              }}
            />
          )}
        </Field>
        <EquivalentCommands
          cli={`berth guest rename ${guest.name} ${name || 'NAME'}`}
          api={{ procedure: 'guest.rename', input: { guest: guest.name, name } }}
        />
      </form>
    </Dialog>
  );
}
