'use client';

import type { SessionView } from '../../../server/console/schema.ts';
import { Button, Dialog } from '../../_ui/index.ts';

export interface EndShellDialogProps {
  session: SessionView;
  onClose: () => void;
  onEnd: () => void;
}

/** Ending a shell ends what runs in it: said before it is done. */
export function EndShellDialog({ session, onClose, onEnd }: EndShellDialogProps) {
  const what = session.name ?? (session.command.join(' ') || 'the login shell');
  const others = session.people.length > 0 ? ` ${session.people.join(', ')} would lose it.` : '';
  return (
    <Dialog
      open
      onClose={onClose}
      title={`End ${what} in ${session.guest}?`}
      description={`What runs in it is hung up.${others}`}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" onClick={onEnd}>
            End the shell
          </Button>
        </>
      }
    />
  );
}
