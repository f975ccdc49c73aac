'use client';

import { type FormEvent, useId, useState } from 'react';
import type { SessionView } from '../../../server/console/schema.ts';
import { Button, Dialog, Field, TextInput } from '../../_ui/index.ts';

export interface RenameShellDialogProps {
  session: SessionView;
  onClose: () => void;
  onRename: (name: string | null) => void;
}

/** What a shell is called, on its tab and in the list. */
export function RenameShellDialog({ session, onClose, onRename }: RenameShellDialogProps) {
  const form = useId();
  const [name, setName] = useState(session.name ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRename(name.trim() || null);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Name a shell of ${session.guest}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form}>
            Name it
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        <Field label="Name" hint="Empty: it is called by its command.">
          {(control) => (
            <TextInput
              {...control}
              maxLength={64}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
