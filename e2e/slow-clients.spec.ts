import { readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { expect, test } from './fixtures/berth.ts';
import { apiCall } from './helpers/api-call.ts';
import type { BerthInstance } from './helpers/berth-instance.ts';
import { clientFrame, openPlain, openRaw, type RawClient, upgrade } from './helpers/raw-client.ts';

/** Seconds where nobody else works; the limits of the web process are as in production. */
test.setTimeout(600_000);

const MiB = 1024 ** 2;
/** Bytes that a flood prints while slow clients look: a copy for each of them would be gigabytes. */
const FLOOD = 96 * MiB;
const EACH_WAY = 10;
/** By how much server and web process may grow meanwhile, together. V8 collects when it likes. */
const MOST_GROWTH = 512 * MiB;
/** ms within which everybody else is answered. */
const SERVED = 5000;
const OUTPUT = 0x6f;

interface Processes {
  processes: Record<'server' | 'web', { pid: number }>;
}

async function pidsOf(berth: BerthInstance): Promise<number[]> {
  const { processes } = await berth.berthJson<Processes>(['status']);
  return [processes.server.pid, processes.web.pid];
}

/** Bytes of memory that these processes have. */
function memoryOf(pids: readonly number[]): number {
  const pages = pids.map((pid) => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]));
  return pages.reduce((sum, one) => sum + one * 4096, 0);
}

const descriptorsOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

async function ask<T>(page: Page, procedure: string, input: unknown): Promise<T> {
  const { status, body } = await apiCall(page, procedure, input);
  if (status !== 200) throw new Error(`${procedure}: ${body}`);
  return JSON.parse(body).result.data as T;
}

/** ms of each request of somebody else; each must be answered. */
async function served(page: Page, berth: BerthInstance, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let at = 0; at < times; at++) {
    const began = performance.now();
    const asked = { timeout: SERVED, headers: { 'x-berth': '1' } };
    const answer = await page.request.get(`${berth.url}/api/trpc/guest.list`, asked);
    expect(answer.status()).toBe(200);
    took.push(performance.now() - began);
    expect((await page.request.get(`${berth.url}/guests`, asked)).status()).toBe(200);
  }
  return took.toSorted((one, other) => one - other);
}

