'use client';

import { Combobox as Base } from '@base-ui/react/combobox';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { type ControlProps, INPUT_CLASS } from './field.tsx';
import { Icon } from './icon.tsx';
import { POPUP_CLASS } from './menu.tsx';
import type { SelectOption } from './select.tsx';

export interface SearchSelectProps<Value extends string> extends Partial<ControlProps> {
  value: Value;
  /** What the value is called. */
  valueLabel: string;
  /** What is found by the text, in order; asked for while it is open. */
  options: readonly SelectOption<Value>[];
  /** What is searched for; null: it is closed. */
  text: string | null;
  onText: (text: string | null) => void;
  /** What the field to search in is called. */
  searchLabel: string;
  /** Below what is found: that there is more, or none. */
  aside?: ReactNode;
  onChange: (value: Value) => void;
}

/** One of many: they are searched by whoever gives the options, so that not all have to be here. */
export function SearchSelect<Value extends string>(props: SearchSelectProps<Value>) {
  const { value, valueLabel, options, text, onText, searchLabel, aside, onChange, ...control } = props;
  return (
    <Base.Root<SelectOption<Value>>
      items={options}
      filter={null}
      autoHighlight
      open={text !== null}
      onOpenChange={(isOpen) => onText(isOpen ? '' : null)}
      inputValue={text ?? ''}
      onInputValueChange={(next) => text !== null && onText(next)}
      value={{ value, label: valueLabel }}
      isItemEqualToValue={(one, other) => one.value === other.value}
      onValueChange={(next) => next !== null && onChange(next.value)}
    >
      <Base.Trigger
        {...control}
        className={cx(INPUT_CLASS, 'flex items-center justify-between gap-2 text-left')}
      >
        <span className="truncate">{valueLabel}</span>
        <Icon name="down" size={14} className="text-muted" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50">
          <Base.Popup
            aria-label={searchLabel}
            className={cx(POPUP_CLASS, 'flex min-w-(--anchor-width) flex-col gap-1')}
          >
            <Base.Input
              aria-label={searchLabel}
              placeholder={searchLabel}
              spellCheck={false}
              autoCapitalize="none"
              className={INPUT_CLASS}
            />
            <Base.List className="max-h-72 overflow-y-auto overscroll-contain">
              {(option: SelectOption<Value>) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  className="grid cursor-default grid-cols-[16px_1fr] items-start gap-x-2 rounded-sm px-2 py-1.5 text-sm outline-none data-highlighted:bg-hover max-sm:py-2.5"
                >
                  <span className="mt-0.5">
                    <Base.ItemIndicator>
                      <Icon name="check" />
                    </Base.ItemIndicator>
                  </span>
                  <span className="truncate">{option.label}</span>
                  {option.detail && <span className="col-start-2 text-muted text-xs">{option.detail}</span>}
                </Base.Item>
              )}
            </Base.List>
            <Base.Status className={aside ? 'px-2 py-1 text-muted text-xs' : 'sr-only'}>{aside}</Base.Status>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
