import { may, type Rights } from '../access/may.ts';
import { hostBounds } from '../host/host-bounds.ts';
import { DEFAULT_PROJECT } from '../project/schema.ts';
import { freeName } from './guest-name.ts';
import { defaultLimits } from './limits.ts';
import type { GuestDefaults } from './schema.ts';
import type { GuestServices } from './services.ts';

const FIRST_IMAGE = 'berth/mini';

/** The image of the newest guest, else the one that needs no network. */
export function defaultImage({ guests }: Pick<GuestServices, 'guests'>): string {
  const newest = guests
    .all()
    .reduce<{ createdAt: string; image: string } | null>(
      (best, one) => (best === null || one.createdAt > best.createdAt ? one : best),
      null,
    );
  return newest?.image ?? FIRST_IMAGE;
}

/** What the new-guest sheet starts from: a free name, the last used image, sensible limits, the host's bounds. */
export async function guestDefaults(services: GuestServices, rights: Rights): Promise<GuestDefaults> {
  const image = await services.images.resolve(defaultImage(services));
  const bounds = hostBounds();
  return {
    name: freeName((name) => services.guests.nameTaken(name)),
    image: image.name,
    kind: image.kind,
    projects: services.projects
      .all()
      .map(({ name }) => name)
      .filter((project) => may(rights, 'guest.create', { project }))
      .sort((a, b) => Number(b === DEFAULT_PROJECT) - Number(a === DEFAULT_PROJECT)),
    limits: defaultLimits(image.kind, bounds),
    bounds,
  };
}
