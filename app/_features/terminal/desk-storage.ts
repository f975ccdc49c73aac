import { z } from 'zod';
import { type DeskView, type StoredDesk, storedDesk } from '../../../server/desk/schema.ts';

const PREFIX = 'berth-desk:';

export const NO_DESK: StoredDesk = { tabs: [], active: 0, detached: [] };

/** A desk in this browser, and the one of the server that it was made from: what differs has yet to be saved there. */
export interface LocalDesk {
  base: DeskView;
  desk: StoredDesk;
}

const localDesk = z.object({
  base: z.object({ version: z.number().int().min(0), desk: storedDesk }),
  desk: storedDesk,
});

/** What this browser remembers of a desk; null: nothing that can be read. */
export function recallLocally(key: string): LocalDesk | null {
  try {
    return localDesk.parse(JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null'));
  } catch {
    return null;
  }
}

export function rememberLocally(key: string, local: LocalDesk): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(local));
  } catch {
    // A full or forbidden storage: the server remembers it.
  }
}
