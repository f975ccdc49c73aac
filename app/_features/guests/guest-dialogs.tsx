'use client';

import { DeleteGuestsDialog } from './delete-guests-dialog.tsx';
import { closeGuestDialog, useGuestDialog } from './guest-dialog-store.ts';
import { MemoryDialog } from './memory-dialog.tsx';
import { NewGuestSheet } from './new-guest-sheet.tsx';
import { RenameGuestDialog } from './rename-guest-dialog.tsx';

/** All dialogs about guests; once in the shell. */
export function GuestDialogs() {
  const dialog = useGuestDialog();
  if (!dialog) return null;
  if (dialog.kind === 'new') return <NewGuestSheet onClose={closeGuestDialog} />;
  if (dialog.kind === 'memory') return <MemoryDialog guest={dialog.guest} onClose={closeGuestDialog} />;
  if (dialog.kind === 'rename') return <RenameGuestDialog guest={dialog.guest} onClose={closeGuestDialog} />;
  return <DeleteGuestsDialog guests={dialog.guests} onClose={closeGuestDialog} />;
}
