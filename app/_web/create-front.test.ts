import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFront } from './create-front.ts';
import { FRONT_LIMITS, type FrontLimits } from './limits.ts';
import { networkOf } from './network-of.ts';

/** As in production, but short times, so that the test sees them pass. */
const LIMITS = {
  ...FRONT_LIMITS,
  connectionsPerAddress: 40,
  body: 200_000,
  headers: 300,
  request: 600,
  stall: 300,
  look: 50,
};
const PAGE = Buffer.alloc(64 * 1024 * 1024, 'x');

let dir: string;
let back: http.Server;
let front: http.Server;
let open: Socket[];
/** Bodies that came through whole, and pages that were rendered. */
let bodies: string[];
let rendered: string[];
/** Requests that the server keeps waiting. */
let kept: number;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'berth-front-'));
  back = http.createServer(async (request, response) => {
    if (request.url === '/api/wait') return void kept++;
    try {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      response.end('{"api":true}');
    } catch {
      // cut off
    }
  });
  await new Promise<void>((resolve) => back.listen(path.join(dir, 's'), resolve));
});
afterAll(() => {
  back.closeAllConnections();
  back.close();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  open = [];
  bodies = [];
  rendered = [];
  kept = 0;
  await start(LIMITS);
});
afterEach(stop);

