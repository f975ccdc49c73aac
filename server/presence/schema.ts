import { z } from 'zod';
import { guestRef } from '../guest/schema.ts';

/** The pages of a guest, as its tabs have them. */
export const GUEST_PAGES = [
  ...['overview', 'terminal', 'console', 'recordings', 'processes'],
  ...['limits', 'isolation', 'configuration', 'activity'],
] as const;
export type GuestPageName = (typeof GUEST_PAGES)[number];

/** Windows that one person may say to look at something with at once: more tabs than anybody reads. */
export const MOST_SEATS = 100;

export const attendInput = z.object({
  /** Whose page is open; left out, another page is. */
  guest: guestRef.shape.guest.optional(),
  page: z.enum(GUEST_PAGES, { error: `a page is one of ${GUEST_PAGES.join(', ')}` }).default('overview'),
  /** The window is hidden, or nobody has typed or pointed in it for a while. */
  idle: z.boolean({ error: 'idle is true or false' }).default(false),
});
export type AttendInput = z.infer<typeof attendInput>;

/** What somebody does in a guest. */
export type Doing =
  | { page: GuestPageName }
  /** A terminal of it is open; `name`: what people call the shell; `types`: they drive it, otherwise they watch. */
  | { terminal: 'shell' | 'console'; name: string | null; types: boolean };

/** Somebody who looks at a guest or works in it, however many windows they have. */
export interface Present {
  /** User name, or root. */
  name: string;
  isIdle: boolean;
  /** Terminals first; each once. */
  doing: Doing[];
}
