import type { ErrorCode } from './app-error.ts';

/** One row per code: the HTTP status, tRPC's own code, and the exit status of the command line. */
export const ERROR_TABLE = {
  bad_input: { http: 400, trpc: 'BAD_REQUEST', exit: 2 },
  not_found: { http: 404, trpc: 'NOT_FOUND', exit: 3 },
  name_taken: { http: 409, trpc: 'CONFLICT', exit: 4 },
  illegal_state: { http: 409, trpc: 'CONFLICT', exit: 4 },
  changed_meanwhile: { http: 409, trpc: 'CONFLICT', exit: 4 },
  busy: { http: 409, trpc: 'CONFLICT', exit: 4 },
  over_quota: { http: 409, trpc: 'CONFLICT', exit: 7 },
  unauthenticated: { http: 401, trpc: 'UNAUTHORIZED', exit: 5 },
  forbidden: { http: 403, trpc: 'FORBIDDEN', exit: 5 },
  too_many: { http: 429, trpc: 'TOO_MANY_REQUESTS', exit: 6 },
  no_space: { http: 507, trpc: 'PRECONDITION_FAILED', exit: 7 },
  unsupported: { http: 501, trpc: 'NOT_IMPLEMENTED', exit: 8 },
  unavailable: { http: 503, trpc: 'SERVICE_UNAVAILABLE', exit: 9 },
  timed_out: { http: 504, trpc: 'TIMEOUT', exit: 10 },
  cancelled: { http: 499, trpc: 'CLIENT_CLOSED_REQUEST', exit: 11 },
  kernel: { http: 500, trpc: 'INTERNAL_SERVER_ERROR', exit: 12 },
  internal: { http: 500, trpc: 'INTERNAL_SERVER_ERROR', exit: 1 },
} as const satisfies Record<ErrorCode, { http: number; trpc: string; exit: number }>;

/** Whether a word that came from outside (a row, a socket) is one of our codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}
