'use client';

import { type KeyboardEvent, useState } from 'react';
import { cx } from './cx.ts';
import { type ControlProps, INPUT_CLASS } from './field.tsx';
import { Icon } from './icon.tsx';

export interface NumberInputProps extends Partial<ControlProps> {
  value: number;
  /** NaN when the text says no number: the form tells so. */
  onChange: (value: number) => void;
  /** Text to number; NaN when it is none. */
  parse?: (text: string) => number;
  format?: (value: number) => string;
  /** The next value up (1) or down (-1). */
  step?: (value: number, direction: 1 | -1) => number;
  min: number;
  max: number;
  /** What is stepped, for the buttons' names. */
  label: string;
  name?: string;
  /** What an empty field means: `unlimited`. */
  placeholder?: string;
}

const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));

/** A number in its own unit, typed or stepped with the buttons and the arrow keys. It clamps steps, never what is typed. */
export function NumberInput(props: NumberInputProps) {
  const {
    value,
    onChange,
    parse = number,
    format = String,
    step = (n, d) => n + d,
    min,
    max,
    label,
    ...control
  } = props;
  const [draft, setDraft] = useState<string | null>(null);

  const move = (direction: 1 | -1) => {
    const from = Number.isFinite(value) ? value : min;
    setDraft(null);
    onChange(Math.min(max, Math.max(min, step(from, direction))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    move(event.key === 'ArrowUp' ? 1 : -1);
  };

  return (
    <div className="flex">
      <StepButton
        icon="minus"
        label={`less ${label}`}
        side="rounded-l-md border-r-0"
        onClick={() => move(-1)}
      />
      <input
        {...control}
        className={cx(INPUT_CLASS, 'rounded-none text-right')}
        autoComplete="off"
        spellCheck={false}
        value={draft ?? (Number.isFinite(value) ? format(value) : '')}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
          onChange(parse(event.currentTarget.value));
        }}
        onBlur={() => Number.isFinite(value) && setDraft(null)}
        onKeyDown={onKeyDown}
      />
      <StepButton
        icon="plus"
        label={`more ${label}`}
        side="rounded-r-md border-l-0"
        onClick={() => move(1)}
      />
    </div>
  );
}

function StepButton(props: { icon: 'plus' | 'minus'; label: string; side: string; onClick: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={props.label}
      onClick={props.onClick}
      className={cx(
        'flex w-8 shrink-0 items-center justify-center border border-line-strong bg-raised text-muted hover:bg-hover hover:text-ink max-sm:w-10',
        props.side,
      )}
    >
      <Icon name={props.icon} size={14} />
    </button>
  );
}
