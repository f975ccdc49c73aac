import { AppError } from '../errors/app-error.ts';
import type { ImageView } from './schema.ts';
import type { ImageRecipe } from './service.ts';

/** An image that can be built on this host. */
export interface CatalogueEntry
  extends Pick<ImageView, 'name' | 'title' | 'description' | 'needsNetwork' | 'buildSeconds'>,
    Pick<ImageRecipe, 'kind' | 'command' | 'stopSignal' | 'stopTimeoutMs'> {
  /** What a build takes on disk at the most while it is at work, bytes. */
  needsBytes: number;
}

const MiB = 1024 * 1024;

/** What images there could be; the first is the default of a new guest. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    name: 'berth/mini',
    title: 'Mini Linux',
    description: 'BusyBox with init, getty, syslog and cron in 2 MB. Starts in a moment, needs no network.',
    needsNetwork: false,
    buildSeconds: 1,
    needsBytes: 16 * MiB,
    kind: 'system',
    command: { system: ['/sbin/init'], application: ['/sbin/serve'] },
    // BusyBox init sleeps two seconds on SIGUSR2; its ctrlaltdel action (SIGINT) is ours: sbin/stop-guest.
    stopSignal: { system: 'SIGINT', application: 'SIGTERM' },
    stopTimeoutMs: 10_000,
  },
  {
    name: 'debian/12',
    title: 'Debian 12 “bookworm”',
    description: 'A whole Debian with systemd, built on this host from Debian’s own packages.',
    needsNetwork: true,
    buildSeconds: 30,
    needsBytes: 700 * MiB,
    kind: 'system',
    command: { system: ['/sbin/init'], application: [] },
    // systemd(1): SIGRTMIN+3 starts halt.target.
    stopSignal: { system: 'SIGRTMIN+3', application: 'SIGTERM' },
    stopTimeoutMs: 30_000,
  },
];

/** The entry of that name. Throws AppError `bad_input` on field `image`, naming the known images. */
export function catalogueEntry(name: string): CatalogueEntry {
  const entry = CATALOGUE.find((one) => one.name === name);
  if (entry) return entry;
  const known = CATALOGUE.map((one) => one.name).join(' or ');
  throw new AppError('bad_input', `there is no image ${JSON.stringify(name)}: use ${known}`, {
    field: ['image'],
  });
}
