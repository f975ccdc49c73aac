import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { AppError } from '../errors/app-error.ts';
import type { AppRouter } from '../router.ts';
import type { Api } from './api.ts';
import { openSocket } from './open-socket.ts';

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;
type ItemOf<Stream> = Stream extends AsyncIterable<infer Item> ? Item : never;

/** One message of tRPC's protocol over WebSockets (trpc.io/docs/rpc). */
interface Message {
  result?: { type?: string; data?: unknown };
  error?: { message?: string };
}

export interface SubscribeOptions {
  /** Ends it from outside of the loop, by `unavailable`. */
  signal?: AbortSignal;
  /** Nothing that happens from now on is missed. */
  onStart?: () => void;
}

/**
 * What a subscription tells, until the caller leaves the loop. Throws what the server refused it with, and `unavailable`
 * when the server goes away.
 */
export async function* subscribe<
  N extends keyof Inputs & keyof Outputs & string,
  P extends keyof Inputs[N] & keyof Outputs[N] & string,
>(
  api: Api,
  noun: N,
  procedure: P,
  input?: Inputs[N][P],
  options: SubscribeOptions = {},
): AsyncGenerator<ItemOf<Outputs[N][P]>> {
  const socket = await openSocket(api.socketPath, '/api/trpc');
  const waiting: ItemOf<Outputs[N][P]>[] = [];
  let ended: AppError | null = null;
  let wake: () => void = () => undefined;
  const end = (error: AppError) => {
    ended ??= error;
    wake();
  };
  socket.on('message', (raw) => {
    const text = raw.toString('utf8');
    if (text === 'PING') return socket.send('PONG');
    const message: Message = JSON.parse(text);
    if (message.error) end(new AppError('bad_input', message.error.message ?? 'the server refused it'));
    // The type is the router's own: both sides are one version of one repository.
    else if (message.result?.type === 'data') waiting.push(message.result.data as ItemOf<Outputs[N][P]>);
    else if (message.result?.type === 'started') options.onStart?.();
    wake();
  });
  socket.on('close', () => end(new AppError('unavailable', 'the server went away: see berth status')));
  const abort = () => {
    end(new AppError('unavailable', 'nobody listens any more'));
    socket.terminate();
  };
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort);
  const path = `${noun}.${procedure}`;
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path, input } }));
  socket.resume();
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (ended) throw ended;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    socket.terminate();
  }
}
