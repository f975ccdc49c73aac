import { AppError } from '../errors/app-error.ts';
import type { Api } from './api.ts';
import { attach } from './attach.ts';
import { misused } from './fail.ts';
import { withNearestGuest } from './find-guest.ts';
import { isTerminal } from './run-terminal.ts';
import type { Output } from './terminal-output.ts';

export interface ShellRequest {
  guest: string;
  command?: string[];
  user?: string;
  workdir?: string;
  environment?: Record<string, string>;
  name?: string;
  idleMinutes?: number;
}

/** Open a shell or another program on this terminal. Throws `bad_input` where there is none. */
export async function openShell(api: Api, out: Output, request: ShellRequest): Promise<number> {
  requireTerminal();
  const ticket = await api
    .mutate('console', 'openShell', {
      ...request,
      columns: Math.min(1000, Math.max(2, process.stdout.columns || 80)),
      rows: Math.min(1000, Math.max(1, process.stdout.rows || 24)),
    })
    .catch(async (error) => {
      throw await withNearestGuest(api, request.guest, error);
    });
  return attachShell(api, out, { guest: request.guest, ticket, from: 0 });
}

/** Come back to a shell that runs, from the beginning of what is kept of it. */
export async function reopenShell(api: Api, out: Output, guest: string, session: string): Promise<number> {
  requireTerminal();
  const view = await api.query('guest', 'get', { guest });
  const sessions = await api.query('console', 'sessions', { guest: view.id });
  if (!sessions.some((one) => one.id === session)) {
    throw new AppError(
      'not_found',
      `guest ${view.name} has no shell ${session}: see berth guest info ${view.name}`,
    );
  }
  const ticket = await api.mutate('console', 'ticket', { session });
  return attachShell(api, out, { guest, ticket, from: 0 });
}

function attachShell(
  api: Api,
  out: Output,
  options: { guest: string; ticket: { ticket: string; session: string }; from: number },
): Promise<number> {
  const { guest, ticket, from } = options;
  const detached = `detached, it runs on: berth guest shell ${guest} --session ${ticket.session}`;
  return attach(api, ticket, { out, guest, from, detached, hint: true });
}

function requireTerminal(): void {
  if (!isTerminal())
    throw misused('a shell needs a terminal: use berth guest exec GUEST -- COMMAND in scripts');
}
