import type { TileColour } from './guest-tile.tsx';

/** How guests are shown, and what the colour of a tile says. */
export interface GuestsLayout {
  kind: 'table' | 'board';
  colour: TileColour;
}

/** As addresses and saved views have it. */
export const LAYOUT_TEXT = { table: '', board: 'board', boardByPressure: 'board:pressure' } as const;

/** What addresses of before have for it. */
const BEFORE = 'board:use';

/** What an address says; what cannot be read is the table. Pure. */
export function readLayout(text: string | null): GuestsLayout {
  if (text === LAYOUT_TEXT.board) return { kind: 'board', colour: 'state' };
  const byPressure = text === LAYOUT_TEXT.boardByPressure || text === BEFORE;
  return byPressure ? { kind: 'board', colour: 'pressure' } : { kind: 'table', colour: 'state' };
}
