import { z } from 'zod';
import { guestViewQuery } from '../guest/search-schema.ts';
import { projectRef } from '../project/schema.ts';

/** Views that one person has at most. */
export const MOST_VIEWS = 100;

const isPlain = (text: string) => text.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);

const viewName = z
  .string()
  .trim()
  .min(1, 'a view has a name')
  .max(60, 'the name of a view has at most 60 characters')
  .refine(isPlain, 'the name of a view has no control characters');

const hasNoNul = (text: string) => text.isWellFormed() && !text.includes('\0');
const plain = (schema: z.ZodType<string>) => schema.refine(hasNoNul, 'it cannot contain a NUL byte');

/** How guests are laid out: a table, or a board whose tiles are coloured by state or by how much of their limits they use. */
export const LAYOUTS = ['', 'board', 'board:pressure'] as const;

/** What is seen of the guests, as the address has it. */
const seen = z.object({
  q: plain(guestViewQuery.shape.q.unwrap()),
  sort: plain(guestViewQuery.shape.sort.unwrap()),
  group: plain(guestViewQuery.shape.group.unwrap()),
  columns: plain(z.string().max(300, 'columns have at most 300 characters')),
  layout: z.enum(LAYOUTS, { error: 'a layout is empty for a table, board or board:pressure' }),
});

const kept = seen.extend({
  name: viewName,
  /** Everybody sees it. */
  team: z.boolean(),
  /** It is in the side bar. */
  pinned: z.boolean(),
});

export const createViewInput = kept.partial().required({ name: true });
export type CreateViewInput = z.infer<typeof createViewInput>;
export const viewRef = z.object({ id: z.string().min(1, 'name a view').max(40) });
export const changeViewInput = viewRef.extend(kept.partial().shape);
export type ChangeViewInput = z.infer<typeof changeViewInput>;

const viewId = viewRef.shape.id;
/** `all`: all guests, without a filter; null: what one's teams have. */
export const setOwnDefaultInput = z.object({ view: viewId.nullable() });
export const setDefaultInput = z.object({ view: viewId.nullable() });
export const setProjectDefaultInput = projectRef.extend({ view: viewId.nullable() });

/** With which view *Guests* opens. */
export interface Opening {
  /** Null: all guests. */
  view: string | null;
  /** Who chose it: `you`, `everybody`, or `project NAME`; null: nobody. */
  of: string | null;
}

/** The defaults that count for whoever asks, as ids of views. */
export interface DefaultsView {
  opening: Opening;
  /** What one chose; its view is null for all guests. */
  own: { view: string | null } | null;
  everybody: string | null;
  /** Of the projects that one sees. */
  projects: { project: string; view: string }[];
}

export type SavedView = z.infer<typeof kept> & {
  id: string;
  owner: string;
  /** Whoever asks may change it. */
  mine: boolean;
  /** Guests that it finds now, of those that whoever asks sees. */
  count: number;
};
