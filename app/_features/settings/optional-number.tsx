'use client';

import { useState } from 'react';
import { TextInput } from '../../_ui/index.ts';

export interface OptionalNumberProps {
  id?: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: true | undefined;
  value: number | null;
  /** What no number means; shown in the empty field. */
  empty: string;
  /** NaN when the text is no number: the form tells so. */
  onChange: (value: number | null) => void;
}

/** A number, or nothing, which has a meaning of its own. */
export function OptionalNumber({ value, empty, onChange, ...control }: OptionalNumberProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = value === null ? '' : Number.isNaN(value) ? (typed ?? '') : String(value);
  return (
    <TextInput
      {...control}
      inputMode="numeric"
      placeholder={empty}
      value={typed ?? text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setTyped(next);
        onChange(next.trim() === '' ? null : Number(next));
      }}
      onBlur={() => !Number.isNaN(value) && setTyped(null)}
    />
  );
}
