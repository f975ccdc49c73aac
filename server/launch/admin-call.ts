import http from 'node:http';
import { AppError } from '../errors/app-error.ts';

/**
 * One procedure over the admin socket; this file loads nothing but node:http, so the launcher works whatever state the rest is in.
 * Throws unavailable when nobody answers.
 */
export async function adminCall<T>(
  socketPath: string,
  kind: 'query' | 'mutation',
  procedure: string,
  input?: unknown,
): Promise<T> {
  const body = kind === 'mutation' ? JSON.stringify(input ?? {}) : undefined;
  const query =
    kind === 'query' && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(input))}` : '';
  const { status, text } = await request(socketPath, `/api/trpc/${procedure}${query}`, body);
  const answer = JSON.parse(text) as {
    result?: { data: T };
    error?: { message: string; data?: { berth?: { message: string } } };
  };
  if (!answer.result)
    throw new AppError(
      'unavailable',
      answer.error?.data?.berth?.message ?? answer.error?.message ?? `the server answered ${status}`,
    );
  return answer.result.data;
}

/** Whether the server answers its health check. */
export async function isHealthy(socketPath: string): Promise<boolean> {
  try {
    return (await request(socketPath, '/healthz')).status === 200;
  } catch {
    return false;
  }
}

function request(socketPath: string, path: string, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'x-berth': '1' };
    const call = http.request(
      { socketPath, path, method: body === undefined ? 'GET' : 'POST', headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', reject);
      },
    );
    call.on('error', (cause) =>
      reject(new AppError('unavailable', `nobody answers on ${socketPath}: is the console up?`, { cause })),
    );
    call.setTimeout(120_000, () => call.destroy(new Error('no answer in 120 s')));
    call.end(body);
  });
}
