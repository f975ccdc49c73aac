import type { GuestView } from '../../../server/guest/schema.ts';
import { isAllowed } from '../../../server/guest/state.ts';
import type { IconName, PageAction } from '../../_ui/index.ts';
import { PLAIN_VERBS, type PlainVerb, VERB_ICON } from '../guests/index.ts';
import { PLACES } from './places.ts';

export interface PaletteItem {
  id: string;
  icon: IconName;
  label: string;
  aside: string;
  does:
    | { kind: 'go'; href: string }
    | { kind: 'new' }
    | { kind: 'help' }
    | { kind: 'run'; run: () => void }
    | { kind: 'verb'; verb: PlainVerb; guest: GuestView }
    | { kind: 'rename' | 'delete'; guest: GuestView };
}

/** More than anyone reads; the next letter narrows it. */
export const MOST = 50;

const FIXED: readonly PaletteItem[] = [
  { id: 'new', icon: 'plus', label: 'New guest', aside: 'n', does: { kind: 'new' } },
  ...PLACES.map(
    ({ href, label, icon, key }): PaletteItem => ({
      id: href,
      icon,
      label,
      aside: `g ${key}`,
      does: { kind: 'go', href },
    }),
  ),
  { id: 'help', icon: 'help', label: 'Keyboard shortcuts', aside: '?', does: { kind: 'help' } },
];

function* itemsOf(guest: GuestView): Generator<PaletteItem> {
  const { id, name, state } = guest;
  const now = guest.waitingForMemory ? 'memory full' : state;
  const href = `/guests/${encodeURIComponent(name)}`;
  yield { id, icon: 'box', label: name, aside: now, does: { kind: 'go', href } };
  if (isAllowed('enter', state)) {
    yield {
      id: `shell ${id}`,
      icon: 'terminal',
      label: `shell ${name}`,
      aside: now,
      does: { kind: 'go', href: `${href}/terminal` },
    };
  }
  for (const verb of PLAIN_VERBS) {
    if (isAllowed(verb, state)) {
      yield {
        id: `${verb} ${id}`,
        icon: VERB_ICON[verb],
        label: `${verb} ${name}`,
        aside: now,
        does: { kind: 'verb', verb, guest },
      };
    }
  }
  if (isAllowed('rename', state)) {
    yield {
      id: `rename ${id}`,
      icon: 'pencil',
      label: `rename ${name}`,
      aside: now,
      does: { kind: 'rename', guest },
    };
  }
  if (isAllowed('delete', state)) {
    yield {
      id: `delete ${id}`,
      icon: 'trash',
      label: `delete ${name}`,
      aside: now,
      does: { kind: 'delete', guest },
    };
  }
}

/** The search for the guests that a text may be about: names that have its words, and without those words that name an action. Pure. */
export function guestQueries(text: string): string[] {
  const words = text.toLowerCase().replaceAll('"', '').split(/\s+/).filter(Boolean);
  const isAction = (word: string) =>
    [...PLAIN_VERBS, 'shell', 'rename', 'delete'].some((verb) => verb.includes(word));
  const query = (some: readonly string[]) =>
    some
      .map((word) => `name:"${word}"`)
      .join(' ')
      .slice(0, 500);
  return [...new Set([query(words), query(words.filter((word) => !isAction(word)))])];
}

const itemOf = ({ id, icon, label, shortcut = '', run }: PageAction): PaletteItem => ({
  ...{ id: `action ${id}`, icon, label, aside: shortcut },
  does: { kind: 'run', run },
});

/** What the palette offers for a text: every word must occur. Without a text: what the page on show can do, pages, actions and the guests' own pages. */
export function findItems(
  text: string,
  guests: readonly GuestView[],
  actions: readonly PageAction[] = [],
  isOffered: (item: PaletteItem) => boolean = () => true,
): PaletteItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (item: PaletteItem) =>
    words.every((word) => item.label.toLowerCase().includes(word)) && isOffered(item);
  const found = [...actions.map(itemOf), ...FIXED].filter(matches);
  for (const guest of guests) {
    for (const item of itemsOf(guest)) {
      if (found.length >= MOST) return found;
      if (matches(item)) found.push(item);
      if (words.length === 0) break;
    }
  }
  return found;
}
