import { z } from 'zod';
import { projectText } from '../project/schema.ts';
import { guestInit } from './init-schema.ts';
import { guestIsolation } from './isolation-schema.ts';
import { type GuestLimits, guestLimits } from './limits-schema.ts';
import { NO_REAL_TIME } from './real-time-schema.ts';
import { guestWords } from './record-schema.ts';
import { GUEST_STATES } from './state.ts';

export { type GuestInit, guestInit } from './init-schema.ts';
export { type GuestIsolation, guestIsolation } from './isolation-schema.ts';
export { type GuestLimits, guestLimits, LEAST_LIMITS, MORE_LIMITS } from './limits-schema.ts';

/** RFC 1123 label, as Linux host names are: it is the guest's host name and its name in DNS too. */
export const guestName = z
  .string()
  .min(1, 'a guest needs a name')
  .max(63, 'a name has at most 63 characters (RFC 1123)')
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'a name has lower-case letters, digits and hyphens, and neither starts nor ends with a hyphen',
  );

export const guestKind = z.enum(['system', 'application']);
export type GuestKind = z.infer<typeof guestKind>;

/** A guest is named by its id or its name; the CLI and the browser use the name. */
export const guestRef = z.object({
  guest: z.string().min(1, 'name a guest').max(63, 'a guest is named by at most 63 characters'),
});

/** What execve(2) can be given: text that ends at its first NUL byte can have none inside. */
export const wordWithoutNul = (what: string, longest: number) =>
  z
    .string()
    .max(longest, `${what} has at most ${longest} characters`)
    .refine((text) => !text.includes('\0'), `${what} cannot contain a NUL byte`);

/** A program with its arguments; none at all is left to the caller to judge. `most`: longest word, words, bytes of all. */
export const commandSchema = (most: { word: number; words: number; bytes: number }) =>
  z
    .array(wordWithoutNul('an argument', most.word))
    .max(most.words, `a command has at most ${most.words} words`)
    .refine((words) => words[0] !== '', { message: 'the program to run has no name', path: [0] })
    .refine(
      (words) => new TextEncoder().encode(words.join(' ')).length <= most.bytes,
      `a command has at most ${most.bytes / 1024} KiB`,
    );

/** Names that settings of this group do not have are refused, not passed over. */
const some = <Shape extends z.ZodRawShape>(what: string, group: z.ZodObject<Shape>) =>
  z.strictObject(group.partial().shape, {
    error: ({ code, keys }) => (code === 'unrecognized_keys' ? unknownSetting(what, keys) : undefined),
  });

/** Real-time scheduling is what most who look for more limits of the CPU mean. */
function unknownSetting(what: string, keys: readonly string[]): string {
  const [key = ''] = keys;
  if (/^(cpu)?(rt|real-?time)/i.test(key)) {
    return `${key}: ${NO_REAL_TIME}`;
  }
  return `${key} is not part of ${what}`;
}

export const createGuestInput = z.object({
  /** Omitted: the server makes one up. */
  name: guestName.optional(),
  image: z
    .string()
    .min(1, 'name an image')
    .max(200, 'an image is named by at most 200 characters')
    .optional(),
  kind: guestKind.optional(),
  /** Omitted: the default one. */
  project: projectText.optional(),
  /** The init of a system guest or the command of an application guest; empty is the image's own. */
  command: commandSchema({ word: 4096, words: 256, bytes: 256 * 1024 }).optional(),
  limits: some('limits', guestLimits).optional(),
  isolation: some('isolation', guestIsolation).optional(),
  init: some('init', guestInit).optional(),
  /** ms that init has to stop before it is killed; omitted: the image's own. */
  stopTimeoutMs: z.number().int().min(0).max(3_600_000).optional(),
  ...guestWords.partial().shape,
  start: z.boolean().optional(),
  /** Answer only when the operation has ended (and fail if it failed). Default: answer at once. */
  wait: z.boolean().optional(),
});
export type CreateGuestInput = z.infer<typeof createGuestInput>;

export const guestActionInput = guestRef.extend({ wait: z.boolean().optional() });
export const stopGuestInput = guestActionInput.extend({
  /** Kill at once instead of asking init. */
  force: z.boolean().optional(),
  /** How long init has, ms; then it is killed. */
  timeoutMs: z.number().int().min(0).max(3_600_000).optional(),
});
export const renameGuestInput = guestRef.extend({ name: guestName });
export const moveGuestInput = guestRef.extend({ project: projectText });
export const deleteGuestInput = guestActionInput.extend({ force: z.boolean().optional() });
export const trashGuestInput = deleteGuestInput.extend({
  /** Delete it for good where the trash keeps guests for 0 days; without it that is refused. */
  orDelete: z.boolean().optional(),
});
export const configureGuestInput = guestRef.extend({
  limits: createGuestInput.shape.limits,
  /** Whole parts: what is given replaces that part, what is left out stays. */
  isolation: createGuestInput.shape.isolation,
  init: createGuestInput.shape.init,
  /** Go back by itself after so many seconds unless `guest.keep` is called: for limits that may shut one out. */
  revertAfterSeconds: z.number().int().min(1).max(3600).optional(),
  command: createGuestInput.shape.command,
  stopTimeoutMs: createGuestInput.shape.stopTimeoutMs,
});

