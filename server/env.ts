import { isAbsolute, normalize } from 'node:path';
import { z } from 'zod';
import { AppError } from './errors/app-error.ts';
import { type FailpointPlan, parsePlan } from './failpoint/plan.ts';
import { SLOTS } from './instance/instance.ts';

const flag = z.enum(['0', '1'], 'must be 0 or 1').transform((value) => value === '1');
const integer = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number);

const origin = z.string().refine((value) => URL.canParse(value) && new URL(value).origin === value, {
  error: (issue) => `must be origins such as https://berth.example:8443, not ${JSON.stringify(issue.input)}`,
});

const schema = z.object({
  BERTH_DATA: z
    .string()
    .refine(isAbsolute, 'must be an absolute path')
    .transform((path) => normalize(path).replace(/(?<=.)\/+$/, ''))
    .default('/var/lib/berth'),
  BERTH_SLOT: integer.pipe(z.number().max(SLOTS - 1, `must be 0 to ${SLOTS - 1}`)).optional(),
  BERTH_ADDRESS: z.string().min(1).default('127.0.0.1'),
  BERTH_PORT: integer.pipe(z.number().min(1).max(65_535, 'must be a port, 1 to 65535')).default(8443),
  BERTH_WEB_USER: z.string().min(1).default('berth-web'),
  BERTH_DB_USER: z.string().min(1).default('berth-db'),
  BERTH_PUBLIC_ORIGINS: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter((entry) => entry !== ''))
    .pipe(z.array(origin))
    .default([]),
  BERTH_PLAIN_HTTP: flag.default(false),
  BERTH_SESSION_IDLE_SECONDS: integer.pipe(z.number().min(1)).default(12 * 3600),
  BERTH_SESSION_MAX_SECONDS: integer.pipe(z.number().min(1)).default(7 * 24 * 3600),
  NODE_ENV: z.string().optional(),
  BERTH_FAILPOINTS: z
    .string()
    .transform((text, context) => {
      try {
        return parsePlan(text);
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error));
        return z.NEVER;
      }
    })
    .optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .optional(),
  BERTH_JOIN: flag.default(false),
});

/** The settings of one server process, already checked. */
export interface Env {
  /** Absolute, without a slash at the end. */
  dataDir: string;
  /** Ask for this slot and no other; undefined: the lowest that is free. */
  slot: number | undefined;
  /** Where the web process listens. */
  address: string;
  port: number;
  /** Name of the user that the web process runs as; the web socket is its group's. */
  webUser: string;
  /** Name of the user that owns the private database. */
  databaseUser: string;
  /** Origins that browsers may come from; empty: the host that they asked for. */
  publicOrigins: string[];
  /** Asked for on loopback only: cookies are then not `Secure`. */
  plainHttp: boolean;
  /** A session ends when nobody used it for so long, or when it is so old. */
  sessionIdleSeconds: number;
  sessionMaxSeconds: number;
  /** Another PostgreSQL than the private one. */
  databaseUrl: string | undefined;
  /** Share that one with the hosts whose inventory it has. */
  join: boolean;
  /** Faults that a test wants; null: none, and none in production. */
  failpoints: FailpointPlan | null;
}

/**
 * The one place that reads the environment. Throws AppError `bad_input` that names the variable, its value
 * and what would be right.
 */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? 'environment');
    const shown = name === 'DATABASE_URL' ? 'what is set' : JSON.stringify(source[name]);
    throw new AppError('bad_input', `${name} is wrong (${shown}): ${issue?.message ?? 'not valid'}`);
  }
  const env = parsed.data;
  if (env.BERTH_FAILPOINTS !== undefined && env.NODE_ENV === 'production') {
    throw new AppError('bad_input', 'BERTH_FAILPOINTS is for tests: unset it, or unset NODE_ENV=production');
  }
  return {
    dataDir: env.BERTH_DATA,
    slot: env.BERTH_SLOT,
    address: env.BERTH_ADDRESS,
    port: env.BERTH_PORT,
    webUser: env.BERTH_WEB_USER,
    databaseUser: env.BERTH_DB_USER,
    publicOrigins: env.BERTH_PUBLIC_ORIGINS,
    plainHttp: env.BERTH_PLAIN_HTTP,
    sessionIdleSeconds: env.BERTH_SESSION_IDLE_SECONDS,
    sessionMaxSeconds: env.BERTH_SESSION_MAX_SECONDS,
    databaseUrl: env.DATABASE_URL,
    join: env.BERTH_JOIN,
    failpoints: env.BERTH_FAILPOINTS ?? null,
  };
}
