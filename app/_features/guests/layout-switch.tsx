'use client';

import { cx, Icon, IconButton, Menu } from '../../_ui/index.ts';
import { type GuestsLayout, LAYOUT_TEXT, readLayout } from './guests-layout.ts';

export interface LayoutSwitchProps {
  layout: GuestsLayout;
  /** As the address has it. */
  onLayout: (text: string) => void;
}

const CHOICES = [
  ['table', 'Table', 'rows'],
  ['board', 'Board', 'columns'],
] as const;

/** How the guests are laid out: as a table, or as a board. */
export function LayoutSwitch({ layout, onLayout }: LayoutSwitchProps) {
  return (
    <fieldset className="flex rounded-md border border-line p-px">
      <legend className="sr-only">Layout</legend>
      {CHOICES.map(([kind, label, icon]) => (
        <button
          key={kind}
          type="button"
          aria-pressed={layout.kind === kind}
          onClick={() => onLayout(LAYOUT_TEXT[kind])}
          className={cx(
            'flex h-7 items-center gap-1.5 rounded-sm px-2 text-sm max-sm:h-9',
            layout.kind === kind ? 'bg-selected font-medium' : 'text-muted hover:bg-hover hover:text-ink',
          )}
        >
          <Icon name={icon} size={14} />
          <span className="max-sm:sr-only">{label}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** By what tiles have their colours. */
export function ColourMenu({ layout, onLayout }: LayoutSwitchProps) {
  const entry = (text: string, label: string) => ({
    label,
    checked: readLayout(text).colour === layout.colour,
    onChange: () => onLayout(text),
  });
  return (
    <Menu
      trigger={<IconButton icon="sun" label="Colour of tiles" />}
      entries={[
        { heading: 'Colour tiles by' },
        entry(LAYOUT_TEXT.board, 'State'),
        entry(LAYOUT_TEXT.boardByPressure, 'Pressure'),
      ]}
    />
  );
}
