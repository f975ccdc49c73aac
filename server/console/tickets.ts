import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';

/** How long a ticket may be used, ms: the time from a procedure's answer to the socket that it opens. */
export const TICKET_LIFETIME_MS = 10_000;
/** Tickets that one actor may hold unused at once: 10 s of a busy page are a few dozen. */
export const TICKETS_PER_ACTOR = 500;

export interface ExecRequest {
  command: string[];
  user: string;
  environment: Record<string, string>;
  workdir: string | null;
}

/** A file that somebody brings: its size in bytes, whether one of that name may be replaced. */
export interface UploadRequest {
  session: string;
  name: string;
  size: number;
  replace: boolean;
}

/** What a ticket opens: exactly one thing. */
export type TicketPurpose =
  | { type: 'session'; guestId: string; session: string }
  | { type: 'console'; guestId: string }
  | { type: 'exec'; guestId: string; request: ExecRequest }
  | { type: 'upload'; guestId: string; request: UploadRequest };

/** Who holds a ticket: the actor and the login it came by (null on the admin socket). */
export interface TicketHolder {
  actor: Actor;
  login: string | null;
}

interface Ticket {
  holder: TicketHolder;
  purpose: TicketPurpose;
  expiresAt: number;
}

function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}

function nameOf(holder: TicketHolder): string {
  return holder.actor.kind === 'user' ? `user:${holder.actor.id}` : holder.actor.kind;
}

/**
 * Single-use tickets that open WebSockets, kept in memory only: 256 random bits, bound to who asked, to the login it was
 * asked with, and to one purpose. Kept as a digest, so that a look-up tells nothing by its timing.
 */
export class TicketBox {
  readonly #tickets = new Map<string, Ticket>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Issue one. Throws `too_many` when the holder has 500 that nobody used. */
  issue(holder: TicketHolder, purpose: TicketPurpose): string {
    this.#forgetExpired();
    const name = nameOf(holder);
    let held = 0;
    for (const other of this.#tickets.values()) if (nameOf(other.holder) === name) held++;
    if (held >= TICKETS_PER_ACTOR) {
      throw new AppError('too_many', `${held} terminals are waiting to be opened: try again in ten seconds`);
    }
    const ticket = randomBytes(32).toString('base64url');
    this.#tickets.set(keyOf(ticket), { holder, purpose, expiresAt: this.#now() + TICKET_LIFETIME_MS });
    return ticket;
  }

  /**
   * Use one up. Null when it is unknown, used, late or somebody else's, or opens something else; it is gone in
   * every case but the first.
   */
  redeem(
    ticket: string,
    holder: TicketHolder,
    types: readonly TicketPurpose['type'][],
  ): TicketPurpose | null {
    this.#forgetExpired();
    const key = keyOf(ticket);
    const found = this.#tickets.get(key);
    if (!found) return null;
    this.#tickets.delete(key);
    if (nameOf(found.holder) !== nameOf(holder) || found.holder.login !== holder.login) return null;
    return types.includes(found.purpose.type) ? found.purpose : null;
  }

  #forgetExpired(): void {
    const now = this.#now();
    // All live equally long: the map's order is the order of expiry.
    for (const [key, ticket] of this.#tickets) {
      if (ticket.expiresAt > now) return;
      this.#tickets.delete(key);
    }
  }
}
