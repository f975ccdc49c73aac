import type { SavedView } from '../../../server/view/schema.ts';

/** What an address has of a view, in the order in which it is written. */
export const VIEW_KEYS = ['q', 'sort', 'group', 'columns'] as const;
export type ViewParts = Pick<SavedView, (typeof VIEW_KEYS)[number]>;

/** The address of a view. Pure. */
export function viewHref(view: ViewParts): string {
  const params = new URLSearchParams();
  for (const key of VIEW_KEYS) if (view[key]) params.set(key, view[key]);
  const query = params.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return query ? `/guests?${query}` : '/guests';
}

/** What is seen at an address. Pure. */
export function partsOf(get: (key: string) => string | null): ViewParts {
  const [q = '', sort = '', group = '', columns = ''] = VIEW_KEYS.map((key) => get(key)?.trim() ?? '');
  return { q, sort, group, columns };
}

/** Whether two show the same. Pure. */
export const isSameView = (a: ViewParts, b: ViewParts) =>
  VIEW_KEYS.every((key) => a[key].trim() === b[key].trim());
