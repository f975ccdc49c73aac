'use client';

import { NumberInput, type NumberInputProps } from '../../_ui/index.ts';

/** Stands for an empty field on its way through the number input. */
const EMPTY = Number.POSITIVE_INFINITY;

export interface NullableNumberProps extends Omit<NumberInputProps, 'value' | 'onChange' | 'placeholder'> {
  value: number | null;
  onChange: (value: number | null) => void;
  /** What an empty field means: `unlimited`. */
  none: string;
  /** Where stepping begins from none. */
  start: number;
}

/** A number that may be left out: an empty field is none. */
export function NullableNumber(props: NullableNumberProps) {
  const { value, onChange, none, start, parse = Number, step = (n, d) => n + d, ...rest } = props;
  return (
    <NumberInput
      {...rest}
      placeholder={none}
      value={value ?? Number.NaN}
      parse={(text) => (text.trim() === '' ? EMPTY : parse(text))}
      step={(from, direction) => (value === null || Number.isNaN(value) ? start : step(from, direction))}
      onChange={(next) => onChange(next === EMPTY ? null : next)}
    />
  );
}
