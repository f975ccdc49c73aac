'use client';

import { Menu as Base } from '@base-ui/react/menu';
import { Fragment, type ReactElement } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export const POPUP_CLASS =
  'max-h-(--available-height) max-w-[calc(100vw-16px)] overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-pop outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0';

const ITEM_CLASS =
  'flex min-h-8 w-full cursor-default select-none items-center gap-2 rounded-sm px-2 text-sm outline-none data-highlighted:bg-hover max-sm:min-h-10';

export interface MenuAction {
  label: string;
  icon?: IconName;
  shortcut?: string;
  danger?: boolean;
  /** Why it cannot be done now; it is shown under the label. */
  disabledReason?: string | null;
  onSelect: () => void;
}

export interface MenuCheck {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export type MenuEntry = MenuAction | MenuCheck | 'separator' | { heading: string };

export interface MenuProps {
  /** One element that takes a ref and handlers: a button. */
  trigger: ReactElement;
  entries: readonly MenuEntry[];
  align?: 'start' | 'end';
  /** Open as it is put in the page. */
  openAtFirst?: boolean;
}

/** A button that opens a list of actions or choices. */
export function Menu({ trigger, entries, align = 'end', openAtFirst }: MenuProps) {
  return (
    <Base.Root defaultOpen={openAtFirst}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50 outline-none">
          <Base.Popup className={cx(POPUP_CLASS, 'min-w-48')}>
            {entries.map((entry, index) => (
              <Fragment key={keyOf(entry, index)}>
                <Entry entry={entry} />
              </Fragment>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function keyOf(entry: MenuEntry, index: number): string {
  if (entry === 'separator') return `separator-${index}`;
  return 'heading' in entry ? entry.heading : entry.label;
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry === 'separator') return <Base.Separator className="my-1 h-px bg-line" />;
  if ('heading' in entry) return <div className="truncate px-2 py-1 text-muted text-xs">{entry.heading}</div>;
  if ('checked' in entry) {
    return (
      <Base.CheckboxItem
        checked={entry.checked}
        onCheckedChange={entry.onChange}
        closeOnClick={false}
        className={ITEM_CLASS}
      >
        <span className="size-4">
          <Base.CheckboxItemIndicator>
            <Icon name="check" />
          </Base.CheckboxItemIndicator>
        </span>
        {entry.label}
      </Base.CheckboxItem>
    );
  }
  return (
    <Base.Item
      disabled={Boolean(entry.disabledReason)}
      onClick={entry.onSelect}
      className={cx(ITEM_CLASS, entry.disabledReason ? 'text-muted' : entry.danger && 'text-bad')}
    >
      {entry.icon && <Icon name={entry.icon} className={entry.danger ? undefined : 'text-muted'} />}
      <span className="flex min-w-0 flex-1 flex-col">
        {entry.label}
        {entry.disabledReason && <span className="max-w-64 text-xs">{entry.disabledReason}</span>}
      </span>
      {entry.shortcut && (
        <span className="text-muted">
          <Kbd keys={entry.shortcut} />
        </span>
      )}
    </Base.Item>
  );
}