const cookieOf = async (page: Page) =>
  (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

/** Says that it has shown everything, again and again, and reads nothing of it. */
function lieAboutShown(client: RawClient): void {
  const all = Buffer.alloc(9, 0x61);
  all.writeBigUInt64LE(BigInt(Number.MAX_SAFE_INTEGER), 1);
  const timer = setInterval(() => client.wire.write(clientFrame(all, 2)), 50);
  client.wire.once('close', () => clearInterval(timer));
}

test('clients that read a byte a second cost little memory, and everybody else is served', async ({
  signedIn: page,
  berth,
}) => {
  const guest = 'flooded';
  await berth.berthJson(['guest', 'create', guest, '--kind', 'system', '--start']);
  const cookie = await cookieOf(page);
  const command = ['sh', '-c', `read go; yes ${'0123456789'.repeat(12)}`];
  const shell = await ask<{ ticket: string; session: string }>(page, 'console.openShell', { guest, command });
  const at = (ticket: string, more = '') => ({ berth, cookie, path: `/api/console?ticket=${ticket}${more}` });
  const html = await (await page.request.get(`${berth.url}/guests`)).text();
  const scripts = [...html.matchAll(/\/_next\/static\/[^"\\]+\.js/g)].map(([path]) => path);
  expect(scripts.length).toBeGreaterThan(2);
  const pids = await pidsOf(berth);
  const slow: RawClient[] = [];
  /** Anything that a client may read: a terminal's bytes, its screens, a program's output, events, a file. */
  const ways = [
    async (client: RawClient) => {
      const { ticket } = await ask<{ ticket: string }>(page, 'console.ticket', { session: shell.session });
      await upgrade(client, at(ticket));
      lieAboutShown(client);
    },
    async (client: RawClient) => {
      const { ticket } = await ask<{ ticket: string }>(page, 'console.ticket', { session: shell.session });
      await upgrade(client, at(ticket, '&view=screen'));
      lieAboutShown(client);
    },
    async (client: RawClient) => {
      const { ticket } = await ask<{ ticket: string }>(page, 'console.exec', { guest, command: ['yes'] });
      await upgrade(client, { berth, cookie, path: `/api/exec?ticket=${ticket}` });
    },
    async (client: RawClient) => {
      await upgrade(client, { berth, cookie, path: '/api/trpc' });
      for (let id = 1; id <= 60; id++) {
        const params = { path: 'guest.effects', input: { guest } };
        client.wire.write(
          clientFrame(Buffer.from(JSON.stringify({ id, method: 'subscription', params })), 1),
        );
      }
    },
    async (client: RawClient) => {
      const one = (path: string) =>
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${berth.port}\r\nCookie: ${cookie}\r\n\r\n`;
      client.wire.write(scripts.slice(0, 3).map(one).join('') + one('/guests'));
    },
  ];
  try {
    for (const way of ways) {
      for (let number = 0; number < EACH_WAY; number++) {
        const client = await openRaw(berth);
        slow.push(client);
        await way(client);
        client.slowDown();
      }
    }
    await served(page, berth, 5);
    const before = memoryOf(pids);
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, memoryOf(pids) - before);
    }, 100);
    // The control: one that reads gets what all of them are sent, so it was there to be kept for each.
    const reader = readFlood(berth, { cookie, ticket: shell.ticket });
    const times = await served(page, berth, 40);
    const read = await reader;
    clearInterval(watch);
    expect(read).toBeGreaterThanOrEqual(FLOOD);
    expect(most, 'bytes that server and web process grew').toBeLessThan(MOST_GROWTH);
    const asked = `p50 ${times[20]?.toFixed(0)} ms, p95 ${times[37]?.toFixed(0)} ms`;
    console.log(
      `${slow.length} slow clients, ${read} bytes read: ${most} bytes more memory; others: ${asked}`,
    );
    // They were slow, not gone: each has taken a byte now and then.
    const taken = slow.filter((client) => !client.isEnded()).map((client) => client.taken());
    await pause(2500);
    const now = slow.filter((client) => !client.isEnded()).map((client) => client.taken());
    expect(now.some((count, index) => count > (taken[index] ?? 0))).toBe(true);
  } finally {
    for (const client of slow) client.destroy();
  }
  await berth.berthJson(['guest', 'rm', '--force', guest]);
});

/** Read a shell's flood as fast as it comes, from its first key on; the bytes. */
async function readFlood(
  berth: BerthInstance,
  { cookie, ticket }: { cookie: string; ticket: string },
): Promise<number> {
  const socket = new WebSocket(`wss://127.0.0.1:${berth.port}/api/console?ticket=${ticket}`, {
    ...{ rejectUnauthorized: false, headers: { cookie, origin: berth.url } },
  });
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code) =>
      reject(new Error(`the reader was ended with ${code} after ${bytes} bytes`)),
    );
    socket.once('open', () => socket.send(Buffer.from('igo\n')));
    socket.on('message', (data: Buffer) => {
      if (data[0] !== OUTPUT) return;
      bytes += data.length - 9;
      const shown = Buffer.alloc(9, 0x61);
      shown.writeBigUInt64LE(data.readBigUInt64LE(1) + BigInt(data.length - 9), 1);
      socket.send(shown);
      if (bytes >= FLOOD) resolve();
    });
  });
  socket.removeAllListeners('close');
  socket.terminate();
  return bytes;
}

test('a thousand half-open sockets hold up nobody, and are ended', async ({ signedIn: page, berth }) => {
  const cookie = await cookieOf(page);
  const pids = await pidsOf(berth);
  await served(page, berth, 5);
  const before = { memory: memoryOf(pids), descriptors: pids.map(descriptorsOf) };
  const isOver: (() => boolean)[] = [];
  const end: (() => void)[] = [];
  const keepPlain = (socket: Socket) => {
    socket.resume();
    isOver.push(() => socket.destroyed || socket.readableEnded);
    end.push(() => socket.destroy());
  };
  const keep = (client: RawClient) => {
    client.wire.resume();
    isOver.push(client.isEnded);
    end.push(client.destroy);
  };
  try {
    // Of five people, each within what one address may have; many at once, so that none is over before the last is there.
    const from = (person: number) => `127.0.0.${10 + person}`;
    const five = async () => {
      keepPlain(await openPlain(berth, from(0)));
      const begun = await openPlain(berth, from(1));
      // A ClientHello of 512 bytes, of which no more comes.
      begun.write(Buffer.from('1603010200010001fc0303', 'hex'));
      keepPlain(begun);
      const halfHeaders = await openRaw(berth, from(2));
      halfHeaders.wire.write('GET /guests HTTP/1.1\r\nHost: a\r\n');
      keep(halfHeaders);
      const halfBody = await openRaw(berth, from(3));
      halfBody.wire.write(
        `POST /api/trpc/auth.me HTTP/1.1\r\nHost: 127.0.0.1:${berth.port}\r\nContent-Length: 1000\r\n\r\n{`,
      );
      keep(halfBody);
      // A WebSocket of somebody who is signed in, and who answers no ping: as after a lost network.
      const silent = await openRaw(berth, from(4));
      await upgrade(silent, { berth, cookie, path: '/api/trpc' });
      keep(silent);
    };
    for (let round = 0; round < 8; round++) await Promise.all(Array.from({ length: 25 }, five));
    expect(isOver).toHaveLength(1000);
    const held = isOver.filter((one) => !one()).length;
    // The first have waited for longest: some may be over already.
    expect(held).toBeGreaterThan(500);
    const times = await served(page, berth, 40);
    const grown = memoryOf(pids) - before.memory;
    console.log(
      `${held} of ${isOver.length} half-open: ${grown} bytes more memory; others: p50 ${times[20]?.toFixed(0)} ms, p95 ${times[37]?.toFixed(0)} ms`,
    );
    expect(grown).toBeLessThan(MOST_GROWTH);
    // The longest limit is 60 s.
    await expect.poll(() => isOver.filter((one) => !one()).length, { timeout: 120_000 }).toBe(0);
    await expect
      .poll(() => pids.map((pid, at) => descriptorsOf(pid) - (before.descriptors[at] ?? 0) < 20), {
        timeout: 30_000,
      })
      .toEqual([true, true]);
    await served(page, berth, 5);
  } finally {
    for (const one of end) one();
  }
});
