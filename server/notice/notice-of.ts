import type { BerthEvent } from '../event/schema.ts';
import type { NoticeKind } from './schema.ts';

/** Something to tell, as it happened. */
export interface Happening {
  kind: NoticeKind;
  guest: { id: string; name: string } | null;
  project: string | null;
  text: string;
}

type Guest = Pick<
  Extract<BerthEvent, { type: 'guest.changed' }>['guest'],
  'id' | 'name' | 'state' | 'project' | 'problem'
>;
type Operation = Pick<
  Extract<BerthEvent, { type: 'operation.changed' }>['operation'],
  'kind' | 'status' | 'subject' | 'actor' | 'error'
>;

const BAD = new Set(['failed', 'scheduled']);
/** What is told of an operation that has ended well, and how it says so. */
const TOLD: Partial<Record<Operation['kind'], { kind: NoticeKind; was: string }>> = {
  'guest.create': { kind: 'guest.created', was: 'made' },
  'guest.trash': { kind: 'guest.deleted', was: 'put into the trash' },
  'guest.restore': { kind: 'guest.created', was: 'brought back out of the trash' },
  'guest.delete': { kind: 'guest.deleted', was: 'deleted for good' },
};

/** ms for which the same of the same guest is not told again: one that is restarted for ever is no news each time. */
export const REPEAT_MS = 600_000;

/**
 * What of all that happens is worth a notice. It remembers how each guest was and where, so that one that goes on being failed is
 * told once, and one that is deleted still has its project; and what it told of a guest, so that the same is told once in ten
 * minutes, with how often it happened meanwhile.
 */
export class NoticeFinder {
  readonly #guests = new Map<string, Pick<Guest, 'state' | 'project'>>();
  readonly #told = new Map<string, { at: number; since: number }>();
  readonly #now: () => number;

  /** `now`: ms on a clock that nobody sets. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How a guest is before anything happens. */
  knows({ id, state, project }: Pick<Guest, 'id' | 'state' | 'project'>): void {
    this.#guests.set(id, { state, project });
  }

  of(event: BerthEvent): Happening | null {
    if (event.type === 'guest.changed') return this.#changed(event.guest);
    if (event.type === 'operation.changed') return this.#operation(event.operation);
    if (event.type === 'backups.changed')
      return event.failed === null ? null : this.#happening('backup.failed', null, event.failed);
    if (event.type !== 'guest.event') return null;
    if (event.kind !== 'oom-kill' && event.kind !== 'memory-full') return null;
    const guest = { id: event.guest, name: event.name };
    return this.#once('guest.memory', guest, `${event.name}: ${event.message}`, event.kind);
  }

  #changed({ id, name, state, project, problem }: Guest): Happening | null {
    const before = this.#guests.get(id)?.state;
    this.knows({ id, state, project });
    if (!BAD.has(state) || problem === null || (before !== undefined && BAD.has(before))) return null;
    // That it stays down is told also when its restarts were told just now.
    if (state === 'failed') return this.#happening('guest.failed', { id, name }, `${name}: ${problem}`);
    return this.#once('guest.failed', { id, name }, `${name}: ${problem}; it is started again`);
  }

  #operation({ kind, status, subject, actor, error }: Operation): Happening | null {
    const { type, id, name } = subject;
    const guest = type === 'guest' ? { id, name } : null;
    if (status === 'failed') {
      const why = error?.message ?? 'no reason is known';
      const found = this.#happening(
        'operation.failed',
        guest,
        `${kind} of ${name} by ${actor} has failed: ${why}`,
      );
      // It is not there any more.
      if (kind === 'guest.create') this.#guests.delete(id);
      return found;
    }
    const told = TOLD[kind];
    if (status !== 'done' || !told) return null;
    const found = this.#happening(told.kind, guest, `${name} was ${told.was} by ${actor}`);
    if (told.kind === 'guest.deleted') {
      // One in the trash still has its project.
      if (kind === 'guest.delete') this.#guests.delete(id);
      for (const one of ['guest.failed', 'oom-kill', 'memory-full']) this.#told.delete(`${one} ${id}`);
    }
    return found;
  }

  /** `same`: what counts as the same of a guest. */
  #once(
    kind: NoticeKind,
    guest: NonNullable<Happening['guest']>,
    text: string,
    same: string = kind,
  ): Happening | null {
    const key = `${same} ${guest.id}`;
    const now = this.#now();
    const before = this.#told.get(key);
    if (before && now - before.at < REPEAT_MS) {
      before.since += 1;
      return null;
    }
    this.#told.set(key, { at: now, since: 0 });
    const again = before?.since ? `; ${before.since} more such since the notice before` : '';
    return this.#happening(kind, guest, `${text}${again}`);
  }

  #happening(kind: NoticeKind, guest: Happening['guest'], text: string): Happening {
    return { kind, guest, project: guest && (this.#guests.get(guest.id)?.project ?? null), text };
  }
}
