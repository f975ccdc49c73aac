import { GUEST_PAGES, type GuestPageName } from '../../../server/presence/schema.ts';

/** Where in the console a window is: which guest's page; nothing on another page. */
export interface Place {
  guest?: string;
  page?: GuestPageName;
}

/** From the path of an address. Pure. */
export function placeOf(path: string): Place {
  const [, root, name, tab = 'overview'] = path.split('/');
  if (root !== 'guests' || !name) return {};
  const page = GUEST_PAGES.find((one) => one === tab) ?? 'overview';
  try {
    return { guest: decodeURIComponent(name), page };
  } catch {
    return {};
  }
}
