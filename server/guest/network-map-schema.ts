import { z } from 'zod';

/** Guests in one part of the map. */
export const MOST_MAP_GUESTS = 200;

export const networkMapInput = z.object({
  /** What a name or an address has somewhere. */
  q: z.string().max(100, 'a search of the map has at most 100 characters').default(''),
  /** Only those that have the network so. */
  attachment: z.enum(['bridge', 'host', 'guest', 'none']).optional(),
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z
    .number()
    .int()
    .min(0)
    .max(MOST_MAP_GUESTS, `a part has at most ${MOST_MAP_GUESTS} guests`)
    .default(MOST_MAP_GUESTS),
});
export type NetworkMapInput = z.infer<typeof networkMapInput>;
