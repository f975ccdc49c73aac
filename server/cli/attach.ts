import type { ConsoleTicket } from '../console/schema.ts';
import type { Api } from './api.ts';
import { exitStatusOf } from './exit-status.ts';
import { openSocket } from './open-socket.ts';
import { DETACH_HINT, runTerminal } from './run-terminal.ts';
import { tellFrozen } from './tell-frozen.ts';
import type { Output } from './terminal-output.ts';

export interface AttachOptions {
  out: Output;
  /** Its name or id: when it stands still, that is said. */
  guest: string;
  /** What is said when the user leaves it running. */
  detached: string;
  /** Offset to begin at, or `tail`. */
  from: number | 'tail';
  /** Whether to say how to leave. */
  hint: boolean;
}

/** Attach this terminal to the one that a ticket opens. Resolves to the exit status: the program's, or 0 when detached. */
export async function attach(api: Api, ticket: ConsoleTicket, options: AttachOptions): Promise<number> {
  const { out } = options;
  const query = new URLSearchParams({ ticket: ticket.ticket, from: String(options.from) });
  const socket = await openSocket(api.socketPath, `/api/console?${query}`);
  if (options.hint) out.note(out.paintNote('dim', `attached: ${DETACH_HINT}`));
  const stop = tellFrozen(api, options.guest, out);
  const end = await runTerminal(socket).finally(stop);
  if (end.type === 'exit') return exitStatusOf(end.exit);
  out.note(`\n${options.detached}`);
  return 0;
}
