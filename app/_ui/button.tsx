'use client';

import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import { useReadOnly } from './read-only.ts';
import { Tooltip } from './tooltip.tsx';

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger';

const LOOK: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  secondary: 'bg-raised text-ink border-line hover:bg-hover',
  quiet: 'bg-transparent text-ink border-transparent hover:bg-hover',
  danger: 'bg-raised text-bad border-line hover:bg-bad-soft',
};

const BASE =
  'inline-flex h-8 shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md border px-3 font-medium text-sm transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-55 max-sm:h-10';

/** The classes of a button, for links and for primitives that render their own element. */
export function buttonClass(look: ButtonLook = 'secondary', className?: string): string {
  return cx(BASE, LOOK[look], className);
}

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  look?: ButtonLook;
  icon?: IconName;
  /** At work: shows it and takes no second press. */
  busy?: boolean;
  /** Why it cannot be pressed now; given, the button stays focusable and tells the reason. */
  disabledReason?: string | null;
  /** Whether it changes something, which is not taken while all can only be read. Default: those that stand out, and that send a form. */
  changes?: boolean;
}

/** A button. It is never disabled without saying why. */
export function Button({
  look,
  icon,
  busy,
  disabledReason: ownReason,
  changes,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  const readOnly = useReadOnly();
  const isChange = changes ?? (look === 'primary' || look === 'danger' || rest.type === 'submit');
  const disabledReason = ownReason ?? (isChange ? readOnly : null);
  const blocked = Boolean(busy || disabledReason);
  const button = (
    <button
      type="button"
      {...rest}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      className={buttonClass(look, className)}
      onClick={(event) => (blocked ? event.preventDefault() : onClick?.(event))}
    >
      {busy ? <Icon name="busy" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
  return disabledReason ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

/** A link that looks like a button. */
export function ButtonLink(props: {
  href: string;
  look?: ButtonLook;
  icon?: IconName;
  children: ReactNode;
  className?: string;
}) {
  return (
    <Link href={props.href} className={buttonClass(props.look, props.className)}>
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </Link>
  );
}
