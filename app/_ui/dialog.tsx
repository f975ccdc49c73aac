'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { cx } from './cx.ts';

export const BACKDROP_CLASS =
  'fixed inset-0 z-40 bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0';

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** What it is about, read out with the title. */
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the main one last. */
  actions?: ReactNode;
  wide?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
  /** Whether the focus goes back to where it was, asked as it closes; it does unless told. */
  returnsFocus?: () => boolean;
}

/** A question or a short form in the middle of the page. Esc and a click beside it close it. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, children, actions, wide, initialFocus, returnsFocus } = props;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={BACKDROP_CLASS} />
        <Base.Popup
          initialFocus={initialFocus}
          finalFocus={returnsFocus}
          className={cx(
            'fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] w-[calc(100vw-32px)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-pop outline-none transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0',
            wide ? 'max-w-2xl' : 'max-w-md',
          )}
        >
          <div className="flex min-h-0 flex-col gap-4 overflow-y-auto p-6">
            <div className="flex flex-col gap-2">
              <Base.Title className="wrap-anywhere font-semibold text-lg">{title}</Base.Title>
              {description && (
                <Base.Description render={<div />} className="wrap-anywhere text-muted text-sm">
                  {description}
                </Base.Description>
              )}
            </div>
            {children}
          </div>
          {actions && (
            <div className="flex flex-wrap justify-end gap-2 border-line border-t bg-surface px-6 py-4">
              {actions}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
