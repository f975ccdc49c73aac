import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../errors/app-error.ts';
import { errorBody } from '../errors/error-body.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';

const LONGEST_BODY = 16 * 1024;

/** Answer with JSON that nobody keeps. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

/** Answer with an error: `{ code, message, field }`, and the status of its code. */
export function sendError(response: ServerResponse, error: unknown): void {
  const body = errorBody(error);
  sendJson(response, ERROR_TABLE[body.code].http, body);
}

/** Refuse an upgrade with an ordinary answer. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  const body = errorBody(error);
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${ERROR_TABLE[body.code].http} Refused\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** A small JSON body. Throws AppError `bad_input` when it is large or not JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > LONGEST_BODY)
      throw new AppError('bad_input', `a body of more than ${LONGEST_BODY} bytes is not taken`);
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new AppError('bad_input', 'the body is not JSON', { cause });
  }
}
