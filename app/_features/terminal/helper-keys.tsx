'use client';

import { cx } from '../../_ui/index.ts';
import type { TerminalView } from './terminal-view.ts';

const ARROWS = { '←': 'D', '↓': 'B', '↑': 'A', '→': 'C' } as const;
const KEYS: readonly { label: string; name: string; data?: string; arrow?: string }[] = [
  { label: 'Esc', name: 'Escape', data: '\x1b' },
  { label: 'Tab', name: 'Tab', data: '\t' },
  ...Object.entries(ARROWS).map(([label, arrow]) => ({ label, name: `arrow ${label}`, arrow })),
  { label: '|', name: 'pipe', data: '|' },
  { label: '/', name: 'slash', data: '/' },
  { label: '-', name: 'hyphen', data: '-' },
  { label: '~', name: 'tilde', data: '~' },
];

export interface HelperKeysProps {
  view: TerminalView;
  /** Ctrl is held for the next key. */
  control: boolean;
  onControl: (held: boolean) => void;
}

/** The keys that a phone's keyboard lacks. They leave the focus where it is, so that the keyboard stays up. */
export function HelperKeys({ view, control, onControl }: HelperKeysProps) {
  const press = (data: string | undefined, arrow: string | undefined) => {
    view.press(data ?? `\x1b${view.applicationCursor ? 'O' : '['}${arrow}`);
    view.focus();
  };
  return (
    <div
      role="toolbar"
      aria-label="terminal keys"
      className="hidden touch-manipulation gap-1 overflow-x-auto border-line border-t bg-surface p-1 max-sm:flex pointer-coarse:flex"
    >
      <HelperKey label="Ctrl" name="Control" pressed={control} onPress={() => onControl(!control)} />
      {KEYS.map((key) => (
        <HelperKey
          key={key.label}
          label={key.label}
          name={key.name}
          onPress={() => press(key.data, key.arrow)}
        />
      ))}
    </div>
  );
}

function HelperKey(props: { label: string; name: string; pressed?: boolean; onPress: () => void }) {
  return (
    <button
      type="button"
      aria-label={props.name}
      aria-pressed={props.pressed}
      onPointerDown={(event) => event.preventDefault()}
      onClick={props.onPress}
      className={cx(
        'h-10 min-w-6 flex-auto rounded-md border border-line bg-raised px-1 font-mono text-xs',
        props.pressed && 'border-accent bg-selected',
      )}
    >
      {props.label}
    </button>
  );
}
