import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Api } from './api.ts';
import { httpCall, parseAnswer } from './http-call.ts';

async function serve(listener: RequestListener): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-http-'));
  const server = createServer(listener).listen(join(folder, 's'));
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  return join(folder, 's');
}

test('a body comes back whole, by its length and in chunks, and the request is whole too', async () => {
  const path = await serve(async (request, response) => {
    const sent: Buffer[] = [];
    for await (const piece of request) sent.push(piece);
    const text = `${request.method} ${request.url} ${request.headers['x-berth']} ${Buffer.concat(sent)}`;
    if (request.url === '/chunks') {
      response.write('ü'.repeat(100_000));
      response.end(text);
    } else response.end(text);
  });
  expect(await httpCall(path, { method: 'GET', path: '/a?b' })).toEqual({ status: 200, body: 'GET /a?b 1 ' });
  expect((await httpCall(path, { method: 'POST', path: '/p', body: '"é"' })).body).toBe('POST /p 1 "é"');
  expect((await httpCall(path, { method: 'GET', path: '/chunks' })).body).toBe(
    `${'ü'.repeat(100_000)}GET /chunks 1 `,
  );
});

test('an answer that was cut is an error, never a shorter answer', () => {
  for (const text of [
    '',
    'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabcd',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nabcde\r\n',
  ]) {
    expect(() => parseAnswer(Buffer.from(text)), text).toThrow('cut short');
  }
});

test('an error of the server keeps its code, words and field; a server that is away is said to be', async () => {
  const berth = { code: 'name_taken', message: 'there is a guest web', field: ['name'] };
  const path = await serve((_request, response) => {
    response.statusCode = 409;
    response.end(JSON.stringify({ error: { message: 'x', data: { berth } } }));
  });
  await expect(new Api(path).query('guest', 'list')).rejects.toMatchObject(berth);
  await expect(new Api(`${path}.none`).query('guest', 'list')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('start it with berth up'),
  });
});

test('a server that dies over the answer is unavailable', async () => {
  const path = await serve((request) => void request.socket.destroy());
  await expect(new Api(path).query('guest', 'list')).rejects.toMatchObject({ code: 'unavailable' });
});
