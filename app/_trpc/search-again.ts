import type { Query, QueryClient } from '@tanstack/react-query';
import type { BerthEvent } from '../../server/event/schema.ts';

/** ms between two readings of what a search finds, on a host where guests change all the time. */
const EVERY = 400;

/** After these a search may find others. */
const CHANGES: readonly BerthEvent['type'][] = [
  'guest.changed',
  'guest.removed',
  'views.changed',
  'projects.changed',
  'notices.changed',
  'trash.changed',
  'backups.changed',
];

function isPath(query: Query, path: string): boolean {
  const [name] = query.queryKey;
  return Array.isArray(name) && name.join('.') === path;
}

const SEARCHES = [
  'guest.search',
  'guest.values',
  'guest.network',
  'view.list',
  'view.defaults',
  'project.list',
  // Which guests have one mounted is known by the server alone.
  'volume.list',
  'notice.list',
  'trash.list',
  'notice.channels',
  'presence.list',
  'backup.list',
];
const isSearch = (query: Query) => SEARCHES.some((path) => isPath(query, path));

/** Whether it asked for this guest by its name when that was another's, or nobody's. */
function isOfAnother(query: Query, { id, name }: { id: string; name: string }): boolean {
  if (!isPath(query, 'guest.get')) return false;
  const options = query.queryKey[1] as { input?: { guest?: string } } | undefined;
  if (options?.input?.guest !== name) return false;
  const data = query.state.data as { id?: string } | undefined;
  return query.state.status === 'error' || (data !== undefined && data.id !== id);
}

/**
 * Which guests a search finds is known by the server alone: after an event that may change it, the searches on show are asked
 * again; at once, then not before EVERY has passed. A guest that is gone is asked for once more, so that its page learns it, and one that was not there as soon as it is.
 */
export function askAgain(client: QueryClient) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;

  const ask = () => {
    isDue = false;
    void client.invalidateQueries({ predicate: isSearch });
    timer = setTimeout(later, EVERY);
  };
  const later = () => {
    timer = undefined;
    if (!isDue) return;
    // An answer that is on its way comes first: cut off each time, none would ever come.
    if (client.isFetching({ predicate: isSearch }) > 0) timer = setTimeout(later, EVERY);
    else ask();
  };
  return {
    take(event: BerthEvent) {
      if (event.type === 'guest.removed') {
        const { id, name } = event;
        const isGuest = (query: Query) => {
          const data = query.state.data as { id?: string; name?: string } | undefined;
          return isPath(query, 'guest.get') && (data?.id === id || data?.name === name);
        };
        void client.invalidateQueries({ predicate: isGuest });
      }
      if (event.type === 'guest.changed') {
        const isUnknown = (query: Query) => isOfAnother(query, event.guest);
        void client.invalidateQueries({ predicate: isUnknown });
      }
      if (!CHANGES.includes(event.type)) return;
      if (timer === undefined) ask();
      else isDue = true;
    },
    stop: () => clearTimeout(timer),
  };
}
