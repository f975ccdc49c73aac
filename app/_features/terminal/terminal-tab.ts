import type { SessionView } from '../../../server/console/schema.ts';
import type { ShellRequest } from './shell-request.ts';

/** One shell on the page. The key stays the same from before it exists until the tab is closed. */
export interface TerminalTab {
  key: string;
  session: string | null;
  operation: string | null;
  request: ShellRequest;
}

/** The tabs with every shell that runs on the server and has none yet, called as it is called there; the same array when nothing is new. */
export function withSessions(
  tabs: readonly TerminalTab[],
  sessions: readonly SessionView[],
): readonly TerminalTab[] {
  const known = new Set(tabs.map((tab) => tab.session));
  const added = sessions.filter((session) => session.exit === null && !known.has(session.id)).map(tabOf);
  const named = tabs.map((tab) => withName(tab, sessions));
  const isSame = added.length === 0 && named.every((tab, index) => tab === tabs[index]);
  return isSame ? tabs : [...named, ...added];
}

function withName(tab: TerminalTab, sessions: readonly SessionView[]): TerminalTab {
  const session = sessions.find(({ id }) => id === tab.session);
  if (!session || session.name === (tab.request.name ?? null)) return tab;
  return { ...tab, request: tabOf(session).request };
}

export function tabOf(session: Pick<SessionView, 'id' | 'command' | 'user' | 'name'>): TerminalTab {
  const request: ShellRequest = {};
  if (session.command.length > 0) request.command = session.command;
  if (session.user !== 'root') request.user = session.user;
  if (session.name !== null) request.name = session.name;
  return { key: session.id, session: session.id, operation: null, request };
}

/** What a tab is called: the name that it was given, else its command, the user where that is not root, and a number where several are alike. */
export function titlesOf(tabs: readonly TerminalTab[]): string[] {
  const counts = new Map<string, number>();
  return tabs.map(({ request }) => {
    if (request.name) return request.name;
    const command = request.command?.[0]?.split('/').at(-1) || 'shell';
    const title = request.user && request.user !== 'root' ? `${request.user}: ${command}` : command;
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    return count === 1 ? title : `${title} ${count}`;
  });
}
