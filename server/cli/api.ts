import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { AppError, type ErrorCode, type FieldPath } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import type { AppRouter } from '../router.ts';
import { httpCall } from './http-call.ts';

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;
type Noun = keyof Inputs & keyof Outputs;

/** What the server said of a failure, in one body. */
interface Answer {
  result?: { data?: unknown };
  error?: {
    message?: string;
    data?: { berth?: { code?: string; message?: string; field?: FieldPath | null } };
  };
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && code in ERROR_TABLE;
}

/** The server's procedures over the admin socket of one instance, typed by its router. */
export class Api {
  readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** Ask. Throws what the server threw, with its code, and `unavailable` when nobody answers. */
  query<N extends Noun, P extends keyof Inputs[N] & keyof Outputs[N] & string>(
    noun: N & string,
    procedure: P,
    ...input: undefined extends Inputs[N][P] ? [Inputs[N][P]?] : [Inputs[N][P]]
  ): Promise<Outputs[N][P]> {
    const query = input[0] === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input[0]))}`;
    return this.#call<Outputs[N][P]>('GET', `/api/trpc/${noun}.${procedure}${query}`);
  }

  /** Change. Throws as `query` does. */
  mutate<N extends Noun, P extends keyof Inputs[N] & keyof Outputs[N] & string>(
    noun: N & string,
    procedure: P,
    ...input: undefined extends Inputs[N][P] ? [Inputs[N][P]?] : [Inputs[N][P]]
  ): Promise<Outputs[N][P]> {
    const body = input[0] === undefined ? '' : JSON.stringify(input[0]);
    return this.#call<Outputs[N][P]>('POST', `/api/trpc/${noun}.${procedure}`, body);
  }

  async #call<Output>(method: 'GET' | 'POST', path: string, body?: string): Promise<Output> {
    const { status, body: text } = await httpCall(this.socketPath, { method, path, body }).catch((error) => {
      throw explainSocket(error, this.socketPath);
    });
    let answer: Answer;
    try {
      answer = JSON.parse(text);
    } catch {
      throw new AppError('unavailable', `the server answered ${status} and no JSON: ${text.slice(0, 200)}`);
    }
    if (answer.error) throw fromServer(answer.error);
    // The type is the router's own: both sides are one version of one repository.
    return answer.result?.data as Output;
  }
}

function fromServer(error: NonNullable<Answer['error']>): AppError {
  const berth = error.data?.berth;
  const message = berth?.message ?? error.message ?? 'the server gave no reason';
  return new AppError(isErrorCode(berth?.code) ? berth.code : 'internal', message, {
    field: berth?.field ?? undefined,
  });
}

/** Why the socket could not be reached, and what to do. */
export function explainSocket(error: unknown, path: string): AppError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return new AppError(
      'unavailable',
      `the server does not run (nobody listens on ${path}): start it with berth up`,
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('forbidden', `${path} may only be used by root: run it with sudo`);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('unavailable', `the server went away before it answered (${reason}): see berth status`);
}
