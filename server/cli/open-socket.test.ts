import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openSocket } from './open-socket.ts';

let folder: string;
let http: Server;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-socket-'));
  path = join(folder, 'socket');
});
afterEach(async () => {
  http.closeAllConnections();
  http.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The library that the server uses, at the other end. */
async function serve(talk: (socket: WebSocket) => void): Promise<void> {
  http = createServer((_, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ server: http, path: '/api', perMessageDeflate: false });
  sockets.on('connection', talk);
  http.listen(path);
  await once(http, 'listening');
}

test.each([0, 1, 125, 126, 65_535, 65_536, 1_000_000])(
  'a message of %i bytes goes and comes',
  async (size) => {
    await serve((socket) => socket.on('message', (data) => socket.send(data)));
    const socket = await openSocket(path, '/api');
    const sent = Buffer.alloc(size, 'berth');
    socket.send(sent);
    const came = once(socket, 'message');
    socket.resume();
    expect((await came)[0].equals(sent)).toBe(true);
    socket.terminate();
  },
);

test('what comes with the handshake, in parts and as a ping is heard in order', async () => {
  const ponged = Promise.withResolvers<string>();
  await serve((socket) => {
    socket.on('pong', (data) => ponged.resolve(data.toString('utf8')));
    socket.ping('p');
    socket.send('whole');
    socket.send('in ', { fin: false });
    socket.send('parts', { fin: true });
    socket.close(4404, 'no such guest');
  });
  const socket = await openSocket(path, '/api');
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(data.toString('utf8')));
  const closed = once(socket, 'close');
  socket.resume();
  expect(await closed).toEqual([4404, 'no such guest']);
  expect(heard).toEqual(['whole', 'in parts']);
  expect(await ponged.promise).toBe('p');
  expect(socket.isOpen).toBe(false);
});

test('a server that goes away without a word closes with 1006', async () => {
  await serve((socket) => socket.terminate());
  const socket = await openSocket(path, '/api');
  const closed = once(socket, 'close');
  socket.resume();
  expect(await closed).toEqual([1006, '']);
});

test('whoever is refused or not heard is told so', async () => {
  await serve(() => undefined);
  await expect(openSocket(path, '/other')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('it answered 400'),
  });
  await expect(openSocket(`${path}-none`, '/api')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('does not run'),
  });
});
