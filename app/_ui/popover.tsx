'use client';

import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import { POPUP_CLASS } from './menu.tsx';

export interface PopoverProps {
  /** One element that takes a ref and handlers: a button. */
  trigger: ReactElement;
  title: string;
  children: ReactNode;
}

/** A button that opens a few controls beside it. Esc and a press beside it close it. */
export function Popover({ trigger, title, children }: PopoverProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50 outline-none">
          <Base.Popup className={cx(POPUP_CLASS, 'flex w-72 flex-col gap-4 p-4')}>
            <Base.Title className="font-semibold text-base">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
