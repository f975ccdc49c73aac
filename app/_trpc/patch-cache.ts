import type { QueryClient } from '@tanstack/react-query';
import type { DatabaseView } from '../../server/db/schema.ts';
import type { BerthEvent } from '../../server/event/schema.ts';
import type { GuestView } from '../../server/guest/schema.ts';
import type { GuestPage } from '../../server/guest/search-schema.ts';
import type { ImageView } from '../../server/image/schema.ts';
import type { OperationView } from '../../server/operation/schema.ts';
import type { Present } from '../../server/presence/schema.ts';
import type { VolumeView } from '../../server/volume/schema.ts';
import {
  applyToGuest,
  applyToImages,
  applyToMe,
  applyToOperations,
  applyToPage,
  applyToPresence,
  applyToVolumes,
  type Me,
  type OperationFilter,
} from './apply-event.ts';
import { askAgain } from './search-again.ts';

type Path =
  | 'auth.me'
  | 'database.state'
  | 'guest.search'
  | 'guest.get'
  | 'image.list'
  | 'volume.list'
  | 'operation.list'
  | 'operation.get'
  | 'presence.list';

/** tRPC's own shape of a key: `[['guest', 'list'], { input, type }]`. */
function readKey(key: readonly unknown[]): { path: string; input: unknown } {
  const [path, options] = key;
  const input =
    typeof options === 'object' && options !== null && 'input' in options ? options.input : undefined;
  return { path: Array.isArray(path) ? path.join('.') : '', input };
}

function filterOf(input: unknown): OperationFilter {
  if (typeof input !== 'object' || input === null) return {};
  const text = (key: string) => {
    const value: unknown = Reflect.get(input, key);
    return typeof value === 'string' ? value : undefined;
  };
  return { subject: text('subject'), status: text('status'), after: text('after') };
}

/** How each cached answer changes with an event. The caches are typed by the procedures that fill them. */
function patchOne(client: QueryClient, key: readonly unknown[], event: BerthEvent): void {
  const { path, input } = readKey(key);
  const patch: Record<Path, () => void> = {
    'auth.me': () => client.setQueryData<Me>(key, (old) => old && applyToMe(old, event)),
    'database.state': () => {
      if (event.type === 'database.changed')
        client.setQueryData<DatabaseView>(key, { awaySince: event.awaySince });
    },
    'guest.search': () => client.setQueryData<GuestPage>(key, (old) => old && applyToPage(old, event)),
    'guest.get': () => client.setQueryData<GuestView>(key, (old) => old && applyToGuest(old, event)),
    'image.list': () => client.setQueryData<ImageView[]>(key, (old) => old && applyToImages(old, event)),
    'presence.list': () =>
      client.setQueryData<Record<string, Present[]>>(key, (old) => old && applyToPresence(old, event)),
    'volume.list': () => client.setQueryData<VolumeView[]>(key, (old) => old && applyToVolumes(old, event)),
    'operation.list': () =>
      client.setQueryData<OperationView[]>(key, (old) =>
        Array.isArray(old) ? applyToOperations(old, event, filterOf(input)) : old,
      ),
    'operation.get': () =>
      client.setQueryData<OperationView>(key, (old) =>
        old && event.type === 'operation.changed' && event.operation.id === old.id ? event.operation : old,
      ),
  };
  if (Object.hasOwn(patch, path)) patch[path as Path]();
}

/** Bring every cached answer up to date with one event. */
export function patchCache(client: QueryClient, event: BerthEvent): void {
  for (const query of client.getQueryCache().getAll()) {
    if (query.state.data !== undefined) patchOne(client, query.queryKey, event);
  }
}

/** How many events a slow answer can be behind by; a busier host sends a fresh list anyway after it. */
const REPLAY = 2000;

/**
 * An answer that was asked for before an event, and comes after it, does not know of it. Keep what happened while
 * anything is being fetched and apply it again to what arrives. Returns the function to call for each event, and how to stop.
 */
export function keepAnswersFresh(client: QueryClient) {
  const cache = client.getQueryCache();
  const searches = askAgain(client);
  const startedAt = new Map<string, number>();
  let missed: { number: number; event: BerthEvent }[] = [];
  let number = 0;
  const stop = cache.subscribe((notice) => {
    if (notice.type !== 'updated') return;
    const { queryHash, queryKey } = notice.query;
    if (notice.action.type === 'fetch') startedAt.set(queryHash, number);
    if (notice.action.type === 'error') startedAt.delete(queryHash);
    if (notice.action.type !== 'success' || notice.action.manual) return;
    const since = startedAt.get(queryHash);
    startedAt.delete(queryHash);
    if (since === undefined) return;
    const replay = missed.filter((entry) => entry.number > since);
    if (startedAt.size === 0) missed = [];
    for (const { event } of replay) patchOne(client, queryKey, event);
  });
  return {
    stop() {
      stop();
      searches.stop();
    },
    take(event: BerthEvent) {
      number += 1;
      if (startedAt.size > 0) missed = [...missed, { number, event }].slice(-REPLAY);
      patchCache(client, event);
      searches.take(event);
    },
  };
}