async function start(limits: FrontLimits): Promise<void> {
  front = createFront({
    socketPath: path.join(dir, 's'),
    tls: null,
    isProxy: () => false,
    limits,
    render: (request, response) => {
      rendered.push(request.url ?? '');
      response.end(request.url === '/large' ? PAGE : 'page');
    },
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
}

function stop(): void {
  for (const socket of open) socket.destroy();
  front.closeAllConnections();
  front.close();
}

/** A connection that says just these bytes; `heard` resolves with the answer when the front ends it. */
function say(...bytes: (string | Buffer)[]): { socket: Socket; heard: Promise<string> } {
  const socket = connect((front.address() as AddressInfo).port, '127.0.0.1');
  open.push(socket);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  for (const piece of bytes) socket.write(piece);
  return { socket, heard: new Promise((resolve) => socket.once('close', () => resolve(text))) };
}
const lines = (...text: string[]) => `${text.join('\r\n')}\r\n\r\n`;
const get = (url: string) => lines(`GET ${url} HTTP/1.1`, 'Host: a', 'Connection: close');
const post = (...more: string[]) => lines('POST /api/x HTTP/1.1', 'Host: a', ...more);

/** ms of one ordinary request of a neighbour. */
async function neighbour(): Promise<number> {
  const began = performance.now();
  expect(await say(get('/')).heard).toMatch(/^HTTP\/1\.1 200 [\s\S]*page$/);
  return performance.now() - began;
}

it('the control: a page, a change, a body in chunks', async () => {
  await neighbour();
  expect(await say(post('Connection: close', 'Content-Length: 2'), '{}').heard).toMatch(/^HTTP\/1\.1 200 /);
  await say(post('Connection: close', 'Transfer-Encoding: chunked'), '2\r\n[]\r\n0\r\n\r\n').heard;
  expect(bodies).toEqual(['{}', '[]']);
});

describe('bodies and headers that lie', () => {
  it.each<[string, RegExp, ...(string | Buffer)[]]>([
    [
      'a length and chunks',
      /^HTTP\/1\.1 400 /,
      post('Content-Length: 4', 'Transfer-Encoding: chunked'),
      '0\r\n\r\nGET /smuggled HTTP/1.1\r\n',
    ],
    ['two lengths', /^HTTP\/1\.1 400 /, post('Content-Length: 4', 'Content-Length: 5'), 'abcde'],
    ['a length that is no number', /^HTTP\/1\.1 400 /, post('Content-Length: 0x4'), 'abcd'],
    ['a negative length', /^HTTP\/1\.1 400 /, post('Content-Length: -4'), 'abcd'],
    [
      'chunks of no length',
      /^HTTP\/1\.1 400 |^HTTP\/1\.1 503 |^$/,
      post('Transfer-Encoding: chunked'),
      'zz\r\nrubbish\r\n',
    ],
    [
      'an encoding before the chunks',
      /^HTTP\/1\.1 400 /,
      post('Transfer-Encoding: chunked, identity'),
      '2\r\n[]\r\n0\r\n\r\n',
    ],
    ['a header with a bare line feed', /^HTTP\/1\.1 400 /, 'GET /api/x HTTP/1.1\nHost: a\n\n'],
    [
      'a header folded over lines',
      /^HTTP\/1\.1 400 /,
      'POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n',
    ],
    ['headers of 64 KiB', /^HTTP\/1\.1 431 /, get('/').replace('Host', `X: ${'x'.repeat(65_536)}\r\nHost`)],
    ['an absolute URI', /^HTTP\/1\.1 400 /, get('http://evil.test/')],
    ['another name for an API path', /^HTTP\/1\.1 400 /, get('http://a/api/x')],
    ['two hosts', /^HTTP\/1\.1 400 /, lines('GET / HTTP/1.1', 'Host: a', 'Host: b')],
    ['no host', /^HTTP\/1\.1 400 /, lines('GET / HTTP/1.1')],
    [
      'TLS to a plain port, or the other way round',
      /^HTTP\/1\.1 400 /,
      Buffer.from('160301020001000', 'hex'),
      '\r\n\r\n',
    ],
    ['100 MB announced', /^HTTP\/1\.1 413 /, post('Content-Length: 100000000')],
    ['a tunnel', /^$|^HTTP\/1\.1 4/, lines('CONNECT evil.test:443 HTTP/1.1', 'Host: a')],
  ])('%s: refused, and nothing reaches the server', async (_what, answer, ...bytes) => {
    expect(await say(...bytes).heard).toMatch(answer);
    expect(bodies).toEqual([]);
    expect(rendered).toEqual([]);
    await neighbour();
  });

  it('chunks without an end are cut off, and cost no memory', async () => {
    const { socket, heard } = say(post('Transfer-Encoding: chunked'));
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const timer = setInterval(() => socket.write(chunk), 1);
    await heard;
    clearInterval(timer);
    expect(bodies).toEqual([]);
    await neighbour();
  });
});

describe('requests that wait for nothing', () => {
  it('the control: two in one packet are answered in their order', async () => {
    const { heard } = say(lines('GET /1 HTTP/1.1', 'Host: a') + get('/2'));
    expect((await heard).match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(rendered).toEqual(['/1', '/2']);
  });

  const MANY = lines('POST /api/wait HTTP/1.1', 'Host: a', 'Content-Length: 0').repeat(500);

  it('500 in one packet, whose answers do not come, hold few connections to the server', async () => {
    await say(MANY).heard;
    await neighbour();
    expect(kept).toBeLessThanOrEqual(LIMITS.pipelined);
  });

  it('the control: without the limit each of them holds one', async () => {
    stop();
    await start({ ...LIMITS, pipelined: 500 });
    say(MANY);
    await vi.waitFor(() => expect(kept).toBe(500), 4000);
  });
});

describe('slow clients', () => {
  it('headers that never end: 408', async () => {
    const { socket, heard } = say('GET / HTTP/1.1\r\nHost: a\r\n');
    const timer = setInterval(() => socket.write('X-More: 1\r\n'), 50);
    expect(await heard).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(timer);
  });

  it('a connection that never says anything is ended', async () => {
    expect(await say().heard).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('a body that never ends: 408', async () => {
    const { socket, heard } = say(post('Content-Length: 1000'));
    const timer = setInterval(() => socket.write('x'), 50);
    expect(await heard).toMatch(/^(HTTP\/1\.1 408 |$)/);
    clearInterval(timer);
    expect(bodies).toEqual([]);
  });

  it('an answer that nobody reads is given up', async () => {
    const socket = connect((front.address() as AddressInfo).port, '127.0.0.1');
    open.push(socket);
    socket.on('error', () => undefined);
    const ended = new Promise<void>((resolve) =>
      front.once('connection', (theirs: Socket) => theirs.once('close', () => resolve())),
    );
    socket.pause();
    socket.write(get('/large'));
    await ended;
  });

  it('the control: one that reads all of it gets all of it', async () => {
    expect((await say(get('/large')).heard).length).toBeGreaterThan(PAGE.length);
  });

  it('an address holds so many connections and no more; others are served meanwhile', async () => {
    const idle = Array.from({ length: 60 }, () => say());
    await Promise.all(idle.slice(LIMITS.connectionsPerAddress).map(({ heard }) => heard));
    expect(idle.filter(({ socket }) => !socket.destroyed)).toHaveLength(LIMITS.connectionsPerAddress);
    const other = connect({
      port: (front.address() as AddressInfo).port,
      host: '127.0.0.1',
      localAddress: '127.0.0.2',
    });
    open.push(other);
    other.write(get('/'));
    const [chunk] = await new Promise<[Buffer]>((resolve) => other.once('data', (...all) => resolve(all)));
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 200 /);
    for (const { socket } of idle) socket.destroy();
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['192.0.2.1', '::ffff:192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
  ])('%s and %s count as one: %s', (one, other, same) => {
    expect(networkOf(one) === networkOf(other)).toBe(same);
  });

  it('half of the connections lie open; the neighbours are served', async () => {
    for (let i = 0; i < 10; i++) say('GET / HTTP/1.1\r\nHost: a\r\n');
    for (let i = 0; i < 10; i++) say(post('Content-Length: 1000'), 'x');
    const times: number[] = [];
    for (let i = 0; i < 40; i++) times.push(await neighbour());
    times.sort((a, b) => a - b);
    console.log(`a neighbour's request beside 20 slow ones: p95 ${times[37]?.toFixed(1)} ms`);
  });
});
