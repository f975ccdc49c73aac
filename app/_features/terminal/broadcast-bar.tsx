'use client';

import { Button, Icon, Kbd } from '../../_ui/index.ts';

export interface BroadcastBarProps {
  /** How many terminals get what is typed. */
  count: number;
  /** How many panes are seen. */
  of: number;
  onAll: () => void;
  onStop: () => void;
}

/** Says for as long as it is so that typing reaches several terminals, and how that ends. */
export function BroadcastBar({ count, of, onAll, onStop }: BroadcastBarProps) {
  return (
    <section
      aria-label="broadcast"
      data-keys="own"
      onKeyDown={(event) => event.key === 'Escape' && onStop()}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-bad border-b bg-bad-soft px-3 py-1 text-sm"
    >
      <Icon name="broadcast" className="text-bad" />
      <p role="status" className="min-w-0 flex-1 basis-56 font-medium text-bad">
        {count < 2
          ? 'Broadcast is on, and fewer than two terminals are chosen: choose them below'
          : `What you type goes to ${count} terminals at once`}
      </p>
      {count < of && (
        <Button look="quiet" onClick={onAll}>
          Choose all {of}
        </Button>
      )}
      <Button onClick={onStop}>
        Stop broadcasting
        <span className="max-sm:hidden">
          <Kbd keys="Ctrl Shift B" />
        </span>
      </Button>
    </section>
  );
}
