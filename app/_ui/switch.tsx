'use client';

import { Switch as Base } from '@base-ui/react/switch';
import { type ReactNode, useId } from 'react';

/** On or off, at once. */
export function Switch(props: { checked: boolean; onChange: (checked: boolean) => void; label: ReactNode }) {
  const id = useId();
  return (
    <div className="flex cursor-pointer items-center justify-between gap-4 text-sm">
      <label htmlFor={id} className="min-w-0 cursor-pointer">
        {props.label}
      </label>
      <Base.Root
        id={id}
        checked={props.checked}
        onCheckedChange={props.onChange}
        className="flex h-5 w-9 shrink-0 items-center rounded-full border border-line-strong bg-sunken p-0.5 transition-colors data-checked:border-accent data-checked:bg-accent"
      >
        <Base.Thumb className="size-3.5 rounded-full bg-line-strong transition-transform data-checked:translate-x-4 data-checked:bg-on-accent" />
      </Base.Root>
    </div>
  );
}
