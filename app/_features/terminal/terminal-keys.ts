/** What a key combination asks of the page instead of the guest. */
export type TerminalShortcut =
  | 'copy'
  | 'paste'
  | 'search'
  | 'leave'
  | 'larger'
  | 'smaller'
  | 'normal'
  | DeskShortcut;

/** Those that are about the pane that a terminal is in. */
export type DeskShortcut =
  | 'split-right'
  | 'split-down'
  | 'maximise'
  | 'detach'
  | 'broadcast'
  | `move-${'left' | 'right'}`
  | `focus-${'left' | 'right' | 'up' | 'down'}`
  | `grow-${'left' | 'right' | 'up' | 'down'}`;

/** With Ctrl Shift, which no terminal can tell a program about. */
const LETTERS: Readonly<Record<string, TerminalShortcut>> = {
  ...{ c: 'copy', v: 'paste', f: 'search', y: 'leave' },
  ...{ e: 'split-right', o: 'split-down', x: 'maximise', d: 'detach', b: 'broadcast' },
};

/** With Ctrl Shift, too; a terminal would scroll by them without Ctrl. */
const TABS: Readonly<Record<string, TerminalShortcut>> = { PageUp: 'move-left', PageDown: 'move-right' };

/** With Ctrl alone: keys for which a terminal sends nothing. `_` is not among them: shells undo with it. */
const SIZES: Readonly<Record<string, TerminalShortcut>> = {
  ...{ '+': 'larger', '=': 'larger', '-': 'smaller', '0': 'normal' },
};

const SIDES: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = {
  ...{ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' },
};

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey' | 'type'>;

/**
 * What a key press asks of the page, or null: it is the guest's. Arrows with Ctrl Shift (and Alt) are the page's only where there are
 * several panes, since programs can hear them.
 */
export function shortcutOf(event: Keys, hasPanes: boolean): TerminalShortcut | null {
  const { key, ctrlKey, shiftKey, altKey, metaKey, type } = event;
  if (!ctrlKey || metaKey || type !== 'keydown') return null;
  const size = SIZES[key];
  if (size !== undefined && !altKey && (!shiftKey || key === '+')) return size;
  if (!shiftKey) return null;
  const side = SIDES[key];
  if (side !== undefined) return hasPanes ? `${altKey ? 'grow' : 'focus'}-${side}` : null;
  return altKey ? null : (TABS[key] ?? LETTERS[key.toLowerCase()] ?? null);
}

export function isDeskShortcut(shortcut: TerminalShortcut): shortcut is DeskShortcut {
  return /^(?:split|move|focus|grow)-|^(?:maximise|detach|broadcast)$/.test(shortcut);
}

const ESC = '\x1b';
const CURSOR_KEY = new RegExp(`^${ESC}[[O]([A-DFH])$`);

/** A cursor key as a terminal in this mode sends it: each program asks for its own. Other input stays as it is. */
export function inCursorMode(data: string, isApplication: boolean): string {
  const key = CURSOR_KEY.exec(data)?.[1];
  return key === undefined ? data : `${ESC}${isApplication ? 'O' : '['}${key}`;
}

// Mouse reports (X10, SGR) and focus: about the place where they happened, of no meaning elsewhere.
const OF_ONE_PLACE = new RegExp(String.raw`^${ESC}\[(?:M[\s\S]{3}|<[\d;]+[Mm]|[IO])$`);

/** Whether input is keys, which any terminal can take, and not the pointer's or the focus's. */
export function isTyping(data: string): boolean {
  return !OF_ONE_PLACE.test(data);
}
