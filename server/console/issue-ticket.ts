import { AppError } from '../errors/app-error.ts';
import type { GuestState } from '../guest/state.ts';
import type { ConsoleTicket } from './schema.ts';
import type { ConsoleServices } from './services.ts';
import type { TicketHolder } from './tickets.ts';

/** States in which a guest's supervisor holds its console, or the end of what it printed is kept. */
const HAS_CONSOLE: readonly GuestState[] = [
  ...['starting', 'running', 'freezing', 'frozen', 'stopping'],
  ...['stopped', 'failed'],
] as GuestState[];

/**
 * A ticket for a shell that runs already, or for a guest's own console.
 * Throws `not_found` (no such guest, no such shell), `forbidden` (a privileged guest) and `illegal_state` (the guest does not run).
 */
export async function issueTicket(
  services: ConsoleServices,
  holder: TicketHolder,
  input: { session: string } | { guest: string },
): Promise<ConsoleTicket> {
  if ('session' in input) {
    const session = services.sessions.find(input.session);
    if (!session) {
      throw new AppError('not_found', `there is no shell ${input.session}: open a new one`, {
        field: ['session'],
      });
    }
    await services.guests.requireEntry(holder.actor, session.guestId);
    const purpose = { type: 'session', guestId: session.guestId, session: session.id } as const;
    return { ticket: services.tickets.issue(holder, purpose), session: session.id };
  }
  const guest = await services.guests.find(input.guest);
  await services.guests.requireEntry(holder.actor, guest.id);
  if (!HAS_CONSOLE.includes(guest.state)) {
    const message = `guest ${guest.name} is ${guest.state}: its console is there while it runs`;
    throw new AppError('illegal_state', message, { field: ['guest'] });
  }
  return {
    ticket: services.tickets.issue(holder, { type: 'console', guestId: guest.id }),
    session: 'console',
  };
}
