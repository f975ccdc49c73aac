'use client';

import { Select as Base } from '@base-ui/react/select';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { type ControlProps, INPUT_CLASS } from './field.tsx';
import { Icon } from './icon.tsx';
import { POPUP_CLASS } from './menu.tsx';

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
  /** A second line. */
  detail?: ReactNode;
  disabledReason?: string | null;
}

export interface SelectProps<Value extends string> extends Partial<ControlProps> {
  value: Value;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
  className?: string;
}

/** One of a few. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, options, onChange, className, ...control } = props;
  return (
    <Base.Root
      items={options.map(({ value, label }) => ({ value, label }))}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <Base.Trigger
        {...control}
        className={cx(INPUT_CLASS, 'flex items-center justify-between gap-2', className)}
      >
        <span className="truncate">
          <Base.Value />
        </span>
        <Icon name="down" size={14} className="text-muted" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup className={cx(POPUP_CLASS, 'min-w-(--anchor-width)')}>
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                disabled={Boolean(option.disabledReason)}
                className="grid grid-cols-[16px_1fr] items-start gap-x-2 rounded-sm px-2 py-1.5 text-sm outline-none data-disabled:text-muted data-highlighted:bg-hover"
              >
                <span className="mt-0.5">
                  <Base.ItemIndicator>
                    <Icon name="check" />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
                {(option.detail || option.disabledReason) && (
                  <span className="col-start-2 text-muted text-xs">
                    {option.disabledReason ?? option.detail}
                  </span>
                )}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
