import { z } from 'zod';

export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** What somebody did, or was refused. */
export interface AuditEntry {
  /** From 1, without a gap. */
  seq: number;
  at: string;
  /** A user's name, `root`, or `policy` where the server did what it was told beforehand. */
  actor: string;
  actorId: string | null;
  /** A program's token by its name. */
  via: 'web' | 'cli' | 'server' | `token ${string}`;
  /** Of the browser. */
  address: string | null;
  /** A procedure's path, `auth.signIn`, or an operation's kind where the server did it by itself. */
  action: string;
  subject: { type: string; id: string | null; name: string } | null;
  /** The operation that it began, which tells its end. */
  operation: string | null;
  /** JSON, without secrets; long ones are cut. */
  input: string;
  outcome: AuditOutcome;
  /** Why it was refused or failed: `code: message`. */
  reason: string | null;
  /** Written in the same transaction as the change; false: directly after it. */
  atomic: boolean;
  /** Hash of the entry before; empty for the first. */
  previous: string;
  /** SHA-256, hexadecimal (hash-entry.ts). */
  hash: string;
}

const seq = z.number().int().min(0).max(2_147_483_647);
export const listAuditInput = z.object({
  /** Only of this guest, by name or id. */
  guest: z.string().min(1).max(200).optional(),
  /** Only of this user, `root` or `policy`. */
  actor: z.string().min(1).max(64).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  /** Words that occur in the action, as `guest.delete`. */
  action: z.string().max(64).optional(),
  /** Newest first, older than this one. */
  before: seq.optional(),
  /** Oldest first, newer than this one; without both: the newest. */
  after: seq.optional(),
  /** Only of this time: from, and up to and with. */
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  limit: z.number().int().min(1).max(500).default(100),
});

export interface AuditProblem {
  seq: number;
  what: string;
}

/** Whether the entries are those that were written. */
export interface AuditVerdict {
  entries: number;
  /** The last of those that were removed by `audit.prune`; 0: none was. */
  pruned: number;
  /** Hash of the last one, to be kept elsewhere; null: there is none. */
  head: string | null;
  /** The first 100; none: nothing was changed or cut. */
  problems: AuditProblem[];
}

export type SyslogTarget = { kind: 'unix'; path: string } | { kind: 'udp'; host: string; port: number };

/** `/dev/log` or another absolute path of a socket, or `udp://HOST:PORT`, 514 where it is left out; null for anything else. Pure. */
export function readTarget(text: string): SyslogTarget | null {
  if (/^\/[^\0]+$/.test(text)) return { kind: 'unix', path: text };
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, pathname, search, username } = new URL(text);
  if (protocol !== 'udp:' || hostname === '' || search || username || !/^\/?$/.test(pathname)) return null;
  return { kind: 'udp', host: hostname.replaceAll(/[[\]]/g, ''), port: port === '' ? 514 : Number(port) };
}

export const forwardInput = listAuditInput.pick({ guest: true, actor: true, action: true }).extend({
  target: z
    .string()
    .max(300)
    .refine((text) => readTarget(text) !== null, 'a log is a socket as /dev/log, or udp://HOST:PORT'),
  /** Only newer than this one. */
  after: seq.default(0),
});

export const pruneInput = z.object({
  /** Entries of before this time go. */
  before: z.iso.datetime('give a time as 2026-11-29T00:00:00Z'),
});

export interface PrunedAudit {
  removed: number;
  /** The last that was removed; null: none was old enough. */
  through: number | null;
}
