import type { SessionView } from '../../../server/console/schema.ts';
import type { ShellRequest } from './shell-request.ts';

/** One shell on a desk. The key stays the same from before the shell exists until the pane is taken off. */
export interface DeskPane {
  key: string;
  /** Name of the guest. */
  guest: string;
  session: string | null;
  operation: string | null;
  request: ShellRequest;
}

/** The panes, called as their shells are called on the server; the same array when nothing is new. */
export function withNames(panes: readonly DeskPane[], sessions: readonly SessionView[]): readonly DeskPane[] {
  const named = panes.map((pane) => {
    const session = sessions.find(({ id }) => id === pane.session);
    if (!session || (session.name === (pane.request.name ?? null) && session.guest === pane.guest))
      return pane;
    return { ...pane, guest: session.guest, request: paneOf(session).request };
  });
  return named.every((pane, index) => pane === panes[index]) ? panes : named;
}

/** A pane for a shell that is there. */
export function paneOf(session: Pick<SessionView, 'id' | 'guest' | 'command' | 'user' | 'name'>): DeskPane {
  const request: ShellRequest = {};
  if (session.command.length > 0) request.command = session.command;
  if (session.user !== 'root') request.user = session.user;
  if (session.name !== null) request.name = session.name;
  return { key: session.id, guest: session.guest, session: session.id, operation: null, request };
}

/** What a shell is called: the name that it was given, else its command, and the user where that is not root. */
export function titleOf(request: ShellRequest): string {
  if (request.name) return request.name;
  const command = request.command?.[0]?.split('/').at(-1) || 'shell';
  return request.user && request.user !== 'root' ? `${request.user}: ${command}` : command;
}

/** What panes are called, with a number where several of a guest are alike, and with the guest where a desk has those of many. */
export function titlesOf(panes: readonly DeskPane[], withGuest = false): Map<string, string> {
  const counts = new Map<string, number>();
  return new Map(
    panes.map(({ key, guest, request }) => {
      const title = withGuest ? `${guest}: ${titleOf(request)}` : titleOf(request);
      if (request.name) return [key, title];
      const count = (counts.get(title) ?? 0) + 1;
      counts.set(title, count);
      return [key, count === 1 ? title : `${title} ${count}`];
    }),
  );
}
