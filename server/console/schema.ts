import { z } from 'zod';
import { commandSchema, guestRef, wordWithoutNul } from '../guest/schema.ts';

const columns = z.number().int().min(2).max(1000);
const rows = z.number().int().min(1).max(1000);
const userName = wordWithoutNul('a user name', 32).min(1, 'name a user');
const workdir = wordWithoutNul('a working directory', 4096).startsWith(
  '/',
  'the working directory is an absolute path',
);
const environment = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable is named with letters, digits and _'),
  wordWithoutNul('a variable', 131_000),
);

/** What a person calls a shell. */
const sessionName = wordWithoutNul('a name', 64)
  .refine((name) => !/\p{C}/u.test(name), 'a name has no control characters')
  .refine((name) => name.trim() !== '', 'give a name');

export const openShellInput = guestRef.extend({
  /** Empty: the guest's own login shell, then sh. */
  command: commandSchema({ word: 4096, words: 256, bytes: 256 * 1024 }).optional(),
  /** Name or uid in the guest's passwd; default root. */
  user: userName.optional(),
  columns: columns.default(80),
  rows: rows.default(24),
  workdir: workdir.optional(),
  environment: environment.optional(),
  name: sessionName.optional(),
  /** End it when for so many minutes nobody looked and nothing was typed or printed; default never. */
  idleMinutes: z.number().int().min(1).max(10_080).optional(),
});

export const execInput = guestRef.extend({
  command: commandSchema({ word: 131_071, words: 4096, bytes: 1024 * 1024 }).refine(
    (words) => words.length > 0,
    'nothing to run: give a command',
  ),
  user: userName.optional(),
  workdir: workdir.optional(),
  environment: environment.optional(),
});

/** Bytes of a file that is dropped on a terminal: larger ones have better ways. */
export const UPLOAD_MOST = 1024 * 1024 * 1024;

/** How the command that writes an upload says what became of it, by its exit status. */
export const UploadStatus = { exists: 17, cut: 18, failed: 19, isFolder: 21 } as const;

export const uploadInput = z.object({
  session: z.string().min(1).max(64),
  /** One name, in the directory that the shell is in. */
  name: wordWithoutNul('a file name', 255)
    .min(1, 'name the file')
    .refine((name) => !name.includes('/') && name !== '.' && name !== '..', 'one name, without /')
    .refine((name) => new TextEncoder().encode(name).length <= 255, 'a file name has at most 255 bytes'),
  size: z
    .number()
    .int()
    .min(0)
    .max(UPLOAD_MOST, `a file of more than ${UPLOAD_MOST / 1024 ** 2} MiB is not taken`),
  replace: z.boolean().default(false),
});

/** Opens `/api/upload?ticket=…`, which speaks as `/api/exec` does. */
export interface UploadTicket {
  ticket: string;
  /** Where it will be, as the guest names it. */
  folder: string;
}

/** Null takes the name away. */
export const renameSessionInput = z.object({
  session: z.string().min(1).max(64),
  name: sessionName.nullable(),
});

export const sessionRef = z.object({ session: z.string().min(1).max(64) });

/** A shell that a small process of its own holds; it outlives the server. */
export interface SessionView {
  id: string;
  guestId: string;
  guest: string;
  command: string[];
  user: string;
  createdAt: string;
  /** What a person called it. */
  name: string | null;
  /** The title that its programs gave it: whatever they like, without control characters. */
  title: string;
  /** Who looks at it now, the one who drives first. */
  people: string[];
  idleMinutes: number | null;
  /** Null while it runs. */
  exit: { status: number | null; signal: string | null } | null;
}

/** Single use, 10 s, bound to user and purpose: opens `/api/console?ticket=…`. */
export interface ConsoleTicket {
  ticket: string;
  /** Session id, or `console` for the guest's own. */
  session: string;
}
