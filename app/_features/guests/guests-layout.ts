import type { TileColour } from './guest-tile.tsx';

/** How guests are shown, and what the colour of a tile says. */
export interface GuestsLayout {
  kind: 'table' | 'board';
  colour: TileColour;
}

/** As addresses and saved views have it. */
export const LAYOUT_TEXT = { table: '', board: 'board', boardByUse: 'board:use' } as const;

/** What an address says; what cannot be read is the table. Pure. */
export function readLayout(text: string | null): GuestsLayout {
  const kind = text === LAYOUT_TEXT.board || text === LAYOUT_TEXT.boardByUse ? 'board' : 'table';
  return { kind, colour: text === LAYOUT_TEXT.boardByUse ? 'use' : 'state' };
}
