import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { readInstance } from '../../server/instance/read-instance.ts';
import type { BenchServer } from './bench-server.ts';
import { summarize, timed } from './measure.ts';

/** Share of one core, 0 to 1, of the server. */
export interface SamplerResult {
  guests: number;
  seconds: number;
  /** Without a guest. */
  idle: number;
  /** With all running and nobody watching. */
  sampling: number;
  /** And one client that hears every event. */
  watched: number;
  /** Of an event of usage, bytes. */
  eventBytes: number;
  /** `guest.create` with `start`, median of the first and of the last ten, ms. */
  create: { first: number; last: number };
}

/** What the server costs each second with many running guests. */
export async function benchSampler(
  server: BenchServer,
  options: { guests: number; seconds: number },
): Promise<SamplerResult> {
  const { api } = server;
  const { guests, seconds } = options;
  const share = async () => {
    const before = server.cpuMillis();
    await pause(seconds * 1000);
    return (server.cpuMillis() - before) / (seconds * 1000);
  };
  const idle = await share();
  const times: number[] = [];
  const names = Array.from({ length: guests }, (_, at) => `many-${at}`);
  for (const name of names) {
    times.push(
      await timed(() => api.mutate('guest.create', { name, image: 'berth/mini', start: true, wait: true })),
    );
  }
  // What making them left to do is done by then.
  await pause(5000);
  const sampling = await share();
  const watcher = await watch(server);
  const watched = await share();
  const eventBytes = watcher.close();
  for (const name of names) await api.mutate('guest.delete', { guest: name, force: true, wait: true });
  return {
    guests,
    seconds,
    idle,
    sampling,
    watched,
    eventBytes,
    create: { first: summarize(times.slice(0, 10)).median, last: summarize(times.slice(-10)).median },
  };
}

/** Subscribe to all events, as the browser does; `close` gives the bytes of the largest message. */
async function watch(server: BenchServer): Promise<{ close: () => number }> {
  const instance = readInstance(server.dataDir);
  if (!instance) throw new Error('there is no instance');
  const socket = new WebSocket(`ws+unix://${instance.adminSocket}:/api/trpc`, {
    headers: { 'x-berth': '1' },
  });
  let largest = 0;
  socket.on('message', (data: Buffer) => {
    largest = Math.max(largest, data.length);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const order = { id: 1, jsonrpc: '2.0', method: 'subscription', params: { path: 'event.stream' } };
  socket.send(JSON.stringify(order));
  return {
    close: () => {
      socket.close();
      return largest;
    },
  };
}
