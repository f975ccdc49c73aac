import { TRPCClientError } from '@trpc/client';

/** What a failed call tells a form: the server's own code, text and field, or that it could not be reached. */
export interface ApiError {
  code: string;
  message: string;
  /** Path into the input: `['limits', 'memory']`. */
  field: (string | number)[] | null;
}

const UNREACHABLE: ApiError = {
  code: 'unavailable',
  message: 'the server cannot be reached: check that it runs, then try again',
  field: null,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Read an error of any kind into something a person can be shown. Never throws. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof TRPCClientError) {
    const data: unknown = error.data;
    const berth = isRecord(data) && isRecord(data.berth) ? data.berth : null;
    if (berth && typeof berth.message === 'string') {
      return {
        code: typeof berth.code === 'string' ? berth.code : 'internal',
        message: berth.message,
        field: Array.isArray(berth.field) ? berth.field : null,
      };
    }
    if (!isRecord(data)) return UNREACHABLE;
  }
  if (error instanceof TypeError) return UNREACHABLE;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), field: null };
}

/** Worth another try without asking: the server is away, not against it. */
export function isTransient(error: unknown): boolean {
  return toApiError(error).code === 'unavailable';
}
