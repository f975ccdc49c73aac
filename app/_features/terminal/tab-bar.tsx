'use client';

import { type KeyboardEvent, useRef } from 'react';
import type { SessionView } from '../../../server/console/schema.ts';
import { Button, cx, Icon, IconButton, Menu } from '../../_ui/index.ts';
import { paneOf, titleOf } from './desk-pane.ts';
import { useTabDrag } from './use-tab-drag.ts';

export interface TabBarProps {
  /** `count`: how many panes it has. */
  tabs: readonly { key: string; title: string; count: number }[];
  active: string | null;
  /** Why no new shell can be opened now. */
  refusal: string | null;
  onActivate: (key: string) => void;
  onClose: (key: string) => void;
  /** Change places with the tab on that side. */
  onMove: (key: string, by: -1 | 1) => void;
  newLabel: string;
  onNew: () => void;
  /** Choose more about the new one; undefined: `onNew` asks. */
  onNewWith?: () => void;
  /** Shells that run and are not shown here, to bring in one by one. */
  others: readonly SessionView[];
  onOthers?: (session: SessionView) => void;
  isBroadcast: boolean;
  /** Undefined where there are not several terminals to reach. */
  onBroadcast?: () => void;
}

/** The tabs of a desk. Left and right go to another, with Shift they move the tab, Delete closes (the ARIA tabs pattern). */
export function TabBar(props: TabBarProps) {
  const { tabs, active, refusal, onActivate, onClose, onMove, onNew, onNewWith, others, onOthers } = props;
  const list = useRef<HTMLDivElement>(null);
  const drag = useTabDrag(onMove);
  const onKeyDown = (event: KeyboardEvent) => {
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.shiftKey && side !== undefined && active) {
      onMove(active, side < 0 ? -1 : 1);
      event.preventDefault();
      return;
    }
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
        {...drag.list}
      >
        {tabs.map(({ key, title, count }) => (
          <div
            key={key}
            data-tab-box={key}
            onPointerDown={drag.onPointerDown(key)}
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
              aria-keyshortcuts="Delete Shift+ArrowLeft Shift+ArrowRight"
              tabIndex={key === active ? 0 : -1}
              // The pointer leaves the focus in the terminal, so that one types on.
              onMouseDown={(event) => event.preventDefault()}
              onClick={(event) => drag.isClick(event) && onActivate(key)}
              className="flex h-full items-center gap-1.5 whitespace-nowrap px-2 text-sm -outline-offset-2"
            >
              <Icon name="terminal" size={14} />
              {title}
              {count > 1 && (
                <span className="rounded-sm bg-sunken px-1 text-muted text-xs" title={`${count} panes`}>
                  {count}
                </span>
              )}
            </button>
            <button
              type="button"
              tabIndex={-1}
              aria-hidden="true"
              title={`Close ${title}`}
              onClick={(event) => drag.isClick(event) && onClose(key)}
              className="flex size-6 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-ink"
            >
              <Icon name="close" size={12} />
            </button>
          </div>
        ))}
      </div>
      <IconButton icon="plus" label={props.newLabel} disabledReason={refusal} onClick={onNew} />
      {onNewWith && (
        <IconButton
          icon="down"
          label="New shell with a command or user"
          disabledReason={refusal}
          onClick={onNewWith}
        />
      )}
      <div className="ml-auto flex shrink-0 items-center gap-1">
        {onOthers && others.length > 0 && (
          <Menu
            trigger={
              <Button look="quiet" icon="detach" aria-label={`${others.length} detached`}>
                <span className="max-sm:hidden">Detached</span>
                {others.length}
              </Button>
            }
            entries={[
              { heading: 'Run on without being shown here' },
              ...others.map((session) => ({
                label: `${titleOf(paneOf(session).request)} (${session.id.slice(0, 4)})`,
                icon: 'terminal' as const,
                onSelect: () => onOthers(session),
              })),
            ]}
          />
        )}
        {props.onBroadcast && (
          <IconButton
            icon="broadcast"
            label={props.isBroadcast ? 'Stop broadcasting' : 'Type into several terminals at once'}
            shortcut="Ctrl Shift B"
            pressed={props.isBroadcast}
            onClick={props.onBroadcast}
          />
        )}
      </div>
    </div>
  );
}
