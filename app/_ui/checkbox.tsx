'use client';

import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

export interface CheckboxProps {
  checked: boolean;
  /** Some of what it stands for. */
  mixed?: boolean;
  onChange: (checked: boolean) => void;
  /** Seen beside it, unless `hideLabel`. */
  label: string;
  hideLabel?: boolean;
  tabIndex?: number;
}

/** A native checkbox in our look: 16 pixels to see, a whole row's height to hit. */
export function Checkbox({ checked, mixed, onChange, label, hideLabel, tabIndex }: CheckboxProps) {
  return (
    <label className="inline-flex min-h-6 cursor-pointer items-center gap-2 text-sm">
      <span className="relative inline-flex size-4 shrink-0">
        <input
          type="checkbox"
          tabIndex={tabIndex}
          checked={checked}
          ref={(element) => {
            if (element) element.indeterminate = Boolean(mixed);
          }}
          onChange={(event) => onChange(event.currentTarget.checked)}
          aria-label={hideLabel ? label : undefined}
          className={cx(
            'peer size-4 cursor-pointer appearance-none rounded-sm border',
            checked || mixed ? 'border-accent bg-accent' : 'border-line-strong bg-surface',
          )}
        />
        {(checked || mixed) && (
          <Icon
            name={mixed ? 'minus' : 'check'}
            size={14}
            className="pointer-events-none absolute top-px left-px text-on-accent"
          />
        )}
      </span>
      {!hideLabel && label}
    </label>
  );
}
