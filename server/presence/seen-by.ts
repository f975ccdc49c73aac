import { may, type Rights } from '../access/may.ts';
import type { Doing, Present } from './schema.ts';

/**
 * Who looks at a guest, as somebody who sees the guest may know it: which of its terminals others are in is for who may look at
 * these; to all others they are at its terminals. Pure.
 */
export function seenBy(rights: Rights, guest: string, people: readonly Present[]): Present[] {
  if (may(rights, 'console.watch', { guest })) return [...people];
  return people.map((person) => ({ ...person, doing: hidden(person.doing) }));
}

function hidden(doing: readonly Doing[]): Doing[] {
  const pages = doing.map((one) => ('page' in one ? one.page : 'terminal'));
  return [...new Set(pages)].map((page) => ({ page }));
}