/** The operation that made the change. */
export const undoChangeInput = z.object({ operation: z.string().min(1).max(64) });

export const guestUsage = z.object({
  /** Cores in use over the last interval; null until two samples exist. */
  cpu: z.number().nullable(),
  /** Microseconds of CPU since start. */
  cpuTotalMicros: z.number(),
  /** Bytes. */
  memory: z.number(),
  swap: z.number().nullable(),
  pids: z.number(),
  /** Bytes per second over the last interval, both ways, seen from the guest. */
  networkReceive: z.number().nullable(),
  networkTransmit: z.number().nullable(),
  /** Bytes per second over the last interval from and to disks. */
  ioRead: z.number().nullable(),
  ioWrite: z.number().nullable(),
  /** Share of the last interval in which it was held back by its CPU quota, 0 to 1. */
  throttled: z.number().nullable(),
});
export type GuestUsage = z.infer<typeof guestUsage>;

/** What the kernel did to a guest; `memory-full`: it stands still until somebody decides. */
export const GUEST_EVENT_KINDS = [
  'oom-kill',
  'memory-full',
  'memory-high',
  'throttled',
  'pids-refused',
  'frozen',
  'thawed',
] as const;
export type GuestEventKind = (typeof GUEST_EVENT_KINDS)[number];

/** How init ended last: exactly one of `status` and `signal` is set. */
export const guestExit = z.object({
  status: z.number().nullable(),
  signal: z.string().nullable(),
  outOfMemory: z.boolean(),
  at: z.iso.datetime(),
});
export type GuestExit = z.infer<typeof guestExit>;

/** A guest as every client sees it. Documented and stable: `berth guest ls --json` prints an array of it. */
export const guestView = z.object({
  id: z.string(),
  name: z.string(),
  /** The host that it lives on, where several share an inventory. */
  host: z.string(),
  /** Where that host's console is, for what this one cannot do; null: it is this one. */
  elsewhere: z.string().nullable(),
  project: z.string(),
  kind: guestKind,
  image: z.string(),
  state: z.enum(GUEST_STATES),
  /** Pid of init on the host; null when it does not run. */
  initPid: z.number().nullable(),
  addresses: z.object({
    ipv4: z.string().nullable(),
    ipv6: z.string().nullable(),
    mac: z.string().nullable(),
  }),
  limits: guestLimits,
  isolation: guestIsolation,
  init: guestInit,
  /** A change that goes back by itself at this moment unless it is kept. */
  revertsAt: z.iso.datetime().nullable(),
  /** What was changed since it started and counts only from the next start on: `isolation.seccomp`. */
  pendingRestart: z.array(z.string()),
  /** When a scheduled guest starts by its restart policy; null for one that starts as the host has booted. */
  startsAt: z.iso.datetime().nullable(),
  /** Frozen because memory ran out (limits.outOfMemory `freeze`): somebody must decide. */
  waitingForMemory: z.boolean(),
  usage: guestUsage.nullable(),
  command: z.array(z.string()),
  stopTimeoutMs: z.number(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  createdBy: z.string(),
  ...guestWords.shape,
  /** What an edit of tags, notes or owner was made from (`guest.describe`). */
  version: z.number(),
  /** Its shells and its console are always recorded (`recording.setPolicy`). */
  alwaysRecorded: z.boolean(),
  exit: guestExit.nullable(),
  /** What went wrong last, for a `failed` guest, or drift that reconciliation found. */
  problem: z.string().nullable(),
  /** The operation that is at work on it. */
  operation: z.object({ id: z.string(), kind: z.string() }).nullable(),
  /** First host uid of its own range of 65,536. */
  idBase: z.number(),
});
export type GuestView = z.infer<typeof guestView>;

/** What the new-guest sheet starts from. */
export interface GuestDefaults {
  name: string;
  image: string;
  kind: GuestKind;
  /** Those in which one may make guests, the default one first. */
  projects: string[];
  limits: GuestLimits;
  /** Upper bounds of this host. */
  bounds: { cpu: number; memory: number; swap: number; pids: number };
}
