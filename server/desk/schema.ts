import { z } from 'zod';

/** How panes share a tab: one shell by its id, or two parts beside or below each other. */
export type StoredLayout =
  | string
  | {
      /** Where the second part is, seen from the first. */
      direction: 'right' | 'down';
      /** What the first part has of the whole. */
      ratio: number;
      first: StoredLayout;
      second: StoredLayout;
    };

/** No part becomes smaller than this share: what is under it can still be seen and be dragged back. */
export const LEAST_SHARE = 0.1;
/** How deep panes are divided at most. */
export const MOST_SPLITS = 16;
const MOST_TABS = 100;
const MOST_PANES = 256;
const MOST_DETACHED = 512;

const session = z
  .string()
  .max(64)
  .regex(/^[\w-]+$/, 'not the id of a shell');

function layoutOf(depth: number): z.ZodType<StoredLayout> {
  if (depth === 0) return session;
  const part = layoutOf(depth - 1);
  const split = z.object({
    direction: z.enum(['right', 'down']),
    ratio: z
      .number()
      .min(LEAST_SHARE)
      .max(1 - LEAST_SHARE),
    first: part,
    second: part,
  });
  return z.union([session, split]);
}

const countOf = (layout: StoredLayout): number =>
  typeof layout === 'string' ? 1 : countOf(layout.first) + countOf(layout.second);

/** What is remembered of a desk: layouts of shells by their ids, nothing that was typed or printed. */
export const storedDesk = z.object({
  tabs: z
    .array(z.object({ layout: layoutOf(MOST_SPLITS), focus: session }))
    .max(MOST_TABS, `a desk has at most ${MOST_TABS} tabs`)
    .refine(
      (tabs) => tabs.reduce((sum, { layout }) => sum + countOf(layout), 0) <= MOST_PANES,
      `a desk has at most ${MOST_PANES} panes`,
    ),
  /** Which tab is in front. */
  active: z.number().int().min(0).max(MOST_TABS),
  /** Shells that run on and were taken off this desk. */
  detached: z.array(session).max(MOST_DETACHED, `a desk remembers at most ${MOST_DETACHED} detached shells`),
});
export type StoredDesk = z.infer<typeof storedDesk>;

/** Of a guest, by name or id; without one: the desk that holds terminals of many guests. */
export const deskRef = z.object({ guest: z.string().min(1).max(200).optional() });

export const saveDeskInput = deskRef.extend({
  /** The version that this one was made from; 0: there was none. */
  version: z.number().int().min(0).max(2_147_483_646),
  desk: storedDesk,
});

/** A desk as it is kept. */
export interface DeskView {
  /** 0: none is kept. */
  version: number;
  desk: StoredDesk;
}

/** What came of saving; false: another browser has saved one meanwhile, which this is. */
export interface SavedDesk extends DeskView {
  isSaved: boolean;
}
