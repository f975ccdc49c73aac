'use client';

import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

export interface ChipProps {
  children: string;
  /** A choice that is on or off. */
  pressed?: boolean;
  onClick?: () => void;
  /** Given, the chip can be taken away. */
  onRemove?: () => void;
  /** At its end: a count. */
  aside?: string | number;
  invalid?: boolean;
}

/** A small token: a filter in force, or one to put in force. */
export function Chip({ children, pressed, onClick, onRemove, aside, invalid }: ChipProps) {
  return (
    <span
      className={cx(
        'inline-flex h-7 items-center rounded-md border text-sm',
        pressed ? 'border-accent bg-selected' : 'border-line bg-surface',
        invalid && 'border-bad text-bad',
      )}
    >
      {onClick ? (
        <button
          type="button"
          aria-pressed={pressed}
          onClick={onClick}
          className="flex h-full items-center gap-1.5 rounded-md px-2 hover:bg-hover"
        >
          {children}
          {aside !== undefined && <span className="text-muted">{aside}</span>}
        </button>
      ) : (
        <span className="flex items-center gap-1.5 px-2">{children}</span>
      )}
      {onRemove && (
        <button
          type="button"
          aria-label={`remove ${children}`}
          onClick={onRemove}
          className="flex h-full w-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
        >
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  );
}
