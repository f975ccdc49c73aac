'use client';

import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

export interface FieldProps {
  label: ReactNode;
  /** What is expected, below the control. */
  hint?: ReactNode;
  error?: string | null;
  /** At the end of the label's line. */
  aside?: ReactNode;
  /** Gets the ids that tie the control to its label and texts. */
  children: (control: ControlProps) => ReactNode;
  className?: string;
}

export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** A label, a control, and below it what is expected or what is wrong. */
export function Field({ label, hint, error, aside, children, className }: FieldProps) {
  const id = useId();
  const about = error || hint ? `${id}-about` : undefined;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {aside && <span className="text-muted text-xs">{aside}</span>}
      </div>
      {children({ id, 'aria-describedby': about, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={about} role="alert" className="flex items-start gap-1.5 text-bad text-sm">
          <Icon name="warning" size={14} className="mt-0.75" />
          <span className="wrap-anywhere min-w-0">{error}</span>
        </p>
      ) : (
        hint && (
          <p id={about} className="text-muted text-xs">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

/** How every control that takes text looks. */
export const INPUT_CLASS =
  'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-base text-ink placeholder:text-muted hover:border-line-strong aria-invalid:border-bad max-sm:h-10 max-sm:text-lg';

/** One line of text. Put it in a Field. */
export function TextInput({ className, mono, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      {...rest}
      className={cx(INPUT_CLASS, mono && 'font-mono text-sm', className)}
    />
  );
}
