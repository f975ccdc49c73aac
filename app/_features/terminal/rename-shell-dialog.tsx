'use client';

import { useState } from 'react';
import { FormDialog } from './form-dialog.tsx';
import { ShellNameField } from './shell-name-field.tsx';

export interface RenameShellDialogProps {
  shell: { guest: string; name: string | null };
  onClose: () => void;
  onRename: (name: string | null) => void;
}

/** What a shell is called, on its tab and in the list. */
export function RenameShellDialog({ shell, onClose, onRename }: RenameShellDialogProps) {
  const [name, setName] = useState(shell.name ?? '');
  return (
    <FormDialog
      open
      title={`Name a shell of ${shell.guest}`}
      submit="Name it"
      onClose={onClose}
      onSubmit={() => onRename(name.trim() || null)}
    >
      <ShellNameField name={name} onChange={setName} />
    </FormDialog>
  );
}
