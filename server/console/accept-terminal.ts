import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { AppError } from '../errors/app-error.ts';
import { bridgeTerminal } from './bridge-terminal.ts';
import { exitFrame, stateFrame } from './frames.ts';
import type { Newcomer } from './people.ts';
import type { ConsoleServices } from './services.ts';
import type { TerminalKey } from './terminal-desk.ts';
import type { TicketHolder, TicketPurpose } from './tickets.ts';

export interface AcceptOptions {
  ticket: string;
  holder: TicketHolder;
}

/** Where output goes on in a view of the screen: null (also nonsense) is a view that has nothing yet. */
function continueFrom(from: string | null): number | null {
  const offset = Number(from ?? 0);
  return Number.isSafeInteger(offset) && offset > 0 ? offset : null;
}

/** Where output begins: an offset, or `tail` for only what comes from now on; nonsense is the beginning. */
function readFrom(from: string | null): number | 'tail' {
  if (from === 'tail') return 'tail';
  const offset = Number(from ?? 0);
  return Number.isSafeInteger(offset) && offset >= 0 ? offset : 0;
}

type TerminalPurpose = Extract<TicketPurpose, { type: 'session' | 'console' }>;

function keyOf(purpose: TerminalPurpose): TerminalKey {
  return purpose.type === 'session' ? { session: purpose.session } : { guestId: purpose.guestId };
}

function newcomerOf({ actor, login }: TicketHolder, mayDrive: boolean): Newcomer {
  const name = actor.kind === 'user' ? actor.username : actor.kind;
  // Root on the socket has no windows: each of its command lines is somebody of its own.
  const account = actor.kind === 'user' ? `user:${actor.id}` : `${actor.kind}:${login ?? randomUUID()}`;
  return { account, name, mayDrive };
}

/** A command line reads and writes the terminal as it is, and takes its place among those who look at it. */
async function joinRaw(
  services: ConsoleServices,
  socket: WebSocket,
  options: { purpose: TerminalPurpose; newcomer: Newcomer; from: string | null },
): Promise<void> {
  const { purpose, newcomer, from } = options;
  const key = keyOf(purpose);
  const terminal = await services.platform.runtime.attach(key, readFrom(from));
  if (socket.readyState !== socket.OPEN) return terminal.close();
  bridgeTerminal(socket, terminal, {
    ...services.desk.seat(key, socket, newcomer),
    mayDrive: newcomer.mayDrive,
    onExit: (exit) => {
      if (purpose.type === 'session') services.sessions.ended(purpose.session, exit);
    },
  });
}

/**
 * A socket came with a ticket: attach it to its terminal, or close it with the protocol's code and the reason.
 * Never rejects.
 */
export async function acceptTerminal(
  services: ConsoleServices,
  socket: WebSocket,
  options: AcceptOptions & { from: string | null; view: string | null },
): Promise<void> {
  const purpose = services.tickets.redeem(options.ticket, options.holder, ['session', 'console']);
  if (purpose?.type !== 'session' && purpose?.type !== 'console')
    return socket.close(4401, 'the ticket is unknown, used or late');
  // What the client says before the holder listens waits in the kernel.
  socket.pause();
  try {
    // It may have become another guest since the ticket was given.
    await services.guests.requireEntry(options.holder.actor, purpose.guestId);
    const { holder, from } = options;
    const mayDrive = await services.guests.mayDrive(holder.actor, purpose.guestId);
    const newcomer = newcomerOf(holder, mayDrive);
    services.rights.add(socket, { actor: holder.actor, guestId: purpose.guestId, mayDrive });
    if (options.view !== 'screen') await joinRaw(services, socket, { purpose, newcomer, from });
    else {
      const window = { socket, newcomer, from: continueFrom(from), listening: () => socket.resume() };
      await services.desk.join(keyOf(purpose), window);
    }
    socket.resume();
  } catch (error) {
    socket.resume();
    refuse(services, socket, purpose, error);
  }
}

function refuse(
  services: ConsoleServices,
  socket: WebSocket,
  purpose: TerminalPurpose,
  error: unknown,
): void {
  const ended = purpose.type === 'session' ? services.sessions.find(purpose.session)?.exit : null;
  if (ended) {
    // It ended while nobody looked: who comes back learns how.
    socket.send(stateFrame({ start: 0, end: 0, columns: 80, rows: 24 }));
    socket.send(exitFrame(ended));
    socket.close(1000, 'ended');
    return;
  }
  const code = error instanceof AppError ? error.code : null;
  if (code === 'forbidden') {
    socket.close(4403, 'this guest may not be entered');
    return;
  }
  if (code === 'not_found' || code === 'illegal_state' || code === 'unavailable') {
    if (purpose.type === 'console') socket.close(4409, 'the guest does not run');
    else socket.close(4404, 'there is no such shell any more');
    return;
  }
  services.platform.log.error('a terminal cannot be attached', { purpose, error });
  socket.close(1011, 'the terminal cannot be attached');
}
