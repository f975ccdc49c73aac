import type { IncomingMessage } from 'node:http';
import type { Sessions } from '../auth/sessions.ts';
import type { Actor } from '../platform.ts';

/** The two sockets: who reaches the first is root, who reaches the second is whoever the session says. */
export type Transport = 'admin' | 'web';

export interface Caller {
  actor: Actor | null;
  sessionId: string | null;
  setCookies: string[];
}

export const NOBODY: Caller = { actor: null, sessionId: null, setCookies: [] };

/** Who sends a request. */
export async function identifyRequest(
  request: IncomingMessage,
  transport: Transport,
  sessions: Sessions,
): Promise<Caller> {
  if (transport === 'admin') return { actor: { kind: 'root' }, sessionId: null, setCookies: [] };
  const login = await sessions.identify(request.headers);
  if (login === null) return NOBODY;
  return { actor: login.actor, sessionId: login.sessionId, setCookies: login.setCookies };
}

/** The browser's address; the web process writes the header itself, whatever the browser sent. */
export function addressOf(request: IncomingMessage): string {
  const header = request.headers['x-forwarded-for'];
  const list = Array.isArray(header) ? header.join(',') : (header ?? '');
  return list.split(',').at(-1)?.trim() || 'local';
}
