import { z } from 'zod';
import { guestViewQuery } from '../guest/search-schema.ts';

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

/** What is seen of the guests, as the address has it. */
const seen = z.object({
  q: plain(guestViewQuery.shape.q.unwrap()),
  sort: plain(guestViewQuery.shape.sort.unwrap()),
  group: plain(guestViewQuery.shape.group.unwrap()),
  columns: plain(z.string().max(300, 'columns have at most 300 characters')),
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

export type SavedView = z.infer<typeof kept> & {
  id: string;
  owner: string;
  /** Whoever asks may change it. */
  mine: boolean;
  /** Guests that it finds now, of those that whoever asks sees. */
  count: number;
};
