'use client';

import type { NewLink } from '../../../server/user/schema.ts';
import { Button, CommandLine, Dialog, RelativeTime } from '../../_ui/index.ts';

/** A link that was just made: it is shown this once. */
export function LinkDialog(props: { title: string; link: NewLink; onClose: () => void }) {
  const { title, link, onClose } = props;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description="Send it to them by a way that only they read: whoever has it can use it. It is not shown again."
      actions={<Button onClick={onClose}>Done</Button>}
    >
      {/* By the name under which this browser has reached the console. */}
      <CommandLine label="Link" text={`${window.location.origin}${link.path}`} />
      <p className="text-muted text-sm">
        It ends <RelativeTime at={link.expiresAt} ahead />.
      </p>
    </Dialog>
  );
}
