'use client';

import { Dialog, Kbd } from '../../_ui/index.ts';
import { SHORTCUTS, TERMINAL_SHORTCUTS } from './places.ts';

/** The list under `?`. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Keyboard shortcuts"
      description="A terminal in focus keeps all of its keys but those below."
    >
      <ShortcutList shortcuts={SHORTCUTS} />
      <h3 className="font-semibold text-base">In a terminal</h3>
      <ShortcutList shortcuts={TERMINAL_SHORTCUTS} />
    </Dialog>
  );
}

function ShortcutList({ shortcuts }: { shortcuts: readonly { keys: string; does: string }[] }) {
  return (
    <dl className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-2 text-sm">
      {shortcuts.map(({ keys, does }) => (
        <div key={keys} className="contents">
          <dt>{does}</dt>
          <dd className="text-right">
            <Kbd keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
