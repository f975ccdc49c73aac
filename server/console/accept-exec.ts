import type { WebSocket } from 'ws';
import { AppError } from '../errors/app-error.ts';
import type { AcceptOptions } from './accept-terminal.ts';
import { bridgeExec } from './bridge-exec.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleServices } from './services.ts';

/** A reason in a close frame is at most 123 bytes (RFC 6455, 5.5.1). */
export function reasonOf(error: AppError): string {
  let reason = error.message;
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, -1);
  return reason;
}

/**
 * A socket came with a ticket: run its command and join the two, or close it with the protocol's code and the reason.
 * Never rejects.
 */
export async function acceptExec(
  services: ConsoleServices,
  socket: WebSocket,
  options: AcceptOptions,
): Promise<void> {
  const purpose = services.tickets.redeem(options.ticket, options.holder, ['exec']);
  if (purpose?.type !== 'exec') return socket.close(4401, 'the ticket is unknown, used or late');
  socket.pause();
  try {
    // It may have become another guest since the ticket was given.
    await requireDriver(services, options.holder.actor, purpose.guestId);
    const program = await services.platform.runtime.exec({ guestId: purpose.guestId, ...purpose.request });
    bridgeExec(socket, program);
    if (socket.readyState !== socket.OPEN) program.kill('SIGKILL');
    socket.resume();
  } catch (error) {
    socket.resume();
    if (error instanceof AppError) {
      const gone =
        error.code === 'not_found' || error.code === 'illegal_state' || error.code === 'unavailable';
      return socket.close(gone ? 4409 : error.code === 'forbidden' ? 4403 : 4400, reasonOf(error));
    }
    services.platform.log.error('a command cannot be started', { guest: purpose.guestId, error });
    socket.close(1011, 'the command cannot be started');
  }
}
