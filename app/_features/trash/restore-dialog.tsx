'use client';

import { type FormEvent, useId, useRef, useState } from 'react';
import { guestName } from '../../../server/guest/schema.ts';
import type { TrashView } from '../../../server/trash/schema.ts';
import { ALONE, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Field, notify, TextInput } from '../../_ui/index.ts';

/** Asks for another name for a guest whose own was given to another one meanwhile. */
export function RestoreDialog({ guest, onClose }: { guest: TrashView; onClose: () => void }) {
  const api = useTRPCClient();
  const form = useId();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(`${guest.name}-restored`.slice(0, 63));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const wanted = guestName.safeParse(name);
    if (!wanted.success) return setProblem(wanted.error.issues[0]?.message ?? 'the name is not valid');
    setBusy(true);
    try {
      await api.trash.restore.mutate({ guest: guest.id, name, wait: true }, ALONE);
      onClose();
      notify({ title: `${guest.name} is back as ${name}` });
    } catch (cause) {
      setProblem(toApiError(cause).message);
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Restore ${guest.name}`}
      description="Another guest has its name now. It comes back under another one, with its files, settings, addresses and roles."
      initialFocus={input}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} icon="undo" busy={busy}>
            Restore
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field label="Name" error={problem}>
          {(control) => (
            <TextInput
              {...control}
              ref={input}
              mono
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setProblem(null);
              }}
            />
          )}
        </Field>
        <EquivalentCommands
          cli={`berth trash restore ${guest.id} --name ${name || 'NAME'}`}
          api={{ procedure: 'trash.restore', input: { guest: guest.id, name } }}
        />
      </form>
    </Dialog>
  );
}
