import { toApiError, type useTRPCClient } from '../../_trpc/index.ts';
import { type EndReason, type SocketLike, TicketRefused } from './connection-state.ts';

type Api = ReturnType<typeof useTRPCClient>;

const REFUSED: Record<string, EndReason> = {
  not_found: 'gone',
  illegal_state: 'not-running',
  unauthenticated: 'refused',
  forbidden: 'refused',
  bad_input: 'refused',
};

/**
 * A ticket for a shell, or for a guest's console. Rejects with {@link TicketRefused} when asking again would not help,
 * and with what the client threw when the server is merely away.
 */
export async function askTicket(api: Api, target: { session: string } | { guest: string }): Promise<string> {
  try {
    const { ticket } = await api.console.ticket.mutate(target);
    return ticket;
  } catch (error) {
    const { code, message } = toApiError(error);
    const reason = REFUSED[code];
    throw reason ? new TicketRefused(reason, message) : error;
  }
}

export function openTerminalSocket(ticket: string, from: number): SocketLike {
  const url = new URL('/api/console', window.location.href);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  url.searchParams.set('ticket', ticket);
  url.searchParams.set('from', String(from));
  url.searchParams.set('view', 'screen');
  return new WebSocket(url);
}
