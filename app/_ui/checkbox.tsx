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
  /** Why it cannot be changed; null: it can. */
  disabledReason?: string | null;
}

/** A native checkbox in our look: 16 pixels to see, a whole row's height to hit. */
export function Checkbox(props: CheckboxProps) {
  const { checked, mixed, onChange, label, hideLabel, tabIndex, disabledReason } = props;
  return (
    <label
      title={disabledReason ?? undefined}
      className={cx(
        'inline-flex min-h-6 items-center gap-2 text-sm',
        disabledReason ? 'cursor-not-allowed text-muted' : 'cursor-pointer',
      )}
    >
      <span className="relative inline-flex size-4 shrink-0">
        <input
          type="checkbox"
          tabIndex={tabIndex}
          checked={checked}
          disabled={Boolean(disabledReason)}
          ref={(element) => {
            if (element) element.indeterminate = Boolean(mixed);
          }}
          onChange={(event) => onChange(event.currentTarget.checked)}
          aria-label={hideLabel ? label : undefined}
          className={cx(
            'peer size-4 cursor-[inherit] appearance-none rounded-sm border disabled:opacity-60',
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
