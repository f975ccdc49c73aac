'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { BACKDROP_CLASS } from './dialog.tsx';
import { IconButton } from './icon-button.tsx';

export interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** Stays in view at the bottom. */
  footer?: ReactNode;
  initialFocus?: RefObject<HTMLElement | null>;
}

/** A form beside the page it belongs to; the whole screen where that is narrow. */
export function Sheet({ open, onClose, title, description, children, footer, initialFocus }: SheetProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={BACKDROP_CLASS} />
        <Base.Popup
          initialFocus={initialFocus}
          className="fixed inset-y-0 right-0 z-40 flex w-full flex-col border-line bg-raised shadow-pop outline-none transition-[translate,opacity] duration-150 data-ending-style:translate-x-4 data-starting-style:translate-x-4 data-ending-style:opacity-0 data-starting-style:opacity-0 sm:w-130 sm:border-l"
        >
          <header className="flex items-start justify-between gap-4 border-line border-b px-4 py-3 sm:px-6">
            <div className="min-w-0">
              <Base.Title className="truncate font-semibold text-lg">{title}</Base.Title>
              {description && (
                <Base.Description className="text-muted text-sm">{description}</Base.Description>
              )}
            </div>
            <IconButton icon="close" label="Close" shortcut="Esc" onClick={onClose} />
          </header>
          <div className="relative min-h-0 flex-1 overflow-y-auto px-4 py-4 sm:px-6">{children}</div>
          {footer && <footer className="border-line border-t bg-surface px-4 py-3 sm:px-6">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
