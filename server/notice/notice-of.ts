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
const TOLD = { 'guest.create': 'guest.created', 'guest.delete': 'guest.deleted' } as const;

/**
 * What of all that happens is worth a notice. It remembers how each guest was and where, so that one that goes on being failed is
 * told once, and one that is deleted still has its project.
 */
export class NoticeFinder {
  readonly #guests = new Map<string, Pick<Guest, 'state' | 'project'>>();

  /** How a guest is before anything happens. */
  knows({ id, state, project }: Pick<Guest, 'id' | 'state' | 'project'>): void {
    this.#guests.set(id, { state, project });
  }

  of(event: BerthEvent): Happening | null {
    if (event.type === 'guest.changed') return this.#changed(event.guest);
    if (event.type === 'operation.changed') return this.#operation(event.operation);
    if (event.type !== 'guest.event') return null;
    if (event.kind !== 'oom-kill' && event.kind !== 'memory-full') return null;
    const guest = { id: event.guest, name: event.name };
    return this.#happening('guest.memory', guest, `${event.name}: ${event.message}`);
  }

  #changed({ id, name, state, project, problem }: Guest): Happening | null {
    const before = this.#guests.get(id)?.state;
    this.knows({ id, state, project });
    if (!BAD.has(state) || problem === null || (before !== undefined && BAD.has(before))) return null;
    const next = state === 'scheduled' ? '; it is started again' : '';
    return this.#happening('guest.failed', { id, name }, `${name}: ${problem}${next}`);
  }

  #operation({ kind, status, subject, actor, error }: Operation): Happening | null {
    const { type, id, name } = subject;
    const guest = type === 'guest' ? { id, name } : null;
    if (status === 'failed') {
      const why = error?.message ?? 'no reason is known';
      return this.#happening('operation.failed', guest, `${kind} of ${name} by ${actor} has failed: ${why}`);
    }
    if (status !== 'done' || (kind !== 'guest.create' && kind !== 'guest.delete')) return null;
    const verb = kind === 'guest.create' ? 'made' : 'deleted';
    const found = this.#happening(TOLD[kind], guest, `${name} was ${verb} by ${actor}`);
    if (kind === 'guest.delete') this.#guests.delete(id);
    return found;
  }

  #happening(kind: NoticeKind, guest: Happening['guest'], text: string): Happening {
    return { kind, guest, project: guest && (this.#guests.get(guest.id)?.project ?? null), text };
  }
}
