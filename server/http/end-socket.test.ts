import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { endSocket } from './end-socket.ts';

let server: WebSocketServer;
let client: Socket;
let socket: WebSocket;
let heard: string[];

/** A client that says what it likes and answers nothing (RFC 6455, 5.2: masked, here by zeros). */
const say = (text: string) =>
  client.write(Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]));

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write(
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  [socket] = await once(server, 'connection');
  heard = [];
  socket.on('message', (data) => heard.push(String(data)));
  socket.on('error', () => undefined);
  client.on('error', () => undefined);
  say('before');
  await vi.waitFor(() => expect(heard).toEqual(['before']));
});
afterEach(() => {
  client.destroy();
  server.close();
});

test('nothing is heard of a client that leaves the close unanswered, and it is cut off', async () => {
  const closed = once(socket, 'close');
  endSocket(socket, 4401, 'signed out');
  say('after');
  await closed;
  expect(heard).toEqual(['before']);
});

test('the control: a close alone goes on hearing it', async () => {
  socket.close(4401, 'signed out');
  say('after');
  await vi.waitFor(() => expect(heard).toEqual(['before', 'after']));
  expect(socket.readyState).toBe(socket.CLOSING);
});
