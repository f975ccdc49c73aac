import type { Permission } from '../../../server/access/schema.ts';
import type { IconName } from '../../_ui/index.ts';

/** The pages of the console; `key` follows a `g`. */
export const PLACES = [
  { href: '/guests', label: 'Guests', icon: 'box', key: 'g' },
  { href: '/projects', label: 'Projects', icon: 'folder', key: 'j' },
  { href: '/terminals', label: 'Terminals', icon: 'terminal', key: 't' },
  { href: '/recordings', label: 'Recordings', icon: 'dot', key: 'r' },
  { href: '/images', label: 'Images', icon: 'layers', key: 'i' },
  { href: '/volumes', label: 'Volumes', icon: 'drive', key: 'v' },
  { href: '/trash', label: 'Trash', icon: 'trash', key: 'x' },
  { href: '/network', label: 'Network', icon: 'link', key: 'w' },
  { href: '/notices', label: 'Notices', icon: 'bell', key: 'n' },
  { href: '/operations', label: 'Operations', icon: 'pulse', key: 'o' },
  { href: '/people', label: 'People', icon: 'user', key: 'p' },
  { href: '/activity', label: 'Activity', icon: 'clock', key: 'a' },
  { href: '/host', label: 'Host', icon: 'server', key: 'h' },
] as const satisfies readonly { href: string; label: string; icon: IconName; key: string }[];

/** What it takes to have a page in the navigation; the others are anybody's. */
const NEEDS: Readonly<Record<string, Permission>> = {
  '/terminals': 'console.watch',
  '/recordings': 'console.watch',
  '/images': 'image.view',
  '/volumes': 'volume.view',
  '/people': 'people.view',
  '/activity': 'audit.view',
  '/host': 'host.view',
};

/** Those of them that show what there is of single guests or projects to who may see these alone. */
const OF_SOME: ReadonlySet<string> = new Set([
  '/terminals',
  '/recordings',
  '/images',
  '/volumes',
  '/activity',
]);

/** Why somebody may not have a page, by what `useMay` says of them; null: they may. */
export function whyNotPlace(
  refusal: (permission: Permission, guest?: string) => string | null,
  href: string,
): string | null {
  const needed = NEEDS[href];
  return needed === undefined ? null : refusal(needed, OF_SOME.has(href) ? 'anywhere' : undefined);
}

/** All shortcuts, as the list under `?` shows them. */
export const SHORTCUTS = [
  { keys: 'Ctrl K', does: 'find anything: guests, pages, actions' },
  { keys: 'n', does: 'new guest' },
  { keys: '/', does: 'filter the table' },
  ...PLACES.map(({ key, label }) => ({ keys: `g ${key}`, does: `go to ${label}` })),
  { keys: '?', does: 'this list' },
  { keys: '↑ ↓', does: 'move between rows (also j and k)' },
  { keys: 'Enter', does: 'open the row' },
  { keys: 'Space', does: 'choose the row; with Shift a range' },
  { keys: 'Ctrl A', does: 'choose all rows' },
  { keys: 'Esc', does: 'close, or choose none' },
] as const;

/** Of a terminal in focus, which leaves all other keys to its guest. */
export const TERMINAL_SHORTCUTS = [
  { keys: 'Ctrl Shift E', does: 'split right' },
  { keys: 'Ctrl Shift O', does: 'split down' },
  { keys: 'Ctrl Shift ←↑↓→', does: 'go to the pane on that side; with Alt too: move the divider' },
  { keys: 'Ctrl Shift PageUp', does: 'move the tab left; with PageDown: right' },
  { keys: 'Ctrl Shift X', does: 'give the pane the whole tab, or show all' },
  { keys: 'Ctrl Shift B', does: 'type into several terminals at once, or stop' },
  { keys: 'Ctrl Shift D', does: 'detach: the shell goes on' },
  { keys: 'Ctrl Shift F', does: 'search in the scrollback' },
  { keys: 'Ctrl Shift C', does: 'copy; with V: paste' },
  { keys: 'Ctrl + −', does: 'larger and smaller text; Ctrl 0 as at first' },
  { keys: 'Ctrl Shift Y', does: 'leave the terminal for its tools' },
] as const;
