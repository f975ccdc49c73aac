'use client';

import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'disabled' | 'children'> {
  icon: IconName;
  /** What it does; the tooltip and the accessible name. */
  label: string;
  /** Key that does the same. */
  shortcut?: string;
  busy?: boolean;
  disabledReason?: string | null;
  /** Drawn as pressed. */
  pressed?: boolean;
}

/** A square button with an icon only; its name shows on hover and focus. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, shortcut, busy, disabledReason, pressed, className, onClick, ...rest } = props;
  const blocked = Boolean(busy || disabledReason);
  return (
    <Tooltip text={disabledReason ?? label} shortcut={disabledReason ? undefined : shortcut}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={blocked || undefined}
        onClick={(event) => (blocked ? event.preventDefault() : onClick?.(event))}
        className={cx(
          'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-ink aria-disabled:cursor-not-allowed aria-disabled:opacity-55 max-sm:size-10',
          pressed && 'bg-hover text-ink',
          className,
        )}
      >
        <Icon name={busy ? 'busy' : icon} />
      </button>
    </Tooltip>
  );
}
