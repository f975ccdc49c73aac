'use client';

import { useState } from 'react';
import type { SessionView } from '../../../server/console/schema.ts';
import { FormDialog } from './form-dialog.tsx';
import { ShellNameField } from './shell-name-field.tsx';

export interface RenameShellDialogProps {
  session: SessionView;
  onClose: () => void;
  onRename: (name: string | null) => void;
}

/** What a shell is called, on its tab and in the list. */
export function RenameShellDialog({ session, onClose, onRename }: RenameShellDialogProps) {
  const [name, setName] = useState(session.name ?? '');
  return (
    <FormDialog
      open
      title={`Name a shell of ${session.guest}`}
      submit="Name it"
      onClose={onClose}
      onSubmit={() => onRename(name.trim() || null)}
    >
      <ShellNameField name={name} onChange={setName} />
    </FormDialog>
  );
}
