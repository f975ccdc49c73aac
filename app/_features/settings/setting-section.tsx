'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { cx, Icon } from '../../_ui/index.ts';
import { DEFAULT_SETTINGS } from './guest-settings.ts';
import { sameValue } from './same-value.ts';
import { hasProblem, type SettingsEdit } from './settings-edit.ts';

export interface SettingSectionProps {
  edit: SettingsEdit;
  title: string;
  /** The settings it edits, as in the YAML: `isolation.mounts`; the first is its address on the page. */
  paths: readonly [string, ...string[]];
  /** What is set, in a few words. */
  summary: string;
  children: ReactNode;
}

/** One kind of setting, folded away behind what it is now; open when the address or a problem points at it. */
export function SettingSection({ edit, title, paths, summary, children }: SettingSectionProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDetailsElement>(null);
  const id = paths[0];
  const isWrong = hasProblem(edit, paths);
  const isDefault = paths.every((path) => sameValue(valueAt(edit, path), valueAt(DEFAULT_SETTINGS, path)));
  const isChanged = paths.some((path) => !sameValue(valueAt(edit, path), valueAt(edit.base, path)));

  useEffect(() => {
    const follow = () => {
      const asked = decodeURIComponent(window.location.hash.slice(1));
      if (!paths.some((path) => asked === path || asked.startsWith(`${path}.`))) return;
      setOpen(true);
      box.current?.scrollIntoView({ block: 'start' });
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [paths]);
  useEffect(() => {
    if (isWrong) setOpen(true);
  }, [isWrong]);

  return (
    <details
      ref={box}
      id={id}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group scroll-mt-4 border-line border-b"
    >
      <summary className="flex min-h-10 cursor-pointer select-none list-none items-center gap-2 py-1.5 text-sm hover:bg-hover [&::-webkit-details-marker]:hidden">
        <Icon name="right" size={14} className={cx('text-muted', open && 'rotate-90')} />
        <span className="w-40 shrink-0 font-medium max-sm:w-auto">{title}</span>
        <span
          className={cx(
            'wrap-anywhere min-w-0 flex-1 max-sm:text-right',
            isDefault ? 'text-muted' : 'text-ink',
          )}
        >
          {summary}
        </span>
        {isWrong ? (
          <Mark tone="text-bad" icon="warning">
            to mend
          </Mark>
        ) : (
          isChanged && (
            <Mark tone="text-accent" icon="pencil">
              changed
            </Mark>
          )
        )}
      </summary>
      {open && <div className="flex flex-col gap-4 pt-1 pb-5 pl-6 max-sm:pl-0">{children}</div>}
    </details>
  );
}

function Mark(props: { tone: string; icon: 'warning' | 'pencil'; children: string }) {
  return (
    <span className={cx('inline-flex shrink-0 items-center gap-1 text-xs', props.tone)}>
      <Icon name={props.icon} size={12} />
      {props.children}
    </span>
  );
}

/** Text that explains a section, above its controls. */
export function About({ children }: { children: ReactNode }) {
  return <p className="max-w-prose text-muted text-sm">{children}</p>;
}

/** Something that is wrong with no control of its own. */
export function SectionProblem({ message }: { message: string | null }) {
  if (!message) return null;
  return (
    <p role="alert" className="wrap-anywhere flex items-start gap-1.5 text-bad text-sm">
      <Icon name="warning" size={14} className="mt-0.75" />
      {message}
    </p>
  );
}

function valueAt(root: object, path: string): unknown {
  let value: unknown = root;
  for (const key of path.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}
