import { z } from 'zod';

const text = (what: string, longest: number) =>
  z
    .string()
    .max(longest, `${what} has at most ${longest} characters`)
    .refine((value) => !value.includes('\0'), `${what} cannot contain a NUL byte`);

export const STOP_SIGNALS = [
  'SIGRTMIN+3',
  'SIGPWR',
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
] as const;

/** A program of the host that runs at a stage of the guest's life; the OCI state comes on its standard input. */
export const ociHook = z.object({
  stage: z.enum(['createRuntime', 'createContainer', 'startContainer', 'poststart', 'poststop']),
  path: text('path', 4096).refine((value) => value.startsWith('/'), 'a hook is an absolute path'),
  args: z.array(text('an argument', 4096)).max(64),
  env: z.array(text('a variable', 4096)).max(64),
  timeoutMs: z.number().int().min(1).max(3_600_000),
});
export type OciHook = z.infer<typeof ociHook>;

export const restartPolicy = z.object({
  /** `on-failure`: when it ended with a status other than 0, by a signal, or out of memory. */
  policy: z.enum(['no', 'on-failure', 'always'], { error: 'the restart policy is no, on-failure or always' }),
  /** Pause before the first restart, ms; doubled each time up to `maxDelayMs`, back to it after a run of ten times as long. */
  delayMs: z.number().int().min(0).max(3_600_000),
  maxDelayMs: z.number().int().min(0).max(86_400_000),
  /** How often in a row; null without end. */
  attempts: z.number().int().min(1).max(1_000_000).nullable(),
});

export const guestInit = z.object({
  /** Beside the image's and Berth's own. */
  environment: z.record(
    text('a name', 256).regex(/^[^=\0]+$/, 'a variable has a name without ='),
    text('a value', 32_768),
  ),
  /** Name or UID[:GID] of the guest's passwd; null is root. */
  user: text('user', 64)
    .regex(/^[A-Za-z0-9_.:-]+$/, 'a user is a name or UID[:GID]')
    .nullable(),
  workdir: text('workdir', 4096).refine((value) => value.startsWith('/'), 'workdir is an absolute path'),
  restart: restartPolicy,
  autostart: z.object({
    /** Start it when the host has booted. */
    enabled: z.boolean(),
    /** Lower is earlier; those of one order start together. */
    order: z.number().int().min(0).max(10_000),
    /** Pause after it before the next order, s. */
    delaySeconds: z.number().int().min(0).max(3600),
  }),
  /** null is the image's. */
  stopSignal: z.enum(STOP_SIGNALS).nullable(),
  hooks: z.array(ociHook).max(32),
});
export type GuestInit = z.infer<typeof guestInit>;

export const DEFAULT_INIT: GuestInit = {
  environment: {},
  user: null,
  workdir: '/',
  restart: { policy: 'no', delayMs: 1000, maxDelayMs: 60_000, attempts: null },
  autostart: { enabled: false, order: 100, delaySeconds: 0 },
  stopSignal: null,
  hooks: [],
};
