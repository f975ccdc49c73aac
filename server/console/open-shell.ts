import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { isAllowed, whyNot } from '../guest/state.ts';
import { recordIfAlways } from './always-record.ts';
import { shellEnvironment } from './environment.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleTicket, openShellInput } from './schema.ts';
import type { ConsoleGuest, ConsoleServices } from './services.ts';
import type { TicketHolder } from './tickets.ts';

/** Throws `illegal_state`, naming the state, unless programs can be started in the guest now. */
export function requireEnter(guest: ConsoleGuest): void {
  if (!isAllowed('enter', guest.state)) {
    throw new AppError('illegal_state', whyNot('enter', guest.name, guest.state), { field: ['guest'] });
  }
}

/**
 * Start a shell in a running guest, held by a small process of its own, and give a ticket that opens it.
 * Throws `not_found`, `forbidden`, `illegal_state`, and what the runtime says (no such user, nothing to run).
 */
export async function openShell(
  services: ConsoleServices,
  holder: TicketHolder,
  input: z.output<typeof openShellInput>,
): Promise<ConsoleTicket> {
  const guest = await services.guests.find(input.guest);
  await requireDriver(services, holder.actor, guest.id);
  requireEnter(guest);
  const session = randomBytes(10).toString('hex');
  const command = input.command ?? [];
  const user = input.user ?? 'root';
  const { sessions, platform } = services;
  // Before it is there: how a short one ends is heard at once.
  const note = { name: input.name ?? null, idleMinutes: input.idleMinutes ?? null };
  const createdAt = new Date().toISOString();
  await sessions.add({ id: session, guestId: guest.id, command, user, createdAt, ...note });
  try {
    await platform.runtime.openSession({
      session,
      guestId: guest.id,
      command,
      user,
      environment: shellEnvironment(input.environment),
      workdir: input.workdir ?? null,
      columns: input.columns,
      rows: input.rows,
    });
  } catch (error) {
    await sessions.forget(session);
    throw error;
  }
  sessions.opened(session);
  void services.desk.follow(session);
  // Before the first key can be typed.
  await recordIfAlways(services, { session });
  const ticket = services.tickets.issue(holder, { type: 'session', guestId: guest.id, session });
  return { ticket, session };
}
