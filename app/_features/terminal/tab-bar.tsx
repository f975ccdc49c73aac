'use client';

import { type KeyboardEvent, useRef } from 'react';
import { cx, Icon, IconButton } from '../../_ui/index.ts';

export interface TabBarProps {
  tabs: readonly { key: string; title: string }[];
  active: string | null;
  /** Why no new shell can be opened now. */
  refusal: string | null;
  onActivate: (key: string) => void;
  onClose: (key: string) => void;
  onNew: () => void;
  onNewWith: () => void;
}

/** The shells of a guest, side by side. Left and right move, Delete closes (the ARIA tabs pattern). */
export function TabBar({ tabs, active, refusal, onActivate, onClose, onNew, onNewWith }: TabBarProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const index = tabs.findIndex((tab) => tab.key === active);
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs.at(to % tabs.length);
    if (next) {
      onActivate(next.key);
      list.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
    } else if (event.key === 'Delete' && active) onClose(active);
    else return;
    event.preventDefault();
  };
  return (
    <div className="flex h-9 items-center gap-1 border-line border-b bg-canvas px-2">
      <div
        ref={list}
        role="tablist"
        aria-label="shells"
        className="flex h-full min-w-0 items-stretch overflow-x-auto"
        onKeyDown={onKeyDown}
      >
        {tabs.map(({ key, title }) => (
          <div
            key={key}
            className={cx(
              'group flex items-center border-line border-r pl-1',
              key === active ? 'bg-surface text-ink' : 'text-muted hover:bg-hover',
            )}
          >
            <button
              type="button"
              role="tab"
              data-tab={key}
              aria-selected={key === active}
              aria-keyshortcuts="Delete"
              tabIndex={key === active ? 0 : -1}
              // The pointer leaves the focus in the terminal, so that one types on.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onActivate(key)}
              className="flex h-full items-center gap-1.5 whitespace-nowrap px-2 text-sm -outline-offset-2"
            >
              <Icon name="terminal" size={14} />
              {title}
            </button>
            <button
              type="button"
              tabIndex={-1}
              aria-hidden="true"
              title={`Close ${title}`}
              onClick={() => onClose(key)}
              className="flex size-6 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-ink"
            >
              <Icon name="close" size={12} />
            </button>
          </div>
        ))}
      </div>
      <IconButton icon="plus" label="New shell" disabledReason={refusal} onClick={onNew} />
      <IconButton
        icon="down"
        label="New shell with a command or user"
        disabledReason={refusal}
        onClick={onNewWith}
      />
      {active && (
        <IconButton
          icon="close"
          label="Close this shell"
          className="ml-auto"
          onClick={() => onClose(active)}
        />
      )}
    </div>
  );
}
