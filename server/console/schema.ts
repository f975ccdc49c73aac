import { z } from 'zod';
import { guestRef } from '../guest/schema.ts';

const columns = z.number().int().min(2).max(1000);
const rows = z.number().int().min(1).max(1000);

export const openShellInput = guestRef.extend({
  /** Empty: the guest's own login shell, then sh. */
  command: z.array(z.string().max(4096)).max(256).optional(),
  /** Name or uid in the guest's passwd; default root. */
  user: z.string().min(1).max(32).optional(),
  columns: columns.default(80),
  rows: rows.default(24),
  workdir: z.string().max(4096).startsWith('/', 'the working directory is an absolute path').optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(131_072)).optional(),
});

export const execInput = guestRef.extend({
  command: z.array(z.string().max(131_072)).min(1, 'nothing to run: give a command').max(4096),
  user: z.string().min(1).max(32).optional(),
  workdir: z.string().max(4096).startsWith('/', 'the working directory is an absolute path').optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(131_072)).optional(),
});

export const sessionRef = z.object({ session: z.string().min(1).max(64) });

/** A shell that a small process of its own holds; it outlives the server. */
export interface SessionView {
  id: string;
  guest: string;
  command: string[];
  user: string;
  createdAt: string;
  /** Null while it runs. */
  exit: { status: number | null; signal: string | null } | null;
}

/** Single use, 10 s, bound to user and purpose: opens `/api/console?ticket=…`. */
export interface ConsoleTicket {
  ticket: string;
  /** Session id, or `console` for the guest's own. */
  session: string;
}
