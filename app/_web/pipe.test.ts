import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pipeRequest, pipeUpgrade, type Upstream } from './pipe.ts';

let dir: string;
let front: http.Server;
let origin: string;
let upstream: Upstream;

const listen = (server: http.Server, where: string | number) =>
  new Promise<void>((resolve) => server.listen(where, resolve));

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'berth-pipe-'));
  upstream = {
    socketPath: path.join(dir, 'server.sock'),
    secure: true,
    isProxy: () => false,
    longestBody: 1000,
  };
  front = http.createServer((request, response) => pipeRequest(request, response, upstream));
  front.on('upgrade', (request, socket, head) => pipeUpgrade(request, socket, head, upstream));
  await listen(front, 0);
  origin = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
});
afterEach(() => {
  front.closeAllConnections();
  front.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the pipe to the server', () => {
  it('says that the server is away in a form that every client understands', async () => {
    const answer = await fetch(`${origin}/api/trpc/guest.list`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { data: { berth: { code: 'unavailable' } } } });
  });

  it('replaces forwarding headers that a client made up', async () => {
    const back = http.createServer((request, response) => response.end(JSON.stringify(request.headers)));
    await listen(back, upstream.socketPath);
    const answer = await fetch(`${origin}/api/x`, {
      headers: { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'gopher' },
    });
    const seen = (await answer.json()) as Record<string, string>;
    expect(seen['x-forwarded-for']).not.toContain('6.6.6.6');
    expect(seen['x-forwarded-proto']).toBe('https');
    expect(seen['x-forwarded-host']).toBe(new URL(origin).host);
    back.close();
  });

  it('hands a WebSocket through in both directions', async () => {
    const back = http.createServer();
    back.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n');
      socket.on('data', (chunk) => socket.end(`echo ${chunk}`));
    });
    await listen(back, upstream.socketPath);
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect((front.address() as AddressInfo).port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
      if (heard.endsWith('\r\n\r\n')) socket.write('hello');
    });
    socket.on('close', () => resolve(heard));
    socket.write('GET /api/console HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
    expect(await promise).toMatch(/^HTTP\/1\.1 101 [\s\S]*echo hello$/);
    back.close();
  });

  it('refuses a WebSocket while the server is away', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect((front.address() as AddressInfo).port, '127.0.0.1');
    socket.on('data', (chunk) => resolve(String(chunk)));
    socket.write('GET /api/console HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
    expect(await promise).toMatch(/^HTTP\/1\.1 503 /);
    socket.destroy();
  });
});
