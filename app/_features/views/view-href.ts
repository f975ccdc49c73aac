import { LAYOUTS, type SavedView } from '../../../server/view/schema.ts';

/** What an address has of a view, in the order in which it is written. */
export const VIEW_KEYS = ['q', 'sort', 'group', 'columns', 'layout'] as const;
export type ViewParts = Pick<SavedView, (typeof VIEW_KEYS)[number]>;

/** All guests, whatever the list opens with. */
export const ALL_GUESTS = '/guests?view=all';

/** The address of a view. Pure. */
export function viewHref(view: ViewParts): string {
  const params = new URLSearchParams();
  for (const key of VIEW_KEYS) if (view[key]) params.set(key, view[key]);
  const query = params.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return query ? `/guests?${query}` : ALL_GUESTS;
}

/** What is seen at an address. Pure. */
export function partsOf(get: (key: string) => string | null): ViewParts {
  const of = (key: (typeof VIEW_KEYS)[number]) => get(key)?.trim() ?? '';
  const layout = LAYOUTS.find((one) => one === of('layout')) ?? '';
  return { q: of('q'), sort: of('sort'), group: of('group'), columns: of('columns'), layout };
}

/** Whether it is all guests, as they come. Pure. */
export const isPlainView = (view: ViewParts) => VIEW_KEYS.every((key) => view[key] === '');

/** Whether two show the same. Pure. */
export const isSameView = (a: ViewParts, b: ViewParts) =>
  VIEW_KEYS.every((key) => a[key].trim() === b[key].trim());
