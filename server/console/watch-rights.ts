import type { WebSocket } from 'ws';
import { AppError } from '../errors/app-error.ts';
import { endSocket } from '../http/end-socket.ts';
import type { Actor } from '../platform.ts';

/** How often the rights of who is in a terminal are looked at, ms: what is revoked ends within a second. */
const LOOK_MS = 400;

/** What is asked of a guest again and again (services.ts: GuestDirectory). */
interface Rights {
  requireEntry(actor: Actor, ref: string): Promise<void>;
  mayDrive(actor: Actor, ref: string): Promise<boolean>;
}

interface Watched {
  socket: WebSocket;
  actor: Actor;
  guestId: string;
  mayDrive: boolean;
}

/**
 * Ends the terminals of who may not enter their guest any more, and makes those come back whose right to type has changed: they are
 * let in again with what they may do now.
 */
export class RightsWatch {
  readonly #guests: Rights;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;

  constructor(guests: Rights) {
    this.#guests = guests;
  }

  /** Watch a socket until it closes. */
  add(socket: WebSocket, rights: Omit<Watched, 'socket'>): void {
    // Root's rights are nobody's to take.
    if (rights.actor.kind !== 'user' || socket.readyState !== socket.OPEN) return;
    const watched = { socket, ...rights };
    this.#watched.add(watched);
    socket.once('close', () => {
      this.#watched.delete(watched);
      if (this.#watched.size > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    });
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const groups = new Map<string, Watched[]>();
      for (const one of this.#watched) {
        const key = `${one.actor.kind === 'user' ? one.actor.id : ''} ${one.guestId}`;
        groups.set(key, [...(groups.get(key) ?? []), one]);
      }
      for (const group of groups.values()) await this.#judge(group);
    } finally {
      this.#isLooking = false;
    }
  }

  async #judge(group: readonly Watched[]): Promise<void> {
    const [first] = group;
    if (!first) return;
    try {
      await this.#guests.requireEntry(first.actor, first.guestId);
      const mayDrive = await this.#guests.mayDrive(first.actor, first.guestId);
      for (const { socket, mayDrive: had } of group)
        if (had !== mayDrive) endSocket(socket, 1012, 'what you may do here has changed');
    } catch (error) {
      // A database that is away revokes nothing; the next look asks again. A guest that is gone ends its terminals itself.
      if (!(error instanceof AppError) || error.code !== 'forbidden') return;
      for (const { socket } of group) endSocket(socket, 4403, 'you may not be in this terminal any more');
    }
  }
}
